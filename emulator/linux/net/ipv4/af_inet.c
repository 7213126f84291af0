/*
 * The Internet family: what the socket system calls do for TCP and UDP sockets before the protocols take over.
 */
#include <linux/net.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/in.h>
#include <linux/init.h>
#include <linux/capability.h>
#include <linux/kernel.h>
#include <linux/poll.h>
#include <linux/uaccess.h>
#include <net/inet_sock.h>
#include <net/tcp.h>
#include <net/udp.h>

#define PROT_SOCK 1024		/* ports below it are for the privileged */

static const struct proto_ops inet_stream_ops, inet_dgram_ops;

static noinline int inet_release(struct socket *sock)
{
	struct sock *sk = sock->sk;

	if (sk) {
		sock->sk = NULL;
		sk->sk_prot->close(sk, 0);
	}
	return 0;
}

static noinline int inet_bind(struct socket *sock, struct sockaddr *uaddr, int addr_len)
{
	struct sockaddr_in *addr = (struct sockaddr_in *)uaddr;
	struct sock *sk = sock->sk;
	unsigned short snum;
	int err = 0;

	if (addr_len < (int)sizeof(*addr))
		return -EINVAL;
	if (addr->sin_family != AF_INET)
		return addr->sin_family == AF_UNSPEC ? -EINVAL : -EAFNOSUPPORT;
	if (addr->sin_addr.s_addr != htonl(INADDR_ANY) && !ipv4_is_loopback(addr->sin_addr.s_addr))
		return -EADDRNOTAVAIL;
	snum = ntohs(addr->sin_port);
	if (snum && snum < PROT_SOCK && !capable(CAP_NET_BIND_SERVICE))
		return -EACCES;
	lock_sock(sk);
	if (sk->sk_state != TCP_CLOSE || inet_sk(sk)->inet_num) {
		err = -EINVAL;
		goto out;
	}
	sk->sk_rcv_saddr = inet_sk(sk)->inet_saddr = addr->sin_addr.s_addr;
	err = sk->sk_prot->get_port(sk, snum);
	if (err)
		sk->sk_rcv_saddr = inet_sk(sk)->inet_saddr = 0;
out:
	release_sock(sk);
	return err;
}

/* Claims port snum for sk, or any if it is 0. */
static int inet_get_port(struct sock *sk, unsigned short snum)
{
	int err = 0;

	if (!snum) {
		err = inet_get_local_port(sk);
	} else if (inet_port_taken(sk, snum)) {
		err = -EADDRINUSE;
	} else {
		sk->sk_num = snum;
		inet_sk(sk)->inet_sport = htons(snum);
	}
	if (!err)
		inet_hash(sk);
	return err;
}

static int inet_autobind(struct sock *sk)
{
	int err = 0;

	lock_sock(sk);
	if (!inet_sk(sk)->inet_num)
		err = sk->sk_prot->get_port(sk, 0);
	release_sock(sk);
	return err;
}

static noinline int inet_dgram_connect(struct socket *sock, struct sockaddr *uaddr, int addr_len, int flags)
{
	int err;

	if (addr_len < (int)sizeof(uaddr->sa_family))
		return -EINVAL;
	err = inet_autobind(sock->sk);
	return err ? err : sock->sk->sk_prot->connect(sock->sk, uaddr, addr_len);
}

static bool connect_decided(struct sock *sk)
{
	return !((1 << sk->sk_state) & (TCPF_SYN_SENT | TCPF_SYN_RECV));
}

static noinline int inet_stream_connect(struct socket *sock, struct sockaddr *uaddr, int addr_len, int flags)
{
	struct sock *sk = sock->sk;
	int err;

	lock_sock(sk);
	switch (sock->state) {
	case SS_CONNECTED:
		err = -EISCONN;
		goto out;
	case SS_CONNECTING:
		err = -EALREADY;
		break;
	case SS_UNCONNECTED:
		err = -EISCONN;
		if (sk->sk_state != TCP_CLOSE)
			goto out;
		err = sk->sk_prot->connect(sk, uaddr, addr_len);
		if (err < 0)
			goto out;
		sock->state = SS_CONNECTING;
		err = -EINPROGRESS;
		break;
	default:
		err = -EINVAL;
		goto out;
	}
	if (!connect_decided(sk)) {
		int waited = sk_wait_for(sk, connect_decided, sock_sndtimeo(sk, flags & O_NONBLOCK));

		if (waited) {
			if (waited != -EAGAIN)
				err = waited;
			goto out;
		}
	}
	if (sk->sk_state == TCP_CLOSE) {
		err = sock_error(sk);
		if (!err)
			err = -ECONNABORTED;
		sock->state = SS_UNCONNECTED;
		goto out;
	}
	sock->state = SS_CONNECTED;
	err = 0;
out:
	release_sock(sk);
	return err;
}

static noinline int inet_listen(struct socket *sock, int backlog)
{
	struct sock *sk = sock->sk;
	int err = -EINVAL;

	lock_sock(sk);
	if (sock->state == SS_UNCONNECTED && ((1 << sk->sk_state) & (TCPF_CLOSE | TCPF_LISTEN))) {
		err = 0;
		if (sk->sk_state != TCP_LISTEN)
			err = inet_csk_listen_start(sk);
		if (!err)
			sk->sk_max_ack_backlog = backlog + 1;
	}
	release_sock(sk);
	return err;
}

static noinline int inet_accept(struct socket *sock, struct socket *newsock, int flags, bool kern)
{
	int err = -EINVAL;
	struct sock *sk = sock->sk->sk_prot->accept(sock->sk, flags, &err, kern);

	if (!sk)
		return err;
	lock_sock(sk);
	sk->sk_socket = newsock;
	newsock->sk = sk;
	newsock->state = SS_CONNECTED;
	release_sock(sk);
	return 0;
}

static noinline int inet_getname(struct socket *sock, struct sockaddr *uaddr, int peer)
{
	struct sockaddr_in *sin = (struct sockaddr_in *)uaddr;
	struct inet_sock *inet = inet_sk(sock->sk);

	memset(sin, 0, sizeof(*sin));
	sin->sin_family = AF_INET;
	if (peer) {
		if (!inet->inet_dport || sock->sk->sk_state == TCP_CLOSE)
			return -ENOTCONN;
		sin->sin_port = inet->inet_dport;
		sin->sin_addr.s_addr = inet->inet_daddr;
	} else {
		sin->sin_port = inet->inet_sport;
		sin->sin_addr.s_addr = inet->inet_saddr;
	}
	return sizeof(*sin);
}

static noinline int inet_shutdown(struct socket *sock, int how)
{
	struct sock *sk = sock->sk;
	int err = 0;

	how++;		/* SHUT_RD, SHUT_WR, SHUT_RDWR -> the bits of sk_shutdown */
	if ((how & ~SHUTDOWN_MASK) || !how)
		return -EINVAL;
	lock_sock(sk);
	if (sk->sk_state == TCP_CLOSE) {
		err = -ENOTCONN;
	} else {
		sk->sk_shutdown |= how;
		if (sk->sk_prot->shutdown)
			sk->sk_prot->shutdown(sk, how);
	}
	sk->sk_state_change(sk);
	release_sock(sk);
	return err;
}

static noinline int inet_sendmsg(struct socket *sock, struct msghdr *msg, size_t size)
{
	struct sock *sk = sock->sk;

	if (!inet_sk(sk)->inet_num && sk->sk_protocol == IPPROTO_UDP) {
		int err = inet_autobind(sk);

		if (err)
			return err;
	}
	return sk->sk_prot->sendmsg(sk, msg, size);
}

static noinline int inet_recvmsg(struct socket *sock, struct msghdr *msg, size_t size, int flags)
{
	int addr_len = 0;
	int err = sock->sk->sk_prot->recvmsg(sock->sk, msg, size, flags, &addr_len);

	if (err >= 0)
		msg->msg_namelen = addr_len;
	return err;
}

static int sock_no_listen(struct socket *sock, int backlog)
{
	return -EOPNOTSUPP;
}

static int sock_no_accept(struct socket *sock, struct socket *newsock, int flags, bool kern)
{
	return -EOPNOTSUPP;
}

static const struct proto_ops inet_stream_ops = {
	.family = AF_INET,
	.release = inet_release,
	.bind = inet_bind,
	.connect = inet_stream_connect,
	.accept = inet_accept,
	.getname = inet_getname,
	.poll = tcp_poll,
	.listen = inet_listen,
	.shutdown = inet_shutdown,
	.sendmsg = inet_sendmsg,
	.recvmsg = inet_recvmsg,
};

static const struct proto_ops inet_dgram_ops = {
	.family = AF_INET,
	.release = inet_release,
	.bind = inet_bind,
	.connect = inet_dgram_connect,
	.accept = sock_no_accept,
	.getname = inet_getname,
	.poll = datagram_poll,
	.listen = sock_no_listen,
	.shutdown = inet_shutdown,
	.sendmsg = inet_sendmsg,
	.recvmsg = inet_recvmsg,
};

static noinline int inet_create(struct net *net, struct socket *sock, int protocol, int kern)
{
	struct proto *prot;
	struct sock *sk;

	if (sock->type == SOCK_STREAM && (protocol == 0 || protocol == IPPROTO_TCP)) {
		sock->ops = &inet_stream_ops;
		prot = &tcp_prot;
		protocol = IPPROTO_TCP;
	} else if (sock->type == SOCK_DGRAM && (protocol == 0 || protocol == IPPROTO_UDP)) {
		sock->ops = &inet_dgram_ops;
		prot = &udp_prot;
		protocol = IPPROTO_UDP;
	} else {
		return sock->type == SOCK_STREAM || sock->type == SOCK_DGRAM ? -EPROTONOSUPPORT : -ESOCKTNOSUPPORT;
	}
	sk = sk_alloc(net, PF_INET, GFP_KERNEL, prot, kern);
	if (!sk) {
		sock->ops = NULL;
		return -ENOBUFS;
	}
	sock->state = SS_UNCONNECTED;
	sk->sk_state = TCP_CLOSE;
	sk->sk_protocol = protocol;
	sock_init_data(sock, sk);
	return prot->init ? prot->init(sk) : 0;
}

static const struct net_proto_family inet_family_ops = {
	.family = PF_INET,
	.create = inet_create,
};

static const struct net_protocol tcp_protocol = {
	.handler = tcp_v4_rcv,
};

static const struct net_protocol udp_protocol = {
	.handler = udp_rcv,
};

static int __init inet_init(void)
{
	spin_lock_init(&tcp_prot.lock);
	spin_lock_init(&udp_prot.lock);
	tcp_prot.get_port = inet_get_port;
	udp_prot.get_port = inet_get_port;
	inet_add_protocol(&tcp_protocol, IPPROTO_TCP);
	inet_add_protocol(&udp_protocol, IPPROTO_UDP);
	return sock_register(&inet_family_ops);
}
fs_initcall(inet_init);
