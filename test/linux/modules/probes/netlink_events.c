/* Events of a probe sent to a program over netlink: the program says hello, then hears of files that are opened. */
#include <linux/kprobes.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/netlink.h>
#include <linux/skbuff.h>
#include <linux/string.h>
#include <net/sock.h>

#define NETLINK_LAB 31

static struct sock *nl_sk;
static u32 listener;

static void hear(struct sk_buff *skb)
{
	struct nlmsghdr *nlh = (struct nlmsghdr *)skb->data;

	listener = nlh->nlmsg_pid;
	pr_info("hello from %d: \"%s\", %d bytes, type %d, sender's port %d\n", listener == (u32)current->tgid,
		(char *)nlmsg_data(nlh), nlmsg_len(nlh), nlh->nlmsg_type, NETLINK_CB(skb).portid == listener);
}

static void tell(const char *text)
{
	struct sk_buff *skb;
	struct nlmsghdr *nlh;
	int len = strlen(text) + 1;

	if (!listener)
		return;
	skb = nlmsg_new(len, GFP_ATOMIC);
	if (!skb)
		return;
	nlh = nlmsg_put(skb, 0, 0, NLMSG_DONE, len, 0);
	if (!nlh) {
		kfree_skb(skb);
		return;
	}
	NETLINK_CB(skb).dst_group = 0;
	strncpy(NLMSG_DATA(nlh), text, len);
	if (nlmsg_unicast(nl_sk, skb, listener) < 0)
		listener = 0;
}

static int on_open(struct kprobe *p, struct pt_regs *regs)
{
	struct file *file = (struct file *)regs->di;

	if (!strcmp(file->f_path.dentry->d_name.name, "hostname"))
		tell("hostname was opened");
	return 0;
}

static struct kprobe kp = { .symbol_name = "security_file_open", .pre_handler = on_open };

static int __init netlink_events_init(void)
{
	struct netlink_kernel_cfg cfg = { .input = hear };

	nl_sk = netlink_kernel_create(&init_net, NETLINK_LAB, &cfg);
	if (!nl_sk)
		return -ENOMEM;
	pr_info("a second one: %d\n", netlink_kernel_create(&init_net, NETLINK_LAB, &cfg) != NULL);
	return register_kprobe(&kp);
}

static void __exit netlink_events_exit(void)
{
	unregister_kprobe(&kp);
	netlink_kernel_release(nl_sk);
}

module_init(netlink_events_init);
module_exit(netlink_events_exit);
MODULE_LICENSE("GPL");

/* console
 * $ insmod /root/netlink_events.ko; netlink_listen; rmmod netlink_events
 * a second one: 0
 * wrong protocol: -1
 * bind 0
 * hello from 1: "hi lab!", 8 bytes, type 32, sender's port 1
 * sent 24
 * got 36 bytes, type 3: hostname was opened
 * nobody there: -1
 */
