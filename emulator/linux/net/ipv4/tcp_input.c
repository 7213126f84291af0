/*
 * TCP's receiving half: what a segment means in the state that the connection is in.
 */
#include <net/tcp.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/socket.h>

/* The other side breaks the connection off. */
noinline void tcp_reset(struct sock *sk, struct sk_buff *skb)
{
	switch (sk->sk_state) {
	case TCP_SYN_SENT:
		sk->sk_err = ECONNREFUSED;
		break;
	case TCP_CLOSE_WAIT:
		sk->sk_err = EPIPE;
		break;
	case TCP_CLOSE:
		return;
	default:
		sk->sk_err = ECONNRESET;
	}
	skb_queue_purge(&sk->sk_write_queue);
	sk->sk_wmem_queued = 0;
	tcp_done(sk);
}

/* Takes segments that are acknowledged off the write queue. */
static noinline void tcp_clean_rtx_queue(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct sk_buff *skb;

	while ((skb = skb_peek(&sk->sk_write_queue)) != NULL) {
		if (after(TCP_SKB_CB(skb)->end_seq, tp->snd_una) || !before(TCP_SKB_CB(skb)->seq, tp->snd_nxt))
			break;
		__skb_unlink(skb, &sk->sk_write_queue);
		sk->sk_wmem_queued -= skb->truesize;
		consume_skb(skb);
	}
	sk->sk_write_space(sk);
}

/* An acknowledgement: what it frees, and the window it opens. */
static noinline void tcp_ack(struct sock *sk, const struct sk_buff *skb)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u32 ack = TCP_SKB_CB(skb)->ack_seq;

	if (after(ack, tp->snd_nxt) || before(ack, tp->snd_una))
		return;
	tp->snd_wnd = ntohs(tcp_hdr(skb)->window);
	if (ack != tp->snd_una) {
		tp->bytes_acked += ack - tp->snd_una;
		tp->snd_una = ack;
		tcp_clean_rtx_queue(sk);
	}
	tcp_write_xmit(sk);
}

/* The other side has nothing more to say. */
static noinline void tcp_fin(struct sock *sk)
{
	sk->sk_shutdown |= RCV_SHUTDOWN;
	switch (sk->sk_state) {
	case TCP_SYN_RECV:
	case TCP_ESTABLISHED:
		tcp_set_state(sk, TCP_CLOSE_WAIT);
		break;
	case TCP_FIN_WAIT1:
		tcp_set_state(sk, TCP_CLOSING);
		break;
	case TCP_FIN_WAIT2:
		/* No TIME_WAIT: on lo no stray segment can turn up later. */
		tcp_send_ack(sk);
		tcp_done(sk);
		break;
	}
	sk->sk_state_change(sk);
}

/* Puts a segment's data where the reader finds it. The packet is used up. Returns whether it must be acknowledged. */
static noinline bool tcp_data_queue(struct sock *sk, struct sk_buff *skb)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct tcp_skb_cb *tcb = TCP_SKB_CB(skb);
	bool fin = tcp_hdr(skb)->fin;

	__skb_pull(skb, tcp_hdrlen(skb));
	if (!skb->len && !fin) {
		consume_skb(skb);
		return false;
	}
	if (tcb->seq != tp->rcv_nxt || (sk->sk_shutdown & RCV_SHUTDOWN)) {
		kfree_skb(skb);
		return true;
	}
	tp->rcv_nxt = tcb->end_seq;
	tp->bytes_received += skb->len;
	if (skb->len) {
		skb_set_owner_r(skb, sk);
		__skb_queue_tail(&sk->sk_receive_queue, skb);
		sk->sk_data_ready(sk);
	} else {
		consume_skb(skb);
	}
	if (fin)
		tcp_fin(sk);
	return true;
}

/* A segment of an established connection: the common case. */
noinline void tcp_rcv_established(struct sock *sk, struct sk_buff *skb)
{
	const struct tcphdr *th = tcp_hdr(skb);

	if (th->rst) {
		tcp_reset(sk, skb);
		kfree_skb(skb);
		return;
	}
	if (th->ack)
		tcp_ack(sk, skb);
	if (tcp_data_queue(sk, skb) && sk->sk_state != TCP_CLOSE)
		tcp_send_ack(sk);
}

/* The answer to our SYN. */
static noinline int tcp_rcv_synsent_state_process(struct sock *sk, struct sk_buff *skb)
{
	const struct tcphdr *th = tcp_hdr(skb);
	struct tcp_sock *tp = tcp_sk(sk);

	if (th->ack && TCP_SKB_CB(skb)->ack_seq != tp->snd_nxt)
		return 1;
	if (th->rst) {
		tcp_reset(sk, skb);
	} else if (th->syn && th->ack) {
		tp->snd_una = TCP_SKB_CB(skb)->ack_seq;
		tp->snd_wnd = ntohs(th->window);
		tp->rcv_nxt = tp->copied_seq = tp->rcv_wup = TCP_SKB_CB(skb)->seq + 1;
		tcp_set_state(sk, TCP_ESTABLISHED);
		tcp_send_ack(sk);
		sk->sk_state_change(sk);
	}
	consume_skb(skb);
	return 0;
}

/* The handshake is done: the listener has a connection to give to accept(). */
static void tcp_child_established(struct sock *sk)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	struct sock *listener = icsk->icsk_listener;
	struct request_sock_queue *queue;

	tcp_set_state(sk, TCP_ESTABLISHED);
	if (!listener)
		return;
	queue = &inet_csk(listener)->icsk_accept_queue;
	spin_lock_bh(&listener->sk_receive_queue.lock);
	queue->young--;
	queue->qlen++;
	list_add_tail(&icsk->icsk_accept_node, &queue->queue);
	spin_unlock_bh(&listener->sk_receive_queue.lock);
	listener->sk_data_ready(listener);
}

/* Everything but an established connection. Returns 1 if the sender should be answered with RST. */
noinline int tcp_rcv_state_process(struct sock *sk, struct sk_buff *skb)
{
	const struct tcphdr *th = tcp_hdr(skb);
	struct tcp_sock *tp = tcp_sk(sk);
	bool answer;

	switch (sk->sk_state) {
	case TCP_CLOSE:
		return 1;
	case TCP_LISTEN:
		if (th->ack)
			return 1;
		if (th->syn && !th->rst)
			tcp_conn_request(sk, skb);
		consume_skb(skb);
		return 0;
	case TCP_SYN_SENT:
		return tcp_rcv_synsent_state_process(sk, skb);
	}
	if (th->rst) {
		tcp_reset(sk, skb);
		kfree_skb(skb);
		return 0;
	}
	if (!th->ack) {
		kfree_skb(skb);
		return 0;
	}
	if (sk->sk_state == TCP_SYN_RECV) {
		if (TCP_SKB_CB(skb)->ack_seq != tp->snd_nxt)
			return 1;
		tp->snd_una = TCP_SKB_CB(skb)->ack_seq;
		tp->snd_wnd = ntohs(th->window);
		tcp_child_established(sk);
	} else {
		tcp_ack(sk, skb);
		if (tp->snd_una == tp->write_seq) {	/* our FIN is acknowledged */
			if (sk->sk_state == TCP_FIN_WAIT1)
				tcp_set_state(sk, TCP_FIN_WAIT2);
			else if (sk->sk_state == TCP_CLOSING || sk->sk_state == TCP_LAST_ACK)
				tcp_done(sk);
		}
	}
	answer = tcp_data_queue(sk, skb);
	if (answer && sk->sk_state != TCP_CLOSE)
		tcp_send_ack(sk);
	return 0;
}
