/* Who a task is. Credentials are never changed in place: a task prepares a copy, edits it and commits it. */
#ifndef _LINUX_CRED_H
#define _LINUX_CRED_H

#include <linux/uidgid.h>
#include <linux/capability.h>
#include <linux/atomic.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>

struct group_info {
	atomic_t usage;
	int ngroups;
	kgid_t gid[];
};

struct cred {
	atomic_t usage;
	kuid_t uid;	/* real */
	kgid_t gid;
	kuid_t suid;	/* saved */
	kgid_t sgid;
	kuid_t euid;	/* effective */
	kgid_t egid;
	kuid_t fsuid;	/* for file access */
	kgid_t fsgid;
	unsigned int securebits;
	kernel_cap_t cap_inheritable;
	kernel_cap_t cap_permitted;
	kernel_cap_t cap_effective;
	kernel_cap_t cap_bset;
	kernel_cap_t cap_ambient;
	void *security;
	struct user_namespace *user_ns;
	struct group_info *group_info;
	struct rcu_head rcu;
};

extern struct cred init_cred;
extern struct group_info init_groups;
extern void __put_cred(struct cred *cred);
extern void exit_creds(struct task_struct *tsk);
extern int copy_creds(struct task_struct *p, unsigned long clone_flags);
extern struct cred *prepare_creds(void);
extern struct cred *prepare_exec_creds(void);
extern struct cred *prepare_kernel_cred(struct task_struct *daemon);
extern int commit_creds(struct cred *new);
extern void abort_creds(struct cred *cred);
extern const struct cred *override_creds(const struct cred *new);
extern void revert_creds(const struct cred *old);
extern int in_group_p(kgid_t grp);
extern int in_egroup_p(kgid_t grp);
extern struct group_info *groups_alloc(int gidsetsize);
extern void groups_free(struct group_info *group_info);
extern void cred_init(void);

static inline const struct cred *get_cred(const struct cred *cred)
{
	if (cred)
		atomic_inc(&((struct cred *)cred)->usage);
	return cred;
}

static inline void put_cred(const struct cred *cred)
{
	if (cred && atomic_dec_and_test(&((struct cred *)cred)->usage))
		__put_cred((struct cred *)cred);
}

#define current_cred() ((const struct cred *)current->cred)
#define current_real_cred() ((const struct cred *)current->real_cred)
#define __task_cred(task) ((const struct cred *)(task)->real_cred)
#define get_current_cred() get_cred(current_cred())
#define get_task_cred(task) get_cred(__task_cred(task))
#define current_uid() (current_cred()->uid)
#define current_gid() (current_cred()->gid)
#define current_euid() (current_cred()->euid)
#define current_egid() (current_cred()->egid)
#define current_suid() (current_cred()->suid)
#define current_fsuid() (current_cred()->fsuid)
#define current_fsgid() (current_cred()->fsgid)
#define current_cap() (current_cred()->cap_effective)
#define current_user_ns() (&init_user_ns)
#define task_uid(task) (__task_cred(task)->uid)
#define task_euid(task) (__task_cred(task)->euid)

#endif
