/*
 * Credentials. A task's are never edited in place: prepare_creds makes a copy, the owner of the copy changes it, and
 * commit_creds puts it in force.
 */
#include <linux/cred.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/security.h>
#include <linux/slab.h>

static struct kmem_cache *cred_jar;

struct group_info init_groups = { .usage = ATOMIC_INIT(2) };
struct cred init_cred = {
	.usage = ATOMIC_INIT(4),
	.cap_permitted = { { ~0u, (1u << (CAP_LAST_CAP - 31)) - 1 } },
	.cap_effective = { { ~0u, (1u << (CAP_LAST_CAP - 31)) - 1 } },
	.cap_bset = { { ~0u, (1u << (CAP_LAST_CAP - 31)) - 1 } },
	.group_info = &init_groups,
};

struct user_namespace {
	int level;
};
struct user_namespace init_user_ns;
EXPORT_SYMBOL_GPL(init_user_ns);

struct group_info *groups_alloc(int gidsetsize)
{
	struct group_info *gi = kvmalloc(struct_size(gi, gid, gidsetsize), GFP_KERNEL);

	if (gi) {
		atomic_set(&gi->usage, 1);
		gi->ngroups = gidsetsize;
	}
	return gi;
}
EXPORT_SYMBOL(groups_alloc);

void groups_free(struct group_info *group_info)
{
	kvfree(group_info);
}
EXPORT_SYMBOL(groups_free);

static void put_group_info(struct group_info *gi)
{
	if (gi && atomic_dec_and_test(&gi->usage))
		groups_free(gi);
}

static void put_cred_rcu(struct rcu_head *rcu)
{
	struct cred *cred = container_of(rcu, struct cred, rcu);

	put_group_info(cred->group_info);
	kmem_cache_free(cred_jar, cred);
}

void __put_cred(struct cred *cred)
{
	BUG_ON(cred == current->cred);
	call_rcu(&cred->rcu, put_cred_rcu);
}
EXPORT_SYMBOL(__put_cred);

void exit_creds(struct task_struct *tsk)
{
	const struct cred *real = tsk->real_cred, *subjective = tsk->cred;

	tsk->real_cred = tsk->cred = NULL;
	put_cred(real);
	put_cred(subjective);
}

struct cred *prepare_creds(void)
{
	const struct cred *old = current->cred;
	struct cred *new = kmem_cache_alloc(cred_jar, GFP_KERNEL);

	if (!new)
		return NULL;
	*new = *old;
	atomic_set(&new->usage, 1);
	atomic_inc(&new->group_info->usage);
	return new;
}
EXPORT_SYMBOL(prepare_creds);

struct cred *prepare_exec_creds(void)
{
	struct cred *new = prepare_creds();

	if (new) {
		new->suid = new->fsuid = new->euid;
		new->sgid = new->fsgid = new->egid;
	}
	return new;
}

/* The rights of the kernel itself: root's. */
struct cred *prepare_kernel_cred(struct task_struct *daemon)
{
	const struct cred *old = daemon ? get_task_cred(daemon) : get_cred(&init_cred);
	struct cred *new = kmem_cache_alloc(cred_jar, GFP_KERNEL);

	if (new) {
		*new = *old;
		atomic_set(&new->usage, 1);
		atomic_inc(&new->group_info->usage);
	}
	put_cred(old);
	return new;
}
EXPORT_SYMBOL(prepare_kernel_cred);

/* Threads share credentials; a new process gets a reference to its parent's until it changes them. */
int copy_creds(struct task_struct *p, unsigned long clone_flags)
{
	p->real_cred = get_cred(current->cred);
	p->cred = get_cred(current->cred);
	return 0;
}

/* Take over the caller's reference. */
noinline int commit_creds(struct cred *new)
{
	struct task_struct *task = current;
	const struct cred *old = task->real_cred;

	BUG_ON(task->cred != old);
	get_cred(new); /* one reference for each of the two pointers */
	rcu_assign_pointer(task->real_cred, new);
	rcu_assign_pointer(task->cred, new);
	task->uid = __kuid_val(new->uid);
	put_cred(old);
	put_cred(old);
	return 0;
}
EXPORT_SYMBOL(commit_creds);

void abort_creds(struct cred *new)
{
	put_cred(new);
}
EXPORT_SYMBOL(abort_creds);

const struct cred *override_creds(const struct cred *new)
{
	const struct cred *old = current->cred;

	get_cred(new);
	rcu_assign_pointer(current->cred, new);
	return old;
}
EXPORT_SYMBOL(override_creds);

void revert_creds(const struct cred *old)
{
	const struct cred *override = current->cred;

	rcu_assign_pointer(current->cred, old);
	put_cred(override);
}
EXPORT_SYMBOL(revert_creds);

static bool groups_search(const struct group_info *gi, kgid_t grp)
{
	int i;

	for (i = 0; i < gi->ngroups; i++)
		if (gid_eq(gi->gid[i], grp))
			return true;
	return false;
}

int in_group_p(kgid_t grp)
{
	const struct cred *cred = current_cred();

	return gid_eq(grp, cred->fsgid) || groups_search(cred->group_info, grp);
}
EXPORT_SYMBOL(in_group_p);

int in_egroup_p(kgid_t grp)
{
	const struct cred *cred = current_cred();

	return gid_eq(grp, cred->egid) || groups_search(cred->group_info, grp);
}
EXPORT_SYMBOL(in_egroup_p);

bool ns_capable(struct user_namespace *ns, int cap)
{
	if (security_capable(current_cred(), ns, cap, 0))
		return false;
	current->flags |= PF_SUPERPRIV;
	return true;
}
EXPORT_SYMBOL(ns_capable);

bool capable(int cap)
{
	return ns_capable(&init_user_ns, cap);
}
EXPORT_SYMBOL(capable);

void __init cred_init(void)
{
	cred_jar = KMEM_CACHE(cred, SLAB_PANIC);
}
