/*
 * TCP over IPv4: connecting, listening and accepting, and the way of an arriving segment to its sock.
 */
#include <net/tcp.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/in.h>
#include <linux/kernel.h>
#include <linux/random.h>
#include <linux/socket.h>
#include <linux/fcntl.h>

/* Begins a connection to uaddr: chooses a local port and sends SYN. The sock is the caller's. */
noinline int tcp_v4_connect(struct sock *sk, struct sockaddr *uaddr, int addr_len)
{
	struct sockaddr_in *usin = (struct sockaddr_in *)uaddr;
	struct inet_sock *inet = inet_sk(sk);
	__be32 saddr = inet->inet_saddr;
	struct net_device *dev;
	int err;

	if (addr_len < (int)sizeof(*usin))
		return -EINVAL;
	if (usin->sin_family != AF_INET)
		return -EAFNOSUPPORT;
	dev = ip_route_output_key(sock_net(sk), usin->sin_addr.s_addr, &saddr);
	if (IS_ERR(dev))
		return PTR_ERR(dev);
	inet->inet_saddr = inet->inet_rcv_saddr = saddr;
	inet->inet_daddr = usin->sin_addr.s_addr ? usin->sin_addr.s_addr : htonl(INADDR_LOOPBACK);
	inet->inet_dport = usin->sin_port;
	tcp_set_state(sk, TCP_SYN_SENT);
	if (!inet->inet_num) {
		err = inet_get_local_port(sk);
		if (err)
			goto failure;
	}
	inet_hash(sk);
	tcp_sk(sk)->write_seq = get_random_u32();
	err = tcp_connect(sk);
	if (err >= 0)
		return 0;
failure:
	tcp_set_state(sk, TCP_CLOSE);
	inet->inet_dport = 0;
	return err;
}

int inet_csk_listen_start(struct sock *sk)
{
	int err = 0;

	/* The state first: it is part of what the port's other owners are checked against. */
	sk->sk_state = TCP_LISTEN;
	if (!inet_sk(sk)->inet_num)
		err = sk->sk_prot->get_port(sk, 0);
	else if (inet_port_taken(sk, inet_sk(sk)->inet_num))
		err = -EADDRINUSE;
	if (err)
		sk->sk_state = TCP_CLOSE;
	return err;
}

static struct sock *next_connection(struct sock *sk)
{
	struct request_sock_queue *queue = &inet_csk(sk)->icsk_accept_queue;
	struct inet_connection_sock *child = NULL;

	spin_lock_bh(&sk->sk_receive_queue.lock);
	if (queue->qlen) {
		child = list_first_entry(&queue->queue, struct inet_connection_sock, icsk_accept_node);
		list_del_init(&child->icsk_accept_node);
		queue->qlen--;
		child->icsk_listener = NULL;
	}
	spin_unlock_bh(&sk->sk_receive_queue.lock);
	return (struct sock *)child;
}

/* A listener goes: the connections that nobody accepted are broken off. */
void inet_csk_listen_stop(struct sock *sk)
{
	struct sock *child;

	while ((child = next_connection(sk)) != NULL) {
		lock_sock(child);
		tcp_send_active_reset(child, GFP_KERNEL);
		tcp_done(child);
		release_sock(child);
		sock_put(child);
	}
}

static bool connection_waiting(struct sock *sk)
{
	return inet_csk(sk)->icsk_accept_queue.qlen != 0 || sk->sk_state != TCP_LISTEN;
}

/* The next connection that is complete, waited for if need be. */
noinline struct sock *inet_csk_accept(struct sock *sk, int flags, int *err, bool kern)
{
	struct sock *newsk = NULL;

	lock_sock(sk);
	*err = -EINVAL;
	if (sk->sk_state == TCP_LISTEN) {
		*err = sk_wait_for(sk, connection_waiting, sock_rcvtimeo(sk, flags & O_NONBLOCK));
		if (!*err) {
			newsk = next_connection(sk);
			if (!newsk)
				*err = -EINVAL;
		}
	}
	release_sock(sk);
	return newsk;
}

/* A sock for the connection that a SYN asks for, in the hash so that the next segment finds it. */
static noinline struct sock *tcp_v4_syn_recv_sock(struct sock *listener, struct sk_buff *skb)
{
	struct sock *newsk = sk_alloc(sock_net(listener), PF_INET, GFP_ATOMIC, listener->sk_prot, 0);
	struct inet_sock *newinet;
	struct tcp_sock *tp;

	if (!newsk)
		return NULL;
	sock_init_data(NULL, newsk);
	tcp_init_sock(newsk);
	newsk->sk_type = listener->sk_type;
	newsk->sk_protocol = IPPROTO_TCP;
	newsk->sk_rcvbuf = listener->sk_rcvbuf;
	newsk->sk_sndbuf = listener->sk_sndbuf;
	newsk->sk_reuse = listener->sk_reuse;
	newinet = inet_sk(newsk);
	newinet->inet_saddr = newinet->inet_rcv_saddr = ip_hdr(skb)->daddr;
	newinet->inet_daddr = ip_hdr(skb)->saddr;
	newinet->inet_dport = tcp_hdr(skb)->source;
	newinet->inet_sport = tcp_hdr(skb)->dest;
	newinet->inet_num = ntohs(tcp_hdr(skb)->dest);
	tp = tcp_sk(newsk);
	tp->rcv_nxt = tp->copied_seq = tp->rcv_wup = TCP_SKB_CB(skb)->seq + 1;
	tp->snd_wnd = ntohs(tcp_hdr(skb)->window);
	tp->snd_una = get_random_u32();
	tp->snd_nxt = tp->write_seq = tp->snd_una + 1;
	newsk->sk_state = TCP_SYN_RECV;
	inet_csk(newsk)->icsk_listener = listener;
	inet_hash(newsk);
	return newsk;
}

/* A SYN for a listener. With a full queue it is dropped: the client of a real network would try again. */
noinline int tcp_conn_request(struct sock *sk, struct sk_buff *skb)
{
	struct request_sock_queue *queue = &inet_csk(sk)->icsk_accept_queue;
	struct sock *newsk;

	if (queue->qlen + queue->young > sk->sk_max_ack_backlog) {
		tcp_v4_send_reset(skb);
		return 0;
	}
	newsk = tcp_v4_syn_recv_sock(sk, skb);
	if (newsk) {
		queue->young++;
		tcp_send_synack(newsk);
	}
	return 0;
}

/* Answers a segment that belongs to nothing. */
noinline void tcp_v4_send_reset(struct sk_buff *skb)
{
	const struct tcphdr *th = tcp_hdr(skb);
	struct sk_buff *reply;
	struct tcphdr *rth;

	if (th->rst)
		return;
	reply = alloc_skb(MAX_HEADER, GFP_ATOMIC);
	if (!reply)
		return;
	skb_reserve(reply, MAX_HEADER);
	rth = skb_push(reply, sizeof(*rth));
	skb_reset_transport_header(reply);
	memset(rth, 0, sizeof(*rth));
	rth->source = th->dest;
	rth->dest = th->source;
	rth->doff = sizeof(*rth) / 4;
	rth->rst = 1;
	if (th->ack) {
		rth->seq = th->ack_seq;
	} else {
		rth->ack = 1;
		rth->ack_seq = htonl(TCP_SKB_CB(skb)->end_seq);
	}
	rth->check = csum_tcpudp(rth, reply->len, ip_hdr(skb)->daddr, ip_hdr(skb)->saddr, IPPROTO_TCP);
	ip_build_and_send(reply, ip_hdr(skb)->daddr, ip_hdr(skb)->saddr, IPPROTO_TCP);
}

/* A segment for sk, which nobody else is working on. */
noinline int tcp_v4_do_rcv(struct sock *sk, struct sk_buff *skb)
{
	tcp_sk(sk)->segs_in++;
	if (sk->sk_state == TCP_ESTABLISHED) {
		tcp_rcv_established(sk, skb);
		return 0;
	}
	if (tcp_rcv_state_process(sk, skb)) {
		tcp_v4_send_reset(skb);
		kfree_skb(skb);
	}
	return 0;
}

/* Notes a segment's place in the stream in its control block. */
static void tcp_v4_fill_cb(struct sk_buff *skb, const struct tcphdr *th)
{
	struct tcp_skb_cb *tcb = TCP_SKB_CB(skb);

	tcb->seq = ntohl(th->seq);
	tcb->end_seq = tcb->seq + th->syn + th->fin + skb->len - th->doff * 4;
	tcb->ack_seq = ntohl(th->ack_seq);
	tcb->tcp_flags = ((const u8 *)th)[13];
}

/* IP has a TCP segment. */
noinline int tcp_v4_rcv(struct sk_buff *skb)
{
	const struct iphdr *iph = ip_hdr(skb);
	const struct tcphdr *th;
	struct sock *sk;

	if (!pskb_may_pull(skb, sizeof(*th)))
		goto short_packet;
	th = tcp_hdr(skb);
	if (th->doff < sizeof(*th) / 4 || !pskb_may_pull(skb, th->doff * 4))
		goto short_packet;
	if (csum_tcpudp(th, skb->len, iph->saddr, iph->daddr, IPPROTO_TCP)) {
		kfree_skb_reason(skb, SKB_DROP_REASON_TCP_CSUM);
		return 0;
	}
	tcp_v4_fill_cb(skb, th);
	sk = inet_lookup(&tcp_prot, iph->saddr, th->source, iph->daddr, th->dest);
	if (!sk) {
		tcp_v4_send_reset(skb);
		kfree_skb_reason(skb, SKB_DROP_REASON_NO_SOCKET);
		return 0;
	}
	bh_lock_sock(sk);
	if (!sock_owned_by_user(sk)) {
		tcp_v4_do_rcv(sk, skb);
	} else {
		sk_add_backlog(sk, skb);
	}
	bh_unlock_sock(sk);
	sock_put(sk);
	return 0;
short_packet:
	kfree_skb_reason(skb, SKB_DROP_REASON_PKT_TOO_SMALL);
	return 0;
}
