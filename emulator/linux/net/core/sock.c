/*
 * The life of a sock, who owns it when, and the options that all protocols share.
 */
#include <net/sock.h>
#include <net/tcp.h>
#include <linux/cred.h>
#include <linux/errno.h>
#include <linux/init.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/poll.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <linux/export.h>

#define DEFAULT_BUFFER	212992

struct sock *sk_alloc(struct net *net, int family, gfp_t priority, struct proto *prot, int kern)
{
	struct sock *sk = kzalloc(prot->obj_size, priority);

	if (!sk)
		return NULL;
	sk->sk_family = family;
	sk->sk_prot = prot;
	sk->__sk_common.skc_net = net;
	refcount_set(&sk->sk_refcnt, 1);
	return sk;
}
EXPORT_SYMBOL(sk_alloc);

/* The last reference is gone. */
void sk_free(struct sock *sk)
{
	skb_queue_purge(&sk->sk_receive_queue);
	skb_queue_purge(&sk->sk_write_queue);
	kfree(sk);
}
EXPORT_SYMBOL(sk_free);

static void sock_def_wakeup(struct sock *sk)
{
	wake_up_interruptible_all(sk_sleep(sk));
}

void sock_init_data(struct socket *sock, struct sock *sk)
{
	skb_queue_head_init(&sk->sk_receive_queue);
	skb_queue_head_init(&sk->sk_write_queue);
	spin_lock_init(&sk->sk_lock.slock);
	init_waitqueue_head(&sk->sk_lock.wq);
	init_waitqueue_head(&sk->sk_wait);
	sk->sk_rcvbuf = DEFAULT_BUFFER;
	sk->sk_sndbuf = DEFAULT_BUFFER;
	sk->sk_rcvtimeo = sk->sk_sndtimeo = MAX_SCHEDULE_TIMEOUT;
	sk->sk_uid = current_fsuid();
	sk->sk_state_change = sock_def_wakeup;
	sk->sk_data_ready = sock_def_wakeup;
	sk->sk_write_space = sock_def_wakeup;
	sk->sk_socket = sock;
	if (sock) {
		sk->sk_type = sock->type;
		sock->sk = sk;
	}
}
EXPORT_SYMBOL(sock_init_data);

/* Makes the calling task the sock's owner, after whoever is it now. */
noinline void lock_sock(struct sock *sk)
{
	spin_lock_bh(&sk->sk_lock.slock);
	while (sk->sk_lock.owned) {
		spin_unlock_bh(&sk->sk_lock.slock);
		wait_event(sk->sk_lock.wq, !READ_ONCE(sk->sk_lock.owned));
		spin_lock_bh(&sk->sk_lock.slock);
	}
	sk->sk_lock.owned = 1;
	spin_unlock_bh(&sk->sk_lock.slock);
}
EXPORT_SYMBOL(lock_sock);

/* A packet came while a task owned the sock: it waits. Called with slock. */
void sk_add_backlog(struct sock *sk, struct sk_buff *skb)
{
	skb->next = NULL;
	if (sk->sk_backlog.tail)
		sk->sk_backlog.tail->next = skb;
	else
		sk->sk_backlog.head = skb;
	sk->sk_backlog.tail = skb;
	sk->sk_backlog.len += skb->truesize;
}
EXPORT_SYMBOL(sk_add_backlog);

/* Handles the packets that came meanwhile. Called with slock. */
static noinline void __release_sock(struct sock *sk)
{
	struct sk_buff *skb;

	while ((skb = sk->sk_backlog.head) != NULL) {
		sk->sk_backlog.head = sk->sk_backlog.tail = NULL;
		sk->sk_backlog.len = 0;
		spin_unlock_bh(&sk->sk_lock.slock);
		while (skb) {
			struct sk_buff *next = skb->next;

			skb->next = NULL;
			sk->sk_prot->backlog_rcv(sk, skb);
			skb = next;
		}
		spin_lock_bh(&sk->sk_lock.slock);
	}
}

noinline void release_sock(struct sock *sk)
{
	spin_lock_bh(&sk->sk_lock.slock);
	if (sk->sk_backlog.head)
		__release_sock(sk);
	sk->sk_lock.owned = 0;
	spin_unlock_bh(&sk->sk_lock.slock);
	wake_up(&sk->sk_lock.wq);
}
EXPORT_SYMBOL(release_sock);

static void sock_rfree(struct sk_buff *skb)
{
	atomic_sub(skb->truesize, &skb->sk->sk_rmem_alloc);
}

/* From now on the packet counts against what sk may keep unread. */
void skb_set_owner_r(struct sk_buff *skb, struct sock *sk)
{
	skb->sk = sk;
	skb->destructor = sock_rfree;
	atomic_add(skb->truesize, &sk->sk_rmem_alloc);
}

/* Puts a datagram where recvmsg() finds it. -ENOMEM: the reader is too slow, and the packet is still the caller's. */
noinline int sock_queue_rcv_skb(struct sock *sk, struct sk_buff *skb)
{
	if (atomic_read(&sk->sk_rmem_alloc) >= sk->sk_rcvbuf)
		return -ENOMEM;
	skb->dev = NULL;
	skb_set_owner_r(skb, sk);
	skb_queue_tail(&sk->sk_receive_queue, skb);
	sk->sk_data_ready(sk);
	return 0;
}
EXPORT_SYMBOL(sock_queue_rcv_skb);

/*
 * Lets go of the sock, which the caller owns, until condition holds, the time (ticks) is up, or a signal comes.
 * Returns 0, -EAGAIN or -ERESTARTSYS; the caller owns the sock again in any case.
 */
int sk_wait_for(struct sock *sk, bool (*condition)(struct sock *sk), long timeout)
{
	long left;

	if (condition(sk))
		return 0;
	if (!timeout)
		return -EAGAIN;
	release_sock(sk);
	left = wait_event_interruptible_timeout(*sk_sleep(sk), condition(sk), timeout);
	lock_sock(sk);
	if (left < 0)
		return -ERESTARTSYS;
	return left == 0 && !condition(sk) ? -EAGAIN : 0;
}

static bool datagram_ready(struct sock *sk)
{
	return !skb_queue_empty(&sk->sk_receive_queue) || sk->sk_err || (sk->sk_shutdown & RCV_SHUTDOWN);
}

/* The next datagram, waited for unless flags has MSG_DONTWAIT. NULL with *err 0: shut down. */
noinline struct sk_buff *skb_recv_datagram(struct sock *sk, unsigned int flags, int *err)
{
	long timeout = sock_rcvtimeo(sk, flags & MSG_DONTWAIT);

	for (;;) {
		struct sk_buff *skb;
		long left;

		*err = sock_error(sk);
		if (*err)
			return NULL;
		if (flags & MSG_PEEK) {
			unsigned long irq_flags;

			spin_lock_irqsave(&sk->sk_receive_queue.lock, irq_flags);
			skb = skb_peek(&sk->sk_receive_queue);
			if (skb)
				skb_get(skb);
			spin_unlock_irqrestore(&sk->sk_receive_queue.lock, irq_flags);
		} else {
			skb = skb_dequeue(&sk->sk_receive_queue);
		}
		if (skb)
			return skb;
		if (sk->sk_shutdown & RCV_SHUTDOWN)
			return NULL;
		*err = -EAGAIN;
		if (!timeout)
			return NULL;
		left = wait_event_interruptible_timeout(*sk_sleep(sk), datagram_ready(sk), timeout);
		if (left < 0) {
			*err = -ERESTARTSYS;
			return NULL;
		}
		timeout = left;
	}
}
EXPORT_SYMBOL(skb_recv_datagram);

unsigned int datagram_poll(struct file *file, struct socket *sock, struct poll_table_struct *wait)
{
	struct sock *sk = sock->sk;
	unsigned int mask = EPOLLOUT | EPOLLWRNORM;

	poll_wait(file, sk_sleep(sk), wait);
	if (sk->sk_err)
		mask |= EPOLLERR;
	if (sk->sk_shutdown & RCV_SHUTDOWN)
		mask |= EPOLLRDHUP | EPOLLIN | EPOLLRDNORM;
	if (!skb_queue_empty(&sk->sk_receive_queue))
		mask |= EPOLLIN | EPOLLRDNORM;
	return mask;
}
EXPORT_SYMBOL(datagram_poll);

static unsigned long flag_of_option(int optname)
{
	switch (optname) {
	case SO_PASSCRED:
		return SK_PASSCRED;
	case SO_KEEPALIVE:
		return SK_KEEPOPEN;
	case SO_BROADCAST:
		return SK_BROADCAST;
	default:
		return 0;
	}
}

/* SO_RCVTIMEO and SO_SNDTIMEO: 0 is for ever. */
static int set_timeout(long *timeo, char __user *optval, unsigned int optlen)
{
	struct timeval tv;

	if (optlen < sizeof(tv))
		return -EINVAL;
	if (copy_from_user(&tv, optval, sizeof(tv)))
		return -EFAULT;
	if ((unsigned long)tv.tv_usec >= 1000000)
		return -EDOM;
	*timeo = MAX_SCHEDULE_TIMEOUT;
	if (tv.tv_sec < 0)
		*timeo = 0;
	else if ((tv.tv_sec || tv.tv_usec) && tv.tv_sec < MAX_SCHEDULE_TIMEOUT / HZ - 1)
		*timeo = tv.tv_sec * HZ + DIV_ROUND_UP(tv.tv_usec, 1000000 / HZ);
	return 0;
}

static struct timeval get_timeout(long timeo)
{
	if (timeo == MAX_SCHEDULE_TIMEOUT)
		return (struct timeval) { 0, 0 };
	return (struct timeval) { timeo / HZ, timeo % HZ * (1000000 / HZ) };
}

int sock_setsockopt(struct socket *sock, int level, int optname, char __user *optval, unsigned int optlen)
{
	struct sock *sk = sock->sk;
	int linger[2];
	int val, ret = 0;

	if (optlen < sizeof(int))
		return -EINVAL;
	if (get_user(val, (int __user *)optval))
		return -EFAULT;
	lock_sock(sk);
	switch (optname) {
	case SO_REUSEADDR:
		sk->sk_reuse = val != 0;
		break;
	case SO_REUSEPORT:
		sk->sk_reuseport = val != 0;
		break;
	case SO_SNDBUF:
		sk->sk_sndbuf = val < 2304 ? 4608 : min(val, DEFAULT_BUFFER) * 2;
		break;
	case SO_RCVBUF:
		sk->sk_rcvbuf = val < 1152 ? 2304 : min(val, DEFAULT_BUFFER) * 2;
		break;
	case SO_PASSCRED:
	case SO_KEEPALIVE:
	case SO_BROADCAST:
		if (val)
			sk->sk_flags |= flag_of_option(optname);
		else
			sk->sk_flags &= ~flag_of_option(optname);
		break;
	case SO_LINGER:		/* kept and told; close() never waits here */
		ret = optlen < sizeof(linger) ? -EINVAL : copy_from_user(linger, optval, sizeof(linger)) ? -EFAULT : 0;
		if (ret)
			break;
		sk->sk_flags = linger[0] ? sk->sk_flags | SK_LINGER : sk->sk_flags & ~SK_LINGER;
		if (linger[0])
			sk->sk_lingertime = linger[1];
		break;
	case SO_RCVTIMEO:
		ret = set_timeout(&sk->sk_rcvtimeo, optval, optlen);
		break;
	case SO_SNDTIMEO:
		ret = set_timeout(&sk->sk_sndtimeo, optval, optlen);
		break;
	case SO_TYPE:
	case SO_ERROR:
	case SO_PROTOCOL:
	case SO_DOMAIN:
	case SO_ACCEPTCONN:
	default:
		ret = -ENOPROTOOPT;
	}
	release_sock(sk);
	return ret;
}

int sock_getsockopt(struct socket *sock, int level, int optname, char __user *optval, int __user *optlen)
{
	struct sock *sk = sock->sk;
	union {
		int val;
		int linger[2];
		struct timeval tm;
		struct ucred cred;
	} v = { 0 };
	int len, size = sizeof(int);

	if (get_user(len, optlen))
		return -EFAULT;
	if (len < 0)
		return -EINVAL;
	switch (optname) {
	case SO_TYPE:
		v.val = sk->sk_type;
		break;
	case SO_PROTOCOL:
		v.val = sk->sk_protocol;
		break;
	case SO_DOMAIN:
		v.val = sk->sk_family;
		break;
	case SO_ERROR:
		v.val = -sock_error(sk);
		break;
	case SO_REUSEADDR:
		v.val = sk->sk_reuse;
		break;
	case SO_REUSEPORT:
		v.val = sk->sk_reuseport;
		break;
	case SO_SNDBUF:
		v.val = sk->sk_sndbuf;
		break;
	case SO_RCVBUF:
		v.val = sk->sk_rcvbuf;
		break;
	case SO_ACCEPTCONN:
		v.val = sk->sk_state == TCP_LISTEN;
		break;
	case SO_PASSCRED:
	case SO_KEEPALIVE:
	case SO_BROADCAST:
		v.val = (sk->sk_flags & flag_of_option(optname)) != 0;
		break;
	case SO_LINGER:
		v.linger[0] = (sk->sk_flags & SK_LINGER) != 0;
		v.linger[1] = sk->sk_lingertime;
		size = sizeof(v.linger);
		break;
	case SO_RCVTIMEO:
	case SO_SNDTIMEO:
		v.tm = get_timeout(optname == SO_RCVTIMEO ? sk->sk_rcvtimeo : sk->sk_sndtimeo);
		size = sizeof(v.tm);
		break;
	case SO_PEERCRED:
		v.cred = sk->sk_peer;
		size = sizeof(v.cred);
		break;
	default:
		return -ENOPROTOOPT;
	}
	if (len > size)
		len = size;
	if (copy_to_user(optval, &v, len) || put_user(len, optlen))
		return -EFAULT;
	return 0;
}
