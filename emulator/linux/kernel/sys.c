/*
 * Who am I, what may I use, what is this machine: the small system calls.
 */
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/printk.h>
#include <linux/resource.h>
#include <linux/sched.h>
#include <linux/security.h>
#include <linux/slab.h>
#include <linux/syscalls.h>
#include <linux/sysinfo.h>
#include <linux/time.h>
#include <linux/uaccess.h>
#include <linux/utsname.h>
#include <linux/version.h>
#include <lab/gates.h>

struct uts_namespace init_uts_ns = {
	.name = {
		.sysname = "Linux",
		.nodename = "lab",
		.release = UTS_RELEASE,
		.version = "#1 SMP Kprobe Lab",
		.machine = "x86_64",
		.domainname = "(none)",
	},
};
DECLARE_RWSEM(uts_sem);

/* /proc/version, and what tools look for in an image. */
const char linux_banner[] = "Linux version " UTS_RELEASE " (kprobe-lab) #1 SMP Kprobe Lab\n";

/* ---- groups and sessions ---- */

SYSCALL_DEFINE2(setpgid, pid_t, pid, pid_t, pgid)
{
	struct task_struct *p;
	struct pid *pgrp;
	int err;

	if (!pid)
		pid = task_pid_vnr(current->group_leader);
	if (!pgid)
		pgid = pid;
	if (pgid < 0)
		return -EINVAL;
	write_lock_irq(&tasklist_lock);
	p = find_task_by_vpid(pid);
	err = -ESRCH;
	if (!p || (p != current->group_leader && p->real_parent->group_leader != current->group_leader))
		goto out;
	err = -EINVAL;
	if (!thread_group_leader(p))
		goto out;
	err = -EPERM;
	if (task_session(p) != task_session(current) || p->signal->leader)
		goto out;
	pgrp = p->thread_pid;
	if (pgid != pid) {
		struct task_struct *g;

		pgrp = find_vpid(pgid);
		g = pid_task(pgrp, PIDTYPE_PGID);
		if (!g || task_session(g) != task_session(current))
			goto out;
	}
	if (task_pgrp(p) != pgrp)
		change_pid(p, PIDTYPE_PGID, pgrp);
	err = 0;
out:
	write_unlock_irq(&tasklist_lock);
	return err;
}

static pid_t do_getid(pid_t pid, enum pid_type type)
{
	struct task_struct *p;
	pid_t ret = -ESRCH;

	rcu_read_lock();
	p = pid ? find_task_by_vpid(pid) : current;
	if (p)
		ret = type == PIDTYPE_PGID ? task_pgrp_vnr(p) : task_session_vnr(p);
	rcu_read_unlock();
	return ret;
}

SYSCALL_DEFINE1(getpgid, pid_t, pid)
{
	return do_getid(pid, PIDTYPE_PGID);
}

SYSCALL_DEFINE0(getpgrp)
{
	return do_getid(0, PIDTYPE_PGID);
}

SYSCALL_DEFINE1(getsid, pid_t, pid)
{
	return do_getid(pid, PIDTYPE_SID);
}

int ksys_setsid(void)
{
	struct task_struct *group_leader = current->group_leader;
	struct pid *sid = group_leader->thread_pid;
	int err = -EPERM;

	write_lock_irq(&tasklist_lock);
	if (group_leader->signal->leader || pid_task(sid, PIDTYPE_PGID))
		goto out;
	group_leader->signal->leader = 1;
	change_pid(group_leader, PIDTYPE_SID, sid);
	change_pid(group_leader, PIDTYPE_PGID, sid);
	group_leader->signal->tty = NULL;
	err = pid_nr(sid);
out:
	write_unlock_irq(&tasklist_lock);
	return err;
}

SYSCALL_DEFINE0(setsid)
{
	return ksys_setsid();
}

/* ---- priorities, limits, usage ---- */

SYSCALL_DEFINE2(getpriority, int, which, int, who)
{
	struct task_struct *p;
	long ret = -ESRCH;

	if (which != 0)
		return -EINVAL;
	rcu_read_lock();
	p = who ? find_task_by_vpid(who) : current;
	if (p)
		ret = 20 - task_nice(p);
	rcu_read_unlock();
	return ret;
}

SYSCALL_DEFINE3(setpriority, int, which, int, who, int, niceval)
{
	struct task_struct *p;
	int error = -ESRCH;

	if (which != 0)
		return -EINVAL;
	niceval = clamp(niceval, MIN_NICE, MAX_NICE);
	p = who ? find_get_task_by_vpid(who) : get_task_struct(current);
	if (!p)
		return error;
	if (niceval < task_nice(p) && !capable(CAP_SYS_NICE)) {
		error = -EACCES;
	} else {
		set_user_nice(p, niceval);
		error = 0;
	}
	put_task_struct(p);
	return error;
}

void task_cputime_adjusted(struct task_struct *p, u64 *ut, u64 *st)
{
	struct task_struct *t;

	*ut = p->signal->utime;
	*st = p->signal->stime;
	rcu_read_lock();
	for_each_thread(p, t) {
		*ut += t->utime;
		*st += t->stime;
	}
	rcu_read_unlock();
}

static void ns_to_user_timeval(u64 ns, struct timeval *tv)
{
	tv->tv_sec = (long)(ns / NSEC_PER_SEC);
	tv->tv_usec = (long)(ns % NSEC_PER_SEC / NSEC_PER_USEC);
}

SYSCALL_DEFINE2(getrusage, int, who, struct rusage __user *, ru)
{
	struct signal_struct *sig = current->signal;
	struct rusage r;
	u64 ut, st;

	memset(&r, 0, sizeof(r));
	switch (who) {
	case RUSAGE_SELF:
	case RUSAGE_THREAD:
		task_cputime_adjusted(current, &ut, &st);
		r.ru_minflt = (long)(sig->min_flt + current->min_flt);
		r.ru_majflt = (long)(sig->maj_flt + current->maj_flt);
		r.ru_nvcsw = (long)(sig->nvcsw + current->nvcsw);
		r.ru_nivcsw = (long)(sig->nivcsw + current->nivcsw);
		break;
	case RUSAGE_CHILDREN:
		ut = sig->cutime;
		st = sig->cstime;
		r.ru_minflt = (long)sig->cmin_flt;
		r.ru_majflt = (long)sig->cmaj_flt;
		break;
	default:
		return -EINVAL;
	}
	ns_to_user_timeval(ut, &r.ru_utime);
	ns_to_user_timeval(st, &r.ru_stime);
	return copy_to_user(ru, &r, sizeof(r)) ? -EFAULT : 0;
}

struct tms {
	clock_t tms_utime, tms_stime, tms_cutime, tms_cstime;
};

SYSCALL_DEFINE1(times, struct tms __user *, tbuf)
{
	struct tms tmp;
	u64 ut, st;

	task_cputime_adjusted(current, &ut, &st);
	tmp.tms_utime = (clock_t)nsec_to_clock_t(ut);
	tmp.tms_stime = (clock_t)nsec_to_clock_t(st);
	tmp.tms_cutime = (clock_t)nsec_to_clock_t(current->signal->cutime);
	tmp.tms_cstime = (clock_t)nsec_to_clock_t(current->signal->cstime);
	if (tbuf && copy_to_user(tbuf, &tmp, sizeof(tmp)))
		return -EFAULT;
	return jiffies_to_clock_t(jiffies);
}

static int do_prlimit(struct task_struct *tsk, unsigned int resource, struct rlimit *new_rlim, struct rlimit *old_rlim)
{
	unsigned long *rlim;

	if (resource >= RLIM_NLIMITS)
		return -EINVAL;
	rlim = tsk->signal->rlim[resource];
	if (old_rlim)
		*old_rlim = (struct rlimit) { rlim[0], rlim[1] };
	if (new_rlim) {
		if (new_rlim->rlim_cur > new_rlim->rlim_max)
			return -EINVAL;
		if (new_rlim->rlim_max > rlim[1] && !capable(CAP_SYS_RESOURCE))
			return -EPERM;
		rlim[0] = new_rlim->rlim_cur;
		rlim[1] = new_rlim->rlim_max;
	}
	return 0;
}

SYSCALL_DEFINE2(getrlimit, unsigned int, resource, struct rlimit __user *, rlim)
{
	struct rlimit value;
	int ret = do_prlimit(current, resource, NULL, &value);

	return ret ? ret : copy_to_user(rlim, &value, sizeof(value)) ? -EFAULT : 0;
}

SYSCALL_DEFINE2(setrlimit, unsigned int, resource, struct rlimit __user *, rlim)
{
	struct rlimit value;

	return copy_from_user(&value, rlim, sizeof(value)) ? -EFAULT : do_prlimit(current, resource, &value, NULL);
}

SYSCALL_DEFINE4(prlimit64, pid_t, pid, unsigned int, resource, const struct rlimit64 __user *, new_rlim,
		struct rlimit64 __user *, old_rlim)
{
	struct rlimit new, old;
	struct task_struct *tsk;
	int ret;

	if (new_rlim && copy_from_user(&new, new_rlim, sizeof(new)))
		return -EFAULT;
	tsk = pid ? find_get_task_by_vpid(pid) : get_task_struct(current);
	if (!tsk)
		return -ESRCH;
	ret = do_prlimit(tsk, resource, new_rlim ? &new : NULL, old_rlim ? &old : NULL);
	put_task_struct(tsk);
	if (!ret && old_rlim && copy_to_user(old_rlim, &old, sizeof(old)))
		ret = -EFAULT;
	return ret;
}

/* ---- the machine ---- */

SYSCALL_DEFINE1(uname, struct new_utsname __user *, name)
{
	struct new_utsname tmp;

	down_read(&uts_sem);
	tmp = *utsname();
	up_read(&uts_sem);
	return copy_to_user(name, &tmp, sizeof(tmp)) ? -EFAULT : 0;
}

static int set_name(char *to, const char __user *name, int len)
{
	char tmp[__NEW_UTS_LEN];

	if (!capable(CAP_SYS_ADMIN))
		return -EPERM;
	if (len < 0 || len > __NEW_UTS_LEN)
		return -EINVAL;
	if (copy_from_user(tmp, name, len))
		return -EFAULT;
	down_write(&uts_sem);
	memcpy(to, tmp, len);
	memset(to + len, 0, __NEW_UTS_LEN + 1 - len);
	up_write(&uts_sem);
	return 0;
}

SYSCALL_DEFINE2(sethostname, char __user *, name, int, len)
{
	return set_name(utsname()->nodename, name, len);
}

SYSCALL_DEFINE2(setdomainname, char __user *, name, int, len)
{
	return set_name(utsname()->domainname, name, len);
}

SYSCALL_DEFINE1(sysinfo, struct sysinfo __user *, info)
{
	struct sysinfo val;

	memset(&val, 0, sizeof(val));
	val.uptime = (long)ktime_get_seconds();
	get_avenrun(val.loads);
	val.procs = (u16)nr_threads;
	si_meminfo(&val);
	return copy_to_user(info, &val, sizeof(val)) ? -EFAULT : 0;
}

SYSCALL_DEFINE3(getcpu, unsigned int __user *, cpup, unsigned int __user *, nodep, void __user *, unused)
{
	if (cpup && put_user((unsigned int)raw_smp_processor_id(), cpup))
		return -EFAULT;
	return nodep && put_user(0u, nodep) ? -EFAULT : 0;
}

SYSCALL_DEFINE1(personality, unsigned int, personality)
{
	unsigned int old = current->personality;

	if (personality != 0xffffffff)
		current->personality = personality;
	return old;
}

#define PR_SET_PDEATHSIG 1
#define PR_GET_PDEATHSIG 2
#define PR_GET_DUMPABLE 3
#define PR_SET_DUMPABLE 4
#define PR_SET_NAME 15
#define PR_GET_NAME 16
#define PR_SET_NO_NEW_PRIVS 38
#define PR_GET_NO_NEW_PRIVS 39

SYSCALL_DEFINE5(prctl, int, option, unsigned long, arg2, unsigned long, arg3, unsigned long, arg4, unsigned long, arg5)
{
	char comm[TASK_COMM_LEN];

	switch (option) {
	case PR_SET_PDEATHSIG:
		if (!valid_signal(arg2))
			return -EINVAL;
		current->pdeath_signal = (int)arg2;
		return 0;
	case PR_GET_PDEATHSIG:
		return put_user(current->pdeath_signal, (int __user *)arg2);
	case PR_GET_DUMPABLE:
		return current->mm->dumpable;
	case PR_SET_DUMPABLE:
		if (arg2 > 1)
			return -EINVAL;
		current->mm->dumpable = arg2 == 1;
		return 0;
	case PR_SET_NAME:
		comm[TASK_COMM_LEN - 1] = '\0';
		if (strncpy_from_user(comm, (char __user *)arg2, TASK_COMM_LEN - 1) < 0)
			return -EFAULT;
		set_task_comm(current, comm);
		return 0;
	case PR_GET_NAME:
		get_task_comm(comm, current);
		return copy_to_user((char __user *)arg2, comm, sizeof(comm)) ? -EFAULT : 0;
	case PR_SET_NO_NEW_PRIVS:
		if (arg2 != 1)
			return -EINVAL;
		current->no_new_privs = 1;
		return 0;
	case PR_GET_NO_NEW_PRIVS:
		return current->no_new_privs;
	default:
		return -EINVAL;
	}
}

#define LINUX_REBOOT_CMD_RESTART 0x01234567
#define LINUX_REBOOT_CMD_HALT 0xcdef0123
#define LINUX_REBOOT_CMD_POWER_OFF 0x4321fedc

SYSCALL_DEFINE4(reboot, int, magic1, int, magic2, unsigned int, cmd, void __user *, arg)
{
	if (!capable(CAP_SYS_BOOT))
		return -EPERM;
	if ((u32)magic1 != 0xfee1dead)
		return -EINVAL;
	switch (cmd) {
	case LINUX_REBOOT_CMD_RESTART:
	case LINUX_REBOOT_CMD_HALT:
	case LINUX_REBOOT_CMD_POWER_OFF:
		system_state = cmd == LINUX_REBOOT_CMD_RESTART ? SYSTEM_RESTART : SYSTEM_POWER_OFF;
		pr_emerg("reboot: %s\n", cmd == LINUX_REBOOT_CMD_RESTART ? "Restarting system" : "Power down");
		lab_power_off(0);
		do_exit(0);
	default:
		return -EINVAL;
	}
}

SYSCALL_DEFINE3(syslog, int, type, char __user *, buf, int, len)
{
	return do_syslog(type, buf, len, 0);
}

EXPORT_SYMBOL(init_uts_ns);
EXPORT_SYMBOL(uts_sem);
