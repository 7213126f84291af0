/*
 * TCP for system calls: sendmsg cuts the writer's bytes into segments, recvmsg joins the reader's again, close says
 * goodbye.
 */
#include <net/tcp.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/poll.h>
#include <linux/sched.h>
#include <linux/signal.h>
#include <linux/socket.h>
#include <linux/uio.h>
#include <linux/fcntl.h>

void tcp_set_state(struct sock *sk, int state)
{
	sk->sk_state = state;
	if (state == TCP_CLOSE)
		inet_unhash(sk);
}

int tcp_init_sock(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);

	INIT_LIST_HEAD(&tp->inet_conn.icsk_accept_queue.queue);
	INIT_LIST_HEAD(&tp->inet_conn.icsk_accept_node);
	tp->mss_cache = 32768;	/* lo's packets are up to 64 KiB */
	tp->rcv_wnd = 65535;
	return 0;
}

/* The connection is over, whatever was still to be said. */
noinline void tcp_done(struct sock *sk)
{
	tcp_set_state(sk, TCP_CLOSE);
	sk->sk_shutdown = SHUTDOWN_MASK;
	sk->sk_state_change(sk);
}

static bool may_send(struct sock *sk)
{
	return sk->sk_wmem_queued < sk->sk_sndbuf || sk->sk_err || (sk->sk_shutdown & SEND_SHUTDOWN) ||
	       !((1 << sk->sk_state) & (TCPF_ESTABLISHED | TCPF_CLOSE_WAIT));
}

/* A segment at the end of the write queue that still has room, or a new one. */
static struct sk_buff *tail_segment(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct sk_buff *skb = skb_peek_tail(&sk->sk_write_queue);

	/* Only one that has not been sent may grow. */
	if (skb && !before(TCP_SKB_CB(skb)->seq, tp->snd_nxt) && skb->len < tp->mss_cache && skb_tailroom(skb) > 0)
		return skb;
	skb = alloc_skb(MAX_HEADER + 4096, GFP_KERNEL);
	if (!skb)
		return NULL;
	skb_reserve(skb, MAX_HEADER);
	TCP_SKB_CB(skb)->seq = TCP_SKB_CB(skb)->end_seq = tp->write_seq;
	TCP_SKB_CB(skb)->tcp_flags = TCPHDR_ACK;
	__skb_queue_tail(&sk->sk_write_queue, skb);
	sk->sk_wmem_queued += skb->truesize;
	return skb;
}

static noinline int tcp_sendmsg_locked(struct sock *sk, struct msghdr *msg, size_t size)
{
	struct tcp_sock *tp = tcp_sk(sk);
	long timeout = sock_sndtimeo(sk, msg->msg_flags & MSG_DONTWAIT);
	int copied = 0, err = 0;

	while (iov_iter_count(&msg->msg_iter)) {
		struct sk_buff *skb;
		size_t bytes, done;

		err = sk_wait_for(sk, may_send, timeout);
		if (err)
			break;
		err = sock_error(sk);
		if (err)
			break;
		err = -EPIPE;
		if ((sk->sk_shutdown & SEND_SHUTDOWN) ||
		    !((1 << sk->sk_state) & (TCPF_ESTABLISHED | TCPF_CLOSE_WAIT)))
			break;
		err = -ENOBUFS;
		skb = tail_segment(sk);
		if (!skb)
			break;
		bytes = min_t(size_t, skb_tailroom(skb), iov_iter_count(&msg->msg_iter));
		done = copy_from_iter(skb_tail_pointer(skb), bytes, &msg->msg_iter);
		skb_put(skb, done);
		TCP_SKB_CB(skb)->end_seq += done;
		tp->write_seq += done;
		copied += done;
		err = -EFAULT;
		if (done < bytes)
			break;
		err = 0;
		tcp_write_xmit(sk);
	}
	tcp_write_xmit(sk);
	if (copied)
		return copied;
	if (err == -EPIPE && !(msg->msg_flags & MSG_NOSIGNAL))
		send_sig(SIGPIPE, current, 0);
	return err;
}

/* Sends size bytes as part of the stream. Returns how many were taken, or a negative errno. */
noinline int tcp_sendmsg(struct sock *sk, struct msghdr *msg, size_t size)
{
	int ret;

	lock_sock(sk);
	if (sk->sk_state == TCP_CLOSE || sk->sk_state == TCP_LISTEN) {
		ret = sk->sk_err ? sock_error(sk) : -EPIPE;
		if (ret == -EPIPE && !(msg->msg_flags & MSG_NOSIGNAL))
			send_sig(SIGPIPE, current, 0);
	} else {
		ret = tcp_sendmsg_locked(sk, msg, size);
	}
	release_sock(sk);
	return ret;
}

static bool may_receive(struct sock *sk)
{
	return !skb_queue_empty(&sk->sk_receive_queue) || sk->sk_err || (sk->sk_shutdown & RCV_SHUTDOWN) ||
	       sk->sk_state == TCP_CLOSE;
}

/* After a read: if the window has opened by much, the sender should know. */
static void tcp_cleanup_rbuf(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u32 announced = tp->rcv_wup + tp->rcv_wnd - tp->rcv_nxt;
	u32 available = tcp_select_window(sk);

	if (sk->sk_state == TCP_ESTABLISHED && available >= 2 * (announced ? announced : 1) && available > announced)
		tcp_send_ack(sk);
}

static noinline int tcp_recvmsg_locked(struct sock *sk, struct msghdr *msg, size_t len, int flags)
{
	struct tcp_sock *tp = tcp_sk(sk);
	long timeout = sock_rcvtimeo(sk, flags & MSG_DONTWAIT);
	u32 seq = tp->copied_seq;
	int copied = 0, err = 0;

	while (len) {
		struct sk_buff *skb = NULL, *p;
		u32 offset = 0, used;

		skb_queue_walk(&sk->sk_receive_queue, p) {
			offset = seq - TCP_SKB_CB(p)->seq;
			if (offset < p->len) {
				skb = p;
				break;
			}
		}
		if (!skb) {
			if (copied && !(flags & MSG_WAITALL))
				break;
			err = sock_error(sk);
			if (err || (sk->sk_shutdown & RCV_SHUTDOWN) || sk->sk_state == TCP_CLOSE)
				break;
			if (flags & MSG_PEEK && copied)
				break;
			err = sk_wait_for(sk, may_receive, timeout);
			if (err)
				break;
			continue;
		}
		used = min_t(u32, skb->len - offset, len);
		if (skb_copy_datagram_msg(skb, offset, msg, used)) {
			err = -EFAULT;
			break;
		}
		seq += used;
		copied += used;
		len -= used;
		if (flags & MSG_PEEK)
			continue;
		tp->copied_seq = seq;
		if (offset + used == skb->len) {
			__skb_unlink(skb, &sk->sk_receive_queue);
			consume_skb(skb);
		}
	}
	if (!(flags & MSG_PEEK))
		tcp_cleanup_rbuf(sk);
	return copied ? copied : err;
}

/* Receives at most len bytes of the stream. Returns how many, 0 at its end, or a negative errno. */
noinline int tcp_recvmsg(struct sock *sk, struct msghdr *msg, size_t len, int flags, int *addr_len)
{
	int ret;

	lock_sock(sk);
	if (sk->sk_state == TCP_LISTEN)
		ret = -ENOTCONN;
	else if (sk->sk_state == TCP_CLOSE && !inet_sk(sk)->inet_dport)
		ret = sk->sk_err ? sock_error(sk) : -ENOTCONN;
	else
		ret = tcp_recvmsg_locked(sk, msg, len, flags);
	release_sock(sk);
	return ret;
}

/* Where the state goes when we have nothing more to say; true if the other side must be told. */
static bool tcp_close_state(struct sock *sk)
{
	switch (sk->sk_state) {
	case TCP_SYN_RECV:
	case TCP_ESTABLISHED:
		tcp_set_state(sk, TCP_FIN_WAIT1);
		return true;
	case TCP_CLOSE_WAIT:
		tcp_set_state(sk, TCP_LAST_ACK);
		return true;
	case TCP_SYN_SENT:
		tcp_set_state(sk, TCP_CLOSE);
		return false;
	default:
		return false;
	}
}

void tcp_shutdown(struct sock *sk, int how)
{
	if ((how & SEND_SHUTDOWN) && tcp_close_state(sk))
		tcp_send_fin(sk);
}

/* The descriptor is gone. The connection lives on until the other side has heard everything. */
noinline void tcp_close(struct sock *sk, long timeout)
{
	bool unread;

	lock_sock(sk);
	sk->sk_shutdown = SHUTDOWN_MASK;
	sk->sk_socket = NULL;
	if (sk->sk_state == TCP_LISTEN) {
		inet_csk_listen_stop(sk);
		tcp_set_state(sk, TCP_CLOSE);
	} else {
		unread = !skb_queue_empty(&sk->sk_receive_queue);
		skb_queue_purge(&sk->sk_receive_queue);
		/* Bytes that nobody will read: the sender should know that they were lost. */
		if (unread && sk->sk_state != TCP_CLOSE) {
			tcp_send_active_reset(sk, GFP_KERNEL);
			tcp_set_state(sk, TCP_CLOSE);
		} else if (tcp_close_state(sk)) {
			tcp_send_fin(sk);
		} else {
			inet_unhash(sk);
		}
	}
	release_sock(sk);
	sock_put(sk);
}

unsigned int tcp_poll(struct file *file, struct socket *sock, struct poll_table_struct *wait)
{
	struct sock *sk = sock->sk;
	unsigned int mask = 0;

	poll_wait(file, sk_sleep(sk), wait);
	if (sk->sk_state == TCP_LISTEN)
		return inet_csk(sk)->icsk_accept_queue.qlen ? EPOLLIN | EPOLLRDNORM : 0;
	if (sk->sk_shutdown == SHUTDOWN_MASK || sk->sk_state == TCP_CLOSE)
		mask |= EPOLLHUP;
	if (sk->sk_shutdown & RCV_SHUTDOWN)
		mask |= EPOLLIN | EPOLLRDNORM | EPOLLRDHUP;
	if (!skb_queue_empty(&sk->sk_receive_queue))
		mask |= EPOLLIN | EPOLLRDNORM;
	if ((sk->sk_shutdown & SEND_SHUTDOWN) ||
	    (((1 << sk->sk_state) & (TCPF_ESTABLISHED | TCPF_CLOSE_WAIT)) && sk->sk_wmem_queued < sk->sk_sndbuf))
		mask |= EPOLLOUT | EPOLLWRNORM;
	if (sk->sk_err)
		mask |= EPOLLERR;
	return mask;
}

struct proto tcp_prot = {
	.name = "TCP",
	.obj_size = sizeof(struct tcp_sock),
	.close = tcp_close,
	.connect = tcp_v4_connect,
	.accept = inet_csk_accept,
	.init = tcp_init_sock,
	.shutdown = tcp_shutdown,
	.sendmsg = tcp_sendmsg,
	.recvmsg = tcp_recvmsg,
	.backlog_rcv = tcp_v4_do_rcv,
	.poll = tcp_poll,
};
