/*
 * Who a task is: the system calls that read and set process, user and group ids and capabilities.
 */
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/sched.h>
#include <linux/security.h>
#include <linux/slab.h>
#include <linux/syscalls.h>
#include <linux/uaccess.h>

SYSCALL_DEFINE0(getpid)
{
	return task_tgid_vnr(current);
}

SYSCALL_DEFINE0(gettid)
{
	return task_pid_vnr(current);
}

SYSCALL_DEFINE0(getppid)
{
	int pid;

	rcu_read_lock();
	pid = task_tgid_vnr(rcu_dereference(current->real_parent));
	rcu_read_unlock();
	return pid;
}

SYSCALL_DEFINE0(getuid)
{
	return from_kuid_munged(current_user_ns(), current_uid());
}

SYSCALL_DEFINE0(geteuid)
{
	return from_kuid_munged(current_user_ns(), current_euid());
}

SYSCALL_DEFINE0(getgid)
{
	return from_kgid_munged(current_user_ns(), current_gid());
}

SYSCALL_DEFINE0(getegid)
{
	return from_kgid_munged(current_user_ns(), current_egid());
}

/* What the effective user id gives: root has all capabilities, others none. */
static void cred_update_caps(struct cred *new)
{
	bool root = uid_eq(new->euid, GLOBAL_ROOT_UID);

	new->cap_effective = root ? CAP_FULL_SET : CAP_EMPTY_SET;
	if (root || !uid_eq(new->uid, GLOBAL_ROOT_UID))
		new->cap_permitted = new->cap_effective;
	new->fsuid = new->euid;
	new->fsgid = new->egid;
}

/* -1 means: leave as it is. */
static bool may_take_uid(const struct cred *old, uid_t uid)
{
	kuid_t k = make_kuid(current_user_ns(), uid);

	return uid == (uid_t)-1 || uid_eq(k, old->uid) || uid_eq(k, old->euid) || uid_eq(k, old->suid);
}

static bool may_take_gid(const struct cred *old, gid_t gid)
{
	kgid_t k = make_kgid(current_user_ns(), gid);

	return gid == (gid_t)-1 || gid_eq(k, old->gid) || gid_eq(k, old->egid) || gid_eq(k, old->sgid);
}

static long __sys_setresuid(uid_t ruid, uid_t euid, uid_t suid)
{
	const struct cred *old = current_cred();
	struct cred *new;
	int retval;

	if ((!may_take_uid(old, ruid) || !may_take_uid(old, euid) || !may_take_uid(old, suid)) && !capable(CAP_SETUID))
		return -EPERM;
	new = prepare_creds();
	if (!new)
		return -ENOMEM;
	if (ruid != (uid_t)-1)
		new->uid = make_kuid(current_user_ns(), ruid);
	if (euid != (uid_t)-1)
		new->euid = make_kuid(current_user_ns(), euid);
	if (suid != (uid_t)-1)
		new->suid = make_kuid(current_user_ns(), suid);
	cred_update_caps(new);
	retval = security_task_fix_setuid(new, old, 0);
	if (retval) {
		abort_creds(new);
		return retval;
	}
	return commit_creds(new);
}

static long __sys_setresgid(gid_t rgid, gid_t egid, gid_t sgid)
{
	const struct cred *old = current_cred();
	struct cred *new;

	if ((!may_take_gid(old, rgid) || !may_take_gid(old, egid) || !may_take_gid(old, sgid)) && !capable(CAP_SETGID))
		return -EPERM;
	new = prepare_creds();
	if (!new)
		return -ENOMEM;
	if (rgid != (gid_t)-1)
		new->gid = make_kgid(current_user_ns(), rgid);
	if (egid != (gid_t)-1)
		new->egid = make_kgid(current_user_ns(), egid);
	if (sgid != (gid_t)-1)
		new->sgid = make_kgid(current_user_ns(), sgid);
	new->fsgid = new->egid;
	return commit_creds(new);
}

SYSCALL_DEFINE3(setresuid, uid_t, ruid, uid_t, euid, uid_t, suid)
{
	return __sys_setresuid(ruid, euid, suid);
}

SYSCALL_DEFINE3(setresgid, gid_t, rgid, gid_t, egid, gid_t, sgid)
{
	return __sys_setresgid(rgid, egid, sgid);
}

SYSCALL_DEFINE2(setreuid, uid_t, ruid, uid_t, euid)
{
	const struct cred *old = current_cred();
	uid_t real = __kuid_val(old->uid), effective = __kuid_val(old->euid);
	uid_t saved = -1;

	/* The real one may only become what it or the effective one is. */
	if (ruid != (uid_t)-1 && ruid != real && ruid != effective && !capable(CAP_SETUID))
		return -EPERM;
	if (ruid != (uid_t)-1 || (euid != (uid_t)-1 && euid != real))
		saved = euid != (uid_t)-1 ? euid : effective;
	return __sys_setresuid(ruid, euid, saved);
}

SYSCALL_DEFINE2(setregid, gid_t, rgid, gid_t, egid)
{
	const struct cred *old = current_cred();
	gid_t real = __kgid_val(old->gid), effective = __kgid_val(old->egid);
	gid_t saved = -1;

	if (rgid != (gid_t)-1 && rgid != real && rgid != effective && !capable(CAP_SETGID))
		return -EPERM;
	if (rgid != (gid_t)-1 || (egid != (gid_t)-1 && egid != real))
		saved = egid != (gid_t)-1 ? egid : effective;
	return __sys_setresgid(rgid, egid, saved);
}

SYSCALL_DEFINE1(setuid, uid_t, uid)
{
	return capable(CAP_SETUID) ? __sys_setresuid(uid, uid, uid) : __sys_setresuid(-1, uid, -1);
}

SYSCALL_DEFINE1(setgid, gid_t, gid)
{
	return capable(CAP_SETGID) ? __sys_setresgid(gid, gid, gid) : __sys_setresgid(-1, gid, -1);
}

SYSCALL_DEFINE3(getresuid, uid_t __user *, ruidp, uid_t __user *, euidp, uid_t __user *, suidp)
{
	const struct cred *cred = current_cred();

	return put_user(cred->uid.val, ruidp) || put_user(cred->euid.val, euidp) || put_user(cred->suid.val, suidp) ?
	       -EFAULT : 0;
}

SYSCALL_DEFINE3(getresgid, gid_t __user *, rgidp, gid_t __user *, egidp, gid_t __user *, sgidp)
{
	const struct cred *cred = current_cred();

	return put_user(cred->gid.val, rgidp) || put_user(cred->egid.val, egidp) || put_user(cred->sgid.val, sgidp) ?
	       -EFAULT : 0;
}

SYSCALL_DEFINE1(setfsuid, uid_t, uid)
{
	uid_t old = current_fsuid().val;
	struct cred *new;

	if (!may_take_uid(current_cred(), uid) && !capable(CAP_SETUID))
		return old;
	new = prepare_creds();
	if (new && uid != (uid_t)-1) {
		new->fsuid = make_kuid(current_user_ns(), uid);
		commit_creds(new);
	} else if (new) {
		abort_creds(new);
	}
	return old;
}

SYSCALL_DEFINE1(setfsgid, gid_t, gid)
{
	gid_t old = current_fsgid().val;
	struct cred *new;

	if (!may_take_gid(current_cred(), gid) && !capable(CAP_SETGID))
		return old;
	new = prepare_creds();
	if (new && gid != (gid_t)-1) {
		new->fsgid = make_kgid(current_user_ns(), gid);
		commit_creds(new);
	} else if (new) {
		abort_creds(new);
	}
	return old;
}

SYSCALL_DEFINE2(getgroups, int, gidsetsize, gid_t __user *, grouplist)
{
	const struct group_info *gi = current_cred()->group_info;
	int i;

	if (gidsetsize < 0 || (gidsetsize && gi->ngroups > gidsetsize))
		return -EINVAL;
	for (i = 0; gidsetsize && i < gi->ngroups; i++)
		if (put_user(gi->gid[i].val, grouplist + i))
			return -EFAULT;
	return gi->ngroups;
}

SYSCALL_DEFINE2(setgroups, int, gidsetsize, gid_t __user *, grouplist)
{
	struct group_info *gi;
	struct cred *new;
	int i;

	if (!capable(CAP_SETGID))
		return -EPERM;
	if ((unsigned int)gidsetsize > 1024)
		return -EINVAL;
	gi = groups_alloc(gidsetsize);
	if (!gi)
		return -ENOMEM;
	for (i = 0; i < gidsetsize; i++) {
		if (get_user(gi->gid[i].val, grouplist + i)) {
			groups_free(gi);
			return -EFAULT;
		}
	}
	new = prepare_creds();
	if (!new) {
		groups_free(gi);
		return -ENOMEM;
	}
	atomic_dec(&new->group_info->usage);
	new->group_info = gi;
	return commit_creds(new);
}

#define CAPABILITY_VERSION_1	0x19980330
#define CAPABILITY_VERSION_2	0x20071026
#define CAPABILITY_VERSION_3	0x20080522

struct cap_header {
	u32 version;
	int pid;
};

/* How many words each set of a version has. 0: unknown; the header is then told the version to use. */
static int cap_words(struct cap_header __user *header, struct cap_header *copy)
{
	if (copy_from_user(copy, header, sizeof(*copy)))
		return -EFAULT;
	switch (copy->version) {
	case CAPABILITY_VERSION_1:
		return 1;
	case CAPABILITY_VERSION_2:
	case CAPABILITY_VERSION_3:
		return 2;
	default:
		return put_user(CAPABILITY_VERSION_3, &header->version) ? -EFAULT : 0;
	}
}

/* Capabilities can be given up, and those that are permitted can be made effective. */
SYSCALL_DEFINE2(capset, struct cap_header __user *, header, const u32 __user *, dataptr)
{
	struct cap_header head;
	u32 data[6] = { 0 };
	struct cred *new;
	int i, words = cap_words(header, &head);

	if (words <= 0)
		return words ? words : -EINVAL;
	if (head.pid && head.pid != task_pid_vnr(current))
		return -EPERM;
	if (copy_from_user(data, dataptr, words * 3 * sizeof(u32)))
		return -EFAULT;
	new = prepare_creds();
	if (!new)
		return -ENOMEM;
	for (i = 0; i < 2; i++) {
		if ((data[3 * i + 1] & ~new->cap_permitted.cap[i]) || (data[3 * i] & ~data[3 * i + 1])) {
			abort_creds(new);
			return -EPERM;
		}
		new->cap_effective.cap[i] = data[3 * i];
		new->cap_permitted.cap[i] = data[3 * i + 1];
		new->cap_inheritable.cap[i] = data[3 * i + 2];
	}
	return commit_creds(new);
}

SYSCALL_DEFINE2(capget, struct cap_header __user *, header, u32 __user *, dataptr)
{
	struct cap_header head;
	int words = cap_words(header, &head);
	u32 data[6];
	const struct cred *cred = current_cred();
	int i;

	if (words <= 0)
		return words || !dataptr ? words : -EINVAL;
	for (i = 0; i < 2; i++) {
		data[3 * i] = cred->cap_effective.cap[i];
		data[3 * i + 1] = cred->cap_permitted.cap[i];
		data[3 * i + 2] = cred->cap_inheritable.cap[i];
	}
	return dataptr && copy_to_user(dataptr, data, words * 3 * sizeof(u32)) ? -EFAULT : 0;
}
