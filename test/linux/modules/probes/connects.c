/* Where TCP connections go, and how much is sent and received on them. */
#include <linux/inet.h>
#include <linux/kernel.h>
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/net.h>
#include <linux/socket.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <linux/uio.h>
#include <net/inet_sock.h>
#include <net/sock.h>
#include <net/tcp.h>

static int connecting(struct kprobe *p, struct pt_regs *regs)
{
	struct sockaddr_in *to = (struct sockaddr_in *)regs->si;

	pr_info("%s: tcp_v4_connect to %pI4:%u, family %d, length %d\n", current->comm, &to->sin_addr, ntohs(to->sin_port),
		to->sin_family, (int)regs->dx);
	return 0;
}

static int sys_connecting(struct kprobe *p, struct pt_regs *regs)
{
	struct sockaddr_in to;

	if (copy_from_user(&to, (void __user *)regs->si, sizeof(to)))
		return 0;
	pr_info("%s: __sys_connect(%d, %pISpc, %d)\n", current->comm, (int)regs->di, &to, (int)regs->dx);
	return 0;
}

static int sending(struct kprobe *p, struct pt_regs *regs)
{
	struct sock *sk = (struct sock *)regs->di;
	struct inet_sock *inet = inet_sk(sk);

	pr_info("%s: tcp_sendmsg %zu bytes, %pI4:%d, state %d, mss known %d\n", current->comm, (size_t)regs->dx,
		&inet->inet_daddr, ntohs(inet->inet_dport), sk->sk_state, tcp_sk(sk)->snd_una != 0);
	return 0;
}

static int receiving(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	pr_info("%s: tcp_recvmsg %ld\n", current->comm, (long)regs_return_value(regs));
	return 0;
}

static struct kprobe connects = { .symbol_name = "tcp_v4_connect", .pre_handler = connecting };
static struct kprobe sys_connects = { .symbol_name = "__sys_connect", .pre_handler = sys_connecting };
static struct kprobe sends = { .symbol_name = "tcp_sendmsg", .pre_handler = sending };
static struct kprobe *probes[] = { &connects, &sys_connects, &sends };
static struct kretprobe receives = { .kp.symbol_name = "tcp_recvmsg", .handler = receiving };

static int __init connects_init(void)
{
	int err = register_kprobes(probes, 3);

	return err ? err : register_kretprobe(&receives);
}

static void __exit connects_exit(void)
{
	unregister_kretprobe(&receives);
	unregister_kprobes(probes, 3);
}

module_init(connects_init);
module_exit(connects_exit);
MODULE_LICENSE("GPL");

/* console
 * $ insmod /root/connects.ko; echo_pair 2; rmmod connects
 * …
 * echo_pair: __sys_connect(…, 127.0.0.1:7777, 16)
 * echo_pair: tcp_v4_connect to 127.0.0.1:7777, family 2, length 16
 * echo_pair: tcp_sendmsg 9 bytes, 127.0.0.1:7777, state 1, mss known 1
 * …
 * echo: 2 messages, 18 bytes there and back
 */
