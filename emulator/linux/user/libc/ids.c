/*
 * Who a process is, what it may use, and when it runs.
 */
#include <errno.h>
#include <grp.h>
#include <sched.h>
#include <stdarg.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/sysinfo.h>
#include <sys/times.h>
#include <unistd.h>
#include "internal.h"

int setresuid(uid_t real, uid_t effective, uid_t saved)
{
	return (int)CALL3(setresuid, real, effective, saved);
}

int setresgid(gid_t real, gid_t effective, gid_t saved)
{
	return (int)CALL3(setresgid, real, effective, saved);
}

int getresuid(uid_t *real, uid_t *effective, uid_t *saved)
{
	return (int)CALL3(getresuid, real, effective, saved);
}

int getresgid(gid_t *real, gid_t *effective, gid_t *saved)
{
	return (int)CALL3(getresgid, real, effective, saved);
}

int setreuid(uid_t real, uid_t effective)
{
	return (int)CALL2(setreuid, real, effective);
}

int setregid(gid_t real, gid_t effective)
{
	return (int)CALL2(setregid, real, effective);
}

int seteuid(uid_t uid)
{
	return setresuid((uid_t)-1, uid, (uid_t)-1);
}

int setegid(gid_t gid)
{
	return setresgid((gid_t)-1, gid, (gid_t)-1);
}

int getgroups(int count, gid_t *groups)
{
	return (int)CALL2(getgroups, count, groups);
}

int setgroups(size_t count, const gid_t *groups)
{
	return (int)CALL2(setgroups, count, groups);
}

int getrlimit(int resource, struct rlimit *limit)
{
	return (int)CALL4(prlimit64, 0, resource, NULL, limit);
}

int setrlimit(int resource, const struct rlimit *limit)
{
	return (int)CALL4(prlimit64, 0, resource, limit, NULL);
}

int getrusage(int who, struct rusage *usage)
{
	return (int)CALL2(getrusage, who, usage);
}

int setpriority(int which, unsigned int who, int priority)
{
	return (int)CALL3(setpriority, which, who, priority);
}

clock_t times(struct tms *times)
{
	return CALL1(times, times);
}

int sysinfo(struct sysinfo *info)
{
	return (int)CALL1(sysinfo, info);
}

ssize_t getrandom(void *buffer, size_t length, unsigned int flags)
{
	return CALL3(getrandom, buffer, length, flags);
}

int sched_setscheduler(pid_t pid, int policy, const struct sched_param *param)
{
	return (int)CALL3(sched_setscheduler, pid, policy, param);
}

int sched_getscheduler(pid_t pid)
{
	return (int)CALL1(sched_getscheduler, pid);
}

int sched_setparam(pid_t pid, const struct sched_param *param)
{
	return (int)CALL2(sched_setparam, pid, param);
}

int sched_getparam(pid_t pid, struct sched_param *param)
{
	return (int)CALL2(sched_getparam, pid, param);
}

int sched_get_priority_max(int policy)
{
	return (int)CALL1(sched_get_priority_max, policy);
}

int sched_get_priority_min(int policy)
{
	return (int)CALL1(sched_get_priority_min, policy);
}

int sched_setaffinity(pid_t pid, size_t size, const cpu_set_t *set)
{
	return (int)CALL3(sched_setaffinity, pid, size, set);
}

int sched_getaffinity(pid_t pid, size_t size, cpu_set_t *set)
{
	CPU_ZERO(set);
	return CALL3(sched_getaffinity, pid, size, set) < 0 ? -1 : 0;
}

int sched_getcpu(void)
{
	unsigned int cpu;

	return CALL3(getcpu, &cpu, NULL, NULL) < 0 ? -1 : (int)cpu;
}

/* The kernel answers 20 - nice, so that no answer is negative. */
int getpriority(int which, unsigned int who)
{
	long ret = CALL2(getpriority, which, who);

	return ret < 0 ? -1 : 20 - (int)ret;
}

int nice(int increment)
{
	int now;

	errno = 0;
	now = getpriority(PRIO_PROCESS, 0);
	if (errno || setpriority(PRIO_PROCESS, 0, now + increment) < 0)
		return -1;
	return getpriority(PRIO_PROCESS, 0);
}

int prctl(int option, ...)
{
	unsigned long rest[4];
	va_list args;

	va_start(args, option);
	for (int i = 0; i < 4; i++)
		rest[i] = va_arg(args, unsigned long);
	va_end(args);
	return (int)CALL5(prctl, option, rest[0], rest[1], rest[2], rest[3]);
}
