/*
 * Messages between sockets of one machine: packets go straight to the peer's receive queue. The sender waits while the
 * peer has more unread than it may keep.
 */
#include <linux/cred.h>
#include <linux/kernel.h>
#include <linux/sched.h>
#include <linux/signal.h>
#include <linux/string.h>
#include <linux/uio.h>
#include <net/af_unix.h>
#include <net/tcp.h>

#define UNIX_CHUNK	16384	/* the most that one packet of a stream holds */
#define UNIX_MAX_QLEN	10	/* datagrams that may wait in one socket, unless their sender is its peer */

/* A packet with the sender's bytes and control messages. */
static struct sk_buff *unix_alloc_skb(struct unix_sock *to, struct msghdr *msg, size_t len, bool control, int *err)
{
	struct sk_buff *skb = alloc_skb(len, GFP_KERNEL);

	*err = -ENOBUFS;
	if (!skb)
		return NULL;
	memset(skb->cb, 0, sizeof(skb->cb));
	skb_set_owner_r(skb, &to->sk);
	skb->destructor = unix_destruct_scm;
	*err = -EFAULT;
	if (copy_from_iter(skb_put(skb, len), len, &msg->msg_iter) == len) {
		struct msghdr none = { .msg_control = NULL };

		*err = scm_send(skb, control ? msg : &none);
		if (!*err)
			return skb;
	}
	kfree_skb(skb);
	return NULL;
}

static int broken_pipe(const struct msghdr *msg)
{
	if (!(msg->msg_flags & MSG_NOSIGNAL))
		send_sig(SIGPIPE, current, 0);
	return -EPIPE;
}

static bool unix_has_room(struct unix_sock *u, struct unix_sock *other)
{
	return atomic_read(&other->sk.sk_rmem_alloc) < other->sk.sk_rcvbuf || (u->sk.sk_shutdown & SEND_SHUTDOWN) ||
	       (other->sk.sk_shutdown & RCV_SHUTDOWN);
}

/* Waits on the sender's own queue, which the receiver wakes. */
static int wait_for_room(struct unix_sock *u, struct unix_sock *other, bool (*room)(struct unix_sock *, struct unix_sock *),
			 bool noblock)
{
	long timeout = sock_sndtimeo(&u->sk, noblock), left;

	if (room(u, other))
		return 0;
	if (!timeout)
		return -EAGAIN;
	left = wait_event_interruptible_timeout(*sk_sleep(&u->sk), room(u, other), timeout);
	return left < 0 ? -ERESTARTSYS : left == 0 && !room(u, other) ? -EAGAIN : 0;
}

int unix_stream_sendmsg(struct socket *sock, struct msghdr *msg, size_t len)
{
	struct unix_sock *u = unix_sk(sock->sk), *other;
	size_t sent = 0;
	int err = 0;

	if (msg->msg_flags & MSG_OOB)
		return -EOPNOTSUPP;
	if (msg->msg_name)
		return u->sk.sk_state == TCP_ESTABLISHED ? -EISCONN : -EOPNOTSUPP;
	other = unix_peer_get(u);
	if (!other)
		return -ENOTCONN;
	while (!err && sent < len) {
		size_t chunk = min_t(size_t, len - sent, UNIX_CHUNK);
		struct sk_buff *skb;

		err = wait_for_room(u, other, unix_has_room, msg->msg_flags & MSG_DONTWAIT);
		if (!err && ((u->sk.sk_shutdown & SEND_SHUTDOWN) || (other->sk.sk_shutdown & RCV_SHUTDOWN)))
			err = sent ? -EPIPE : broken_pipe(msg);
		if (err)
			break;
		skb = unix_alloc_skb(other, msg, chunk, !sent, &err);
		if (!skb)
			break;
		err = 0;
		skb_queue_tail(&other->sk.sk_receive_queue, skb);
		other->sk.sk_data_ready(&other->sk);
		sent += chunk;
	}
	sock_put(&other->sk);
	return sent ? (int)sent : err;
}

static bool unix_readable(struct sock *sk)
{
	return !skb_queue_empty(&sk->sk_receive_queue) || sk->sk_err || (sk->sk_shutdown & RCV_SHUTDOWN);
}

/* The packet at the head of a stream, waited for. NULL: *err says why, 0 is the end. The sock is owned. */
static struct sk_buff *stream_head(struct sock *sk, long timeout, int *err)
{
	for (;;) {
		struct sk_buff *skb = skb_peek(&sk->sk_receive_queue);

		*err = 0;
		if (skb)
			return skb;
		*err = sock_error(sk);
		if (*err || (sk->sk_shutdown & RCV_SHUTDOWN))
			return NULL;
		*err = sk_wait_for(sk, unix_readable, timeout);
		if (*err)
			return NULL;
	}
}

static void wake_writer(struct unix_sock *u)
{
	struct unix_sock *other = unix_peer_get(u);

	if (other) {
		other->sk.sk_write_space(&other->sk);
		sock_put(&other->sk);
	}
}

int unix_stream_recvmsg(struct socket *sock, struct msghdr *msg, size_t size, int flags)
{
	struct sock *sk = sock->sk;
	size_t target = (flags & MSG_WAITALL) ? size : min_t(size_t, size, 1), copied = 0;
	long timeout = sock_rcvtimeo(sk, flags & MSG_DONTWAIT);
	int err = 0;

	if (sk->sk_state != TCP_ESTABLISHED && sk->sk_state != TCP_CLOSE)
		return -EINVAL;
	if (sk->sk_state == TCP_CLOSE && !(sk->sk_shutdown & RCV_SHUTDOWN))
		return -EINVAL;
	msg->msg_namelen = 0;
	lock_sock(sk);
	while (copied < size) {
		struct sk_buff *skb = copied >= target ? skb_peek(&sk->sk_receive_queue) : stream_head(sk, timeout, &err);
		bool with_files;
		size_t chunk;

		if (!skb)
			break;
		with_files = UNIXCB(skb).fp != NULL;
		if (with_files && copied)
			break;		/* files mark a place in the stream */
		chunk = min_t(size_t, skb->len, size - copied);
		if (skb_copy_datagram_msg(skb, 0, msg, chunk)) {
			err = -EFAULT;
			break;
		}
		if (!copied)
			scm_recv(sock, msg, skb, flags);
		copied += chunk;
		if (flags & MSG_PEEK)
			break;
		skb_pull(skb, chunk);
		if (!skb->len) {
			skb_unlink(skb, &sk->sk_receive_queue);
			consume_skb(skb);
		}
		if (with_files)
			break;
	}
	release_sock(sk);
	wake_writer(unix_sk(sk));
	return copied ? (int)copied : err;
}

static bool dgram_has_room(struct unix_sock *u, struct unix_sock *other)
{
	return skb_queue_len(&other->sk.sk_receive_queue) <= UNIX_MAX_QLEN || (other->sk.sk_shutdown & RCV_SHUTDOWN) ||
	       !other->sk.sk_socket;
}

/* Who a datagram goes to: the named socket, or the peer. Counted. */
static struct unix_sock *dgram_target(struct unix_sock *u, const struct msghdr *msg, int *err)
{
	struct unix_sock *other;

	if (msg->msg_name && u->sk.sk_type == SOCK_DGRAM)
		return unix_find_other(msg->msg_name, msg->msg_namelen, u->sk.sk_type, err);
	other = unix_peer_get(u);
	*err = -ENOTCONN;
	return other;
}

int unix_dgram_sendmsg(struct socket *sock, struct msghdr *msg, size_t len)
{
	struct unix_sock *u = unix_sk(sock->sk), *other;
	struct sk_buff *skb;
	int err;

	if (msg->msg_flags & MSG_OOB)
		return -EOPNOTSUPP;
	if (len > (size_t)u->sk.sk_sndbuf - 32)
		return -EMSGSIZE;
	if (u->sk.sk_shutdown & SEND_SHUTDOWN)
		return broken_pipe(msg);
	other = dgram_target(u, msg, &err);
	if (!other)
		return err;
	if (u->sk.sk_type == SOCK_DGRAM)
		err = other->peer && other->peer != u ? -EPERM : 0;
	else
		err = 0;
	if (!err)
		err = wait_for_room(u, other, u->sk.sk_type == SOCK_DGRAM ? dgram_has_room : unix_has_room,
				    msg->msg_flags & MSG_DONTWAIT);
	if (!err && !other->sk.sk_socket)
		err = u->sk.sk_type == SOCK_DGRAM ? -ECONNREFUSED : broken_pipe(msg);
	if (!err && (other->sk.sk_shutdown & RCV_SHUTDOWN))
		err = broken_pipe(msg);
	skb = err ? NULL : unix_alloc_skb(other, msg, len, true, &err);
	if (skb) {
		sock_hold(&u->sk);
		UNIXCB(skb).from = u;
		skb_queue_tail(&other->sk.sk_receive_queue, skb);
		other->sk.sk_data_ready(&other->sk);
		err = (int)len;
	}
	sock_put(&other->sk);
	return err;
}

int unix_dgram_recvmsg(struct socket *sock, struct msghdr *msg, size_t size, int flags)
{
	struct sock *sk = sock->sk;
	struct unix_sock *from;
	struct sk_buff *skb;
	size_t copied;
	int err;

	if (sk->sk_type == SOCK_SEQPACKET && sk->sk_state != TCP_ESTABLISHED)
		return -ENOTCONN;
	skb = skb_recv_datagram(sk, flags, &err);
	msg->msg_namelen = 0;
	if (!skb)
		return err;
	copied = min_t(size_t, size, skb->len);
	if (copied < skb->len)
		msg->msg_flags |= MSG_TRUNC;
	from = UNIXCB(skb).from;
	if (msg->msg_name && from && from->name_len && sk->sk_type == SOCK_DGRAM) {
		memcpy(msg->msg_name, &from->name, from->name_len);
		msg->msg_namelen = from->name_len;
	}
	err = skb_copy_datagram_msg(skb, 0, msg, copied);
	if (!err) {
		scm_recv(sock, msg, skb, flags);
		err = (flags & MSG_TRUNC) ? (int)skb->len : (int)copied;
	}
	if (from && !(flags & MSG_PEEK))
		from->sk.sk_write_space(&from->sk);
	consume_skb(skb);
	return err;
}
