/*
 * AF_UNIX: sockets between processes of this machine. Making, connecting and ending them; names are in name.c, messages
 * in message.c, what travels beside the bytes in scm.c.
 */
#include <linux/cred.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/pid.h>
#include <linux/poll.h>
#include <linux/sched.h>
#include <linux/uaccess.h>
#include <net/af_unix.h>
#include <net/tcp.h>

DEFINE_SPINLOCK(unix_lock);

static struct proto unix_proto = {
	.name = "UNIX",
	.obj_size = sizeof(struct unix_sock),
};

static const struct proto_ops unix_stream_ops, unix_dgram_ops, unix_seqpacket_ops;

/* The peer, counted, or NULL. */
struct unix_sock *unix_peer_get(struct unix_sock *u)
{
	struct unix_sock *peer;

	spin_lock(&unix_lock);
	peer = u->peer;
	if (peer)
		sock_hold(&peer->sk);
	spin_unlock(&unix_lock);
	return peer;
}

static void set_peer(struct unix_sock *u, struct unix_sock *peer)
{
	struct unix_sock *old = u->peer;

	if (peer)
		sock_hold(&peer->sk);
	u->peer = peer;
	if (old)
		sock_put(&old->sk);
}

static void init_peercred(struct sock *sk)
{
	sk->sk_peer = (struct ucred) { task_tgid_vnr(current), __kuid_val(current_euid()), __kgid_val(current_egid()) };
}

static struct unix_sock *unix_create1(struct net *net, struct socket *sock, int type)
{
	struct sock *sk = sk_alloc(net, PF_UNIX, GFP_KERNEL, &unix_proto, 0);
	struct unix_sock *u;

	if (!sk)
		return NULL;
	sock_init_data(sock, sk);
	sk->sk_type = type;
	sk->sk_state = TCP_CLOSE;
	u = unix_sk(sk);
	INIT_LIST_HEAD(&u->link);
	INIT_LIST_HEAD(&u->pending);
	INIT_LIST_HEAD(&u->queued);
	return u;
}

static int unix_create(struct net *net, struct socket *sock, int protocol, int kern)
{
	if (protocol && protocol != PF_UNIX)
		return -EPROTONOSUPPORT;
	switch (sock->type) {
	case SOCK_STREAM:
		sock->ops = &unix_stream_ops;
		break;
	case SOCK_RAW:
		sock->type = SOCK_DGRAM;
		fallthrough;
	case SOCK_DGRAM:
		sock->ops = &unix_dgram_ops;
		break;
	case SOCK_SEQPACKET:
		sock->ops = &unix_seqpacket_ops;
		break;
	default:
		return -ESOCKTNOSUPPORT;
	}
	sock->state = SS_UNCONNECTED;
	return unix_create1(net, sock, sock->type) ? 0 : -ENOMEM;
}

/* The end of one side: the other one reads the end, or an error if there was something that nobody has read. */
static void unix_release_sock(struct unix_sock *u)
{
	struct unix_sock *peer, *conn;
	bool unread;

	unix_unbind(u);
	for (;;) {
		spin_lock(&unix_lock);
		conn = list_first_entry_or_null(&u->pending, struct unix_sock, queued);
		if (conn)
			list_del_init(&conn->queued);
		spin_unlock(&unix_lock);
		if (!conn)
			break;
		unix_release_sock(conn);
	}
	unread = !skb_queue_empty(&u->sk.sk_receive_queue);
	u->sk.sk_shutdown = SHUTDOWN_MASK;
	u->sk.sk_socket = NULL;
	peer = unix_peer_get(u);
	if (peer && u->sk.sk_type != SOCK_DGRAM) {
		peer->sk.sk_shutdown = SHUTDOWN_MASK;
		if (unread)
			peer->sk.sk_err = ECONNRESET;
		peer->sk.sk_state_change(&peer->sk);
	}
	u->sk.sk_state_change(&u->sk);
	skb_queue_purge(&u->sk.sk_receive_queue);
	spin_lock(&unix_lock);
	set_peer(u, NULL);
	spin_unlock(&unix_lock);
	if (peer)
		sock_put(&peer->sk);
	sock_put(&u->sk);
}

static int unix_release(struct socket *sock)
{
	if (sock->sk)
		unix_release_sock(unix_sk(sock->sk));
	sock->sk = NULL;
	return 0;
}

static int unix_listen(struct socket *sock, int backlog)
{
	struct sock *sk = sock->sk;

	if (!unix_sk(sk)->name_len || (sk->sk_state != TCP_CLOSE && sk->sk_state != TCP_LISTEN))
		return -EINVAL;
	sk->sk_max_ack_backlog = backlog;
	sk->sk_state = TCP_LISTEN;
	init_peercred(sk);
	sk->sk_state_change(sk);
	return 0;
}

static bool backlog_has_room(struct unix_sock *listener)
{
	return listener->sk.sk_ack_backlog <= listener->sk.sk_max_ack_backlog || listener->sk.sk_state != TCP_LISTEN ||
	       (listener->sk.sk_shutdown & RCV_SHUTDOWN);
}

/* Ties a client to a new socket that waits for accept(). */
static int connect_to(struct unix_sock *u, struct unix_sock *listener, struct unix_sock *conn)
{
	int err = 0;

	spin_lock(&unix_lock);
	if (u->sk.sk_state != TCP_CLOSE) {
		err = u->sk.sk_state == TCP_ESTABLISHED ? -EISCONN : -EINVAL;
	} else if (listener->sk.sk_state != TCP_LISTEN || (listener->sk.sk_shutdown & RCV_SHUTDOWN)) {
		err = -ECONNREFUSED;
	} else {
		conn->sk.sk_state = u->sk.sk_state = TCP_ESTABLISHED;
		init_peercred(&conn->sk);
		u->sk.sk_peer = listener->sk.sk_peer;
		conn->name = listener->name;	/* the name of the listener is told as its own, though it is not found by it */
		conn->name_len = listener->name_len;
		INIT_LIST_HEAD(&conn->link);
		set_peer(conn, u);
		set_peer(u, conn);
		list_add_tail(&conn->queued, &listener->pending);
		listener->sk.sk_ack_backlog++;
	}
	spin_unlock(&unix_lock);
	return err;
}

static int unix_stream_connect(struct socket *sock, struct sockaddr *uaddr, int addr_len, int flags)
{
	struct unix_sock *u = unix_sk(sock->sk), *listener, *conn;
	long timeout = sock_sndtimeo(&u->sk, flags & O_NONBLOCK), left = 1;
	int err;

	listener = unix_find_other(uaddr, addr_len, u->sk.sk_type, &err);
	if (!listener)
		return err;
	if (!backlog_has_room(listener) && !timeout) {
		sock_put(&listener->sk);
		return -EAGAIN;
	}
	left = wait_event_interruptible_timeout(*sk_sleep(&listener->sk), backlog_has_room(listener), timeout);
	conn = left < 0 ? NULL : unix_create1(sock_net(&u->sk), NULL, u->sk.sk_type);
	err = left < 0 ? -ERESTARTSYS : conn ? connect_to(u, listener, conn) : -ENOMEM;
	if (!err) {
		sock->state = SS_CONNECTED;
		listener->sk.sk_data_ready(&listener->sk);
	} else if (conn) {
		sock_put(&conn->sk);
	}
	sock_put(&listener->sk);
	return err;
}

static int unix_dgram_connect(struct socket *sock, struct sockaddr *uaddr, int addr_len, int flags)
{
	struct unix_sock *u = unix_sk(sock->sk), *other = NULL;
	int err;

	if (addr_len < (int)sizeof(sa_family_t))
		return -EINVAL;
	if (uaddr->sa_family != AF_UNSPEC) {
		other = unix_find_other(uaddr, addr_len, u->sk.sk_type, &err);
		if (!other)
			return err;
		if (other->peer && other->peer != u) {
			sock_put(&other->sk);
			return -EPERM;
		}
	}
	spin_lock(&unix_lock);
	set_peer(u, other);
	u->sk.sk_state = other ? TCP_ESTABLISHED : TCP_CLOSE;
	spin_unlock(&unix_lock);
	sock->state = other ? SS_CONNECTED : SS_UNCONNECTED;
	if (other)
		sock_put(&other->sk);
	return 0;
}

static int unix_socketpair(struct socket *socka, struct socket *sockb)
{
	struct unix_sock *a = unix_sk(socka->sk), *b = unix_sk(sockb->sk);

	init_peercred(&a->sk);
	init_peercred(&b->sk);
	spin_lock(&unix_lock);
	set_peer(a, b);
	set_peer(b, a);
	a->sk.sk_state = b->sk.sk_state = TCP_ESTABLISHED;
	spin_unlock(&unix_lock);
	socka->state = sockb->state = SS_CONNECTED;
	return 0;
}

static bool accept_ready(struct sock *sk)
{
	return !list_empty(&unix_sk(sk)->pending) || (sk->sk_shutdown & RCV_SHUTDOWN);
}

static int unix_accept(struct socket *sock, struct socket *newsock, int flags, bool kern)
{
	struct sock *sk = sock->sk;
	struct unix_sock *conn;
	int err = 0;

	if (sk->sk_state != TCP_LISTEN)
		return -EINVAL;
	do {
		lock_sock(sk);
		err = sk_wait_for(sk, accept_ready, sock_rcvtimeo(sk, flags & O_NONBLOCK));
		release_sock(sk);
		if (!err && (sk->sk_shutdown & RCV_SHUTDOWN))
			err = -EINVAL;
		if (err)
			return err;
		spin_lock(&unix_lock);
		conn = list_first_entry_or_null(&unix_sk(sk)->pending, struct unix_sock, queued);
		if (conn) {
			list_del_init(&conn->queued);
			sk->sk_ack_backlog--;
		}
		spin_unlock(&unix_lock);
	} while (!conn);	/* another one was quicker */
	sk->sk_write_space(sk);
	conn->sk.sk_socket = newsock;
	newsock->sk = &conn->sk;
	newsock->state = SS_CONNECTED;
	return 0;
}

static int unix_dgram_listen(struct socket *sock, int backlog)
{
	return -EOPNOTSUPP;
}

static int unix_dgram_accept(struct socket *sock, struct socket *newsock, int flags, bool kern)
{
	return -EOPNOTSUPP;
}

static int unix_shutdown(struct socket *sock, int how)
{
	struct unix_sock *u = unix_sk(sock->sk), *peer;

	if (how < SHUT_RD || how > SHUT_RDWR)
		return -EINVAL;
	how++;
	u->sk.sk_shutdown |= how;
	peer = unix_peer_get(u);
	if (peer && u->sk.sk_type != SOCK_DGRAM) {
		peer->sk.sk_shutdown |= ((how & RCV_SHUTDOWN) ? SEND_SHUTDOWN : 0) | ((how & SEND_SHUTDOWN) ? RCV_SHUTDOWN : 0);
		peer->sk.sk_state_change(&peer->sk);
	}
	if (peer)
		sock_put(&peer->sk);
	u->sk.sk_state_change(&u->sk);
	return 0;
}

static bool may_write(struct unix_sock *u)
{
	struct unix_sock *peer = unix_peer_get(u);
	bool room = true;

	if (peer) {
		room = u->sk.sk_type == SOCK_DGRAM ? skb_queue_len(&peer->sk.sk_receive_queue) <= 10 :
						     atomic_read(&peer->sk.sk_rmem_alloc) < peer->sk.sk_rcvbuf;
		sock_put(&peer->sk);
	}
	return room;
}

static unsigned int unix_poll(struct file *file, struct socket *sock, poll_table *wait)
{
	struct sock *sk = sock->sk;
	unsigned int mask = 0;

	poll_wait(file, sk_sleep(sk), wait);
	if (sk->sk_err)
		mask |= EPOLLERR;
	if (sk->sk_shutdown == SHUTDOWN_MASK)
		mask |= EPOLLHUP;
	if (sk->sk_shutdown & RCV_SHUTDOWN)
		mask |= EPOLLRDHUP | EPOLLIN | EPOLLRDNORM;
	if (!skb_queue_empty(&sk->sk_receive_queue) || !list_empty(&unix_sk(sk)->pending))
		mask |= EPOLLIN | EPOLLRDNORM;
	if (sk->sk_type != SOCK_DGRAM && sk->sk_state == TCP_CLOSE)
		mask |= EPOLLHUP;
	if (sk->sk_state != TCP_LISTEN && may_write(unix_sk(sk)))
		mask |= EPOLLOUT | EPOLLWRNORM;
	return mask;
}

static int unix_ioctl(struct socket *sock, unsigned int cmd, unsigned long arg)
{
	struct sock *sk = sock->sk;
	struct sk_buff *skb;
	int amount = 0;

	if (cmd != FIONREAD)
		return -ENOTTY;
	if (sk->sk_state == TCP_LISTEN)
		return -EINVAL;
	spin_lock_irq(&sk->sk_receive_queue.lock);
	skb_queue_walk(&sk->sk_receive_queue, skb) {
		amount += skb->len;
		if (sk->sk_type == SOCK_DGRAM)
			break;
	}
	spin_unlock_irq(&sk->sk_receive_queue.lock);
	return put_user(amount, (int __user *)arg);
}

static const struct proto_ops unix_stream_ops = {
	.family = PF_UNIX,
	.release = unix_release,
	.bind = unix_bind,
	.connect = unix_stream_connect,
	.socketpair = unix_socketpair,
	.accept = unix_accept,
	.getname = unix_getname,
	.poll = unix_poll,
	.ioctl = unix_ioctl,
	.listen = unix_listen,
	.shutdown = unix_shutdown,
	.sendmsg = unix_stream_sendmsg,
	.recvmsg = unix_stream_recvmsg,
};

static const struct proto_ops unix_dgram_ops = {
	.family = PF_UNIX,
	.release = unix_release,
	.bind = unix_bind,
	.connect = unix_dgram_connect,
	.socketpair = unix_socketpair,
	.accept = unix_dgram_accept,
	.getname = unix_getname,
	.poll = unix_poll,
	.ioctl = unix_ioctl,
	.listen = unix_dgram_listen,
	.shutdown = unix_shutdown,
	.sendmsg = unix_dgram_sendmsg,
	.recvmsg = unix_dgram_recvmsg,
};

static const struct proto_ops unix_seqpacket_ops = {
	.family = PF_UNIX,
	.release = unix_release,
	.bind = unix_bind,
	.connect = unix_stream_connect,
	.socketpair = unix_socketpair,
	.accept = unix_accept,
	.getname = unix_getname,
	.poll = unix_poll,
	.ioctl = unix_ioctl,
	.listen = unix_listen,
	.shutdown = unix_shutdown,
	.sendmsg = unix_dgram_sendmsg,
	.recvmsg = unix_dgram_recvmsg,
};

static const struct net_proto_family unix_family_ops = {
	.family = PF_UNIX,
	.create = unix_create,
};

static int __init af_unix_init(void)
{
	return sock_register(&unix_family_ops);
}
fs_initcall(af_unix_init);
