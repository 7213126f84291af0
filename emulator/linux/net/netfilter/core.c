/*
 * The lists of netfilter functions, and the walk along one of them for a packet.
 */
#include <linux/errno.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/netfilter.h>
#include <linux/rculist.h>
#include <linux/slab.h>

#define MAX_REPEATS 8 /* NF_REPEAT that does not end is a drop */

struct nf_hook_entry {
	struct list_head list;
	nf_hookfn *hook;
	void *priv;
	int priority;
	const struct nf_hook_ops *ops;
};

static struct list_head nf_hooks[NF_INET_NUMHOOKS];
static DEFINE_MUTEX(nf_hook_mutex);

int nf_register_net_hook(struct net *net, const struct nf_hook_ops *ops)
{
	struct nf_hook_entry *entry, *other;

	if (ops->pf != NFPROTO_IPV4 && ops->pf != NFPROTO_INET)
		return -EOPNOTSUPP;
	if (ops->hooknum >= NF_INET_NUMHOOKS)
		return -EINVAL;
	entry = kzalloc(sizeof(*entry), GFP_KERNEL);
	if (!entry)
		return -ENOMEM;
	entry->hook = ops->hook;
	entry->priv = ops->priv;
	entry->priority = ops->priority;
	entry->ops = ops;
	mutex_lock(&nf_hook_mutex);
	list_for_each_entry(other, &nf_hooks[ops->hooknum], list)
		if (other->priority > entry->priority)
			break;
	list_add_tail_rcu(&entry->list, &other->list);
	mutex_unlock(&nf_hook_mutex);
	return 0;
}
EXPORT_SYMBOL(nf_register_net_hook);

/* Returns when no packet is in the function any more. */
void nf_unregister_net_hook(struct net *net, const struct nf_hook_ops *ops)
{
	struct nf_hook_entry *entry, *found = NULL;

	mutex_lock(&nf_hook_mutex);
	list_for_each_entry(entry, &nf_hooks[ops->hooknum], list)
		if (entry->ops == ops)
			found = entry;
	if (found)
		list_del_rcu(&found->list);
	mutex_unlock(&nf_hook_mutex);
	if (WARN(!found, "hook not found, pf %d num %d", ops->pf, ops->hooknum))
		return;
	synchronize_rcu();
	kfree(found);
}
EXPORT_SYMBOL(nf_unregister_net_hook);

int nf_register_net_hooks(struct net *net, const struct nf_hook_ops *reg, unsigned int n)
{
	unsigned int i;
	int err = 0;

	for (i = 0; i < n && !err; i++)
		err = nf_register_net_hook(net, &reg[i]);
	if (err)
		nf_unregister_net_hooks(net, reg, i - 1);
	return err;
}
EXPORT_SYMBOL(nf_register_net_hooks);

void nf_unregister_net_hooks(struct net *net, const struct nf_hook_ops *reg, unsigned int n)
{
	while (n)
		nf_unregister_net_hook(net, &reg[--n]);
}
EXPORT_SYMBOL(nf_unregister_net_hooks);

/* 1: accepted; 0: somebody keeps it; a negative errno: dropped and freed. */
noinline int nf_hook_slow(struct sk_buff *skb, struct nf_hook_state *state)
{
	struct nf_hook_entry *entry;
	int repeats = 0, ret = 1;

	rcu_read_lock();
	list_for_each_entry_rcu(entry, &nf_hooks[state->hook], list) {
		unsigned int verdict;

		do {
			verdict = entry->hook(entry->priv, skb, state) & 0xff;
		} while (verdict == NF_REPEAT && ++repeats < MAX_REPEATS);
		if (verdict == NF_ACCEPT)
			continue;
		ret = 0;
		if (verdict != NF_STOLEN) {
			kfree_skb(skb);
			ret = -EPERM;
		}
		break;
	}
	rcu_read_unlock();
	return ret;
}
EXPORT_SYMBOL(nf_hook_slow);

int NF_HOOK(u8 pf, unsigned int hook, struct net *net, struct sock *sk, struct sk_buff *skb, struct net_device *in,
	    struct net_device *out, int (*okfn)(struct net *, struct sock *, struct sk_buff *))
{
	struct nf_hook_state state = {
		.hook = hook, .pf = pf, .in = in, .out = out, .sk = sk, .net = net, .okfn = okfn,
	};
	int ret = list_empty(&nf_hooks[hook]) ? 1 : nf_hook_slow(skb, &state);

	return ret == 1 ? okfn(net, sk, skb) : ret;
}

static int __init netfilter_init(void)
{
	int i;

	for (i = 0; i < NF_INET_NUMHOOKS; i++)
		INIT_LIST_HEAD(&nf_hooks[i]);
	return 0;
}
pure_initcall(netfilter_init);
