/*
 * TCP's sending half: segments get their header here, and the window decides when they may go.
 *
 * The wire is lo: nothing is lost or reordered, so there are no retransmission timers. A segment stays on the write
 * queue until it is acknowledged, and a copy of it is sent.
 */
#include <net/tcp.h>
#include <linux/errno.h>
#include <linux/kernel.h>

/* The window to announce: what the receive buffer has room for, but never less than was promised before. */
u32 tcp_select_window(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);
	int room = sk->sk_rcvbuf - atomic_read(&sk->sk_rmem_alloc);
	u32 promised = tp->rcv_wup + tp->rcv_wnd - tp->rcv_nxt;
	u32 window = room > 0 ? room / 2 : 0;

	if (window > 65535)
		window = 65535;
	if ((s32)promised > 0 && window < promised)
		window = promised;
	return window;
}

/* Writes the header in front of a segment whose place in the stream is in its control block. */
static void tcp_build_header(struct sock *sk, struct sk_buff *skb)
{
	struct inet_sock *inet = inet_sk(sk);
	struct tcp_sock *tp = tcp_sk(sk);
	struct tcp_skb_cb *tcb = TCP_SKB_CB(skb);
	struct tcphdr *th = skb_push(skb, sizeof(*th));

	skb_reset_transport_header(skb);
	memset(th, 0, sizeof(*th));
	th->source = inet->inet_sport;
	th->dest = inet->inet_dport;
	th->seq = htonl(tcb->seq);
	th->doff = sizeof(*th) / 4;
	th->syn = (tcb->tcp_flags & TCPHDR_SYN) != 0;
	th->fin = (tcb->tcp_flags & TCPHDR_FIN) != 0;
	th->rst = (tcb->tcp_flags & TCPHDR_RST) != 0;
	th->psh = (tcb->tcp_flags & TCPHDR_PSH) != 0;
	th->ack = (tcb->tcp_flags & TCPHDR_ACK) != 0;
	if (th->ack)
		th->ack_seq = htonl(tp->rcv_nxt);
	tp->rcv_wnd = tcp_select_window(sk);
	tp->rcv_wup = tp->rcv_nxt;
	th->window = htons((u16)tp->rcv_wnd);
	th->check = csum_tcpudp(th, skb->len, inet->inet_saddr, inet->inet_daddr, IPPROTO_TCP);
}

/* Gives a segment to IP. The packet is used up. */
noinline int __tcp_transmit_skb(struct sock *sk, struct sk_buff *skb)
{
	tcp_build_header(sk, skb);
	skb->sk = sk;
	tcp_sk(sk)->segs_out++;
	return ip_queue_xmit(sk, skb);
}

/* A segment without data: SYN, ACK, FIN, RST. */
static struct sk_buff *control_segment(struct sock *sk, u32 seq, u8 flags)
{
	struct sk_buff *skb = alloc_skb(MAX_HEADER, GFP_ATOMIC);

	if (!skb)
		return NULL;
	skb_reserve(skb, MAX_HEADER);
	TCP_SKB_CB(skb)->seq = seq;
	TCP_SKB_CB(skb)->end_seq = seq + ((flags & (TCPHDR_SYN | TCPHDR_FIN)) != 0);
	TCP_SKB_CB(skb)->tcp_flags = flags;
	return skb;
}

static int send_control(struct sock *sk, u32 seq, u8 flags)
{
	struct sk_buff *skb = control_segment(sk, seq, flags);

	return skb ? __tcp_transmit_skb(sk, skb) : -ENOBUFS;
}

/* Asks for a connection. */
noinline int tcp_connect(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);

	tp->snd_una = tp->write_seq;
	tp->snd_nxt = tp->write_seq = tp->write_seq + 1;	/* SYN counts as a byte */
	return send_control(sk, tp->snd_una, TCPHDR_SYN);
}

noinline void tcp_send_synack(struct sock *sk)
{
	send_control(sk, tcp_sk(sk)->snd_una, TCPHDR_SYN | TCPHDR_ACK);
}

noinline void tcp_send_ack(struct sock *sk)
{
	if (sk->sk_state != TCP_CLOSE)
		send_control(sk, tcp_sk(sk)->snd_nxt, TCPHDR_ACK);
}

noinline void tcp_send_active_reset(struct sock *sk, gfp_t priority)
{
	send_control(sk, tcp_sk(sk)->snd_nxt, TCPHDR_ACK | TCPHDR_RST);
}

/* Says that nothing more will come, behind everything that is still queued. */
noinline void tcp_send_fin(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct sk_buff *skb = control_segment(sk, tp->write_seq, TCPHDR_ACK | TCPHDR_FIN);

	if (!skb)
		return;
	tp->write_seq++;
	__skb_queue_tail(&sk->sk_write_queue, skb);
	sk->sk_wmem_queued += skb->truesize;
	tcp_write_xmit(sk);
}

/* Sends what the peer's window allows. Returns true if segments are left that it does not. */
noinline bool tcp_write_xmit(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct sk_buff *skb, *copy;

	skb_queue_walk(&sk->sk_write_queue, skb) {
		struct tcp_skb_cb *tcb = TCP_SKB_CB(skb);

		if (before(tcb->seq, tp->snd_nxt))	/* sent already */
			continue;
		if (after(tcb->end_seq - ((tcb->tcp_flags & TCPHDR_FIN) != 0), tp->snd_una + tp->snd_wnd))
			return true;
		copy = skb_copy(skb, GFP_ATOMIC);
		if (!copy)
			return true;
		copy->next = copy->prev = NULL;
		if (skb->len)
			TCP_SKB_CB(copy)->tcp_flags |= TCPHDR_PSH;
		tp->snd_nxt = tcb->end_seq;
		tp->bytes_sent += skb->len;
		__tcp_transmit_skb(sk, copy);
	}
	return false;
}
