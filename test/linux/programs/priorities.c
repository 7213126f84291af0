/* nice, scheduling policies, affinity. */
#include <sched.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

int main(void)
{
	struct sched_param param = { 0 };
	cpu_set_t set;

	setbuf(stdout, NULL);
	SHOW(getpriority(PRIO_PROCESS, 0));
	SHOW(setpriority(PRIO_PROCESS, 0, 5));
	SHOW(getpriority(PRIO_PROCESS, getpid()));
	SHOW(nice(3));
	SHOW(setpriority(PRIO_PROCESS, 0, 100));
	SHOW(getpriority(PRIO_PROCESS, 0));
	SHOW(getpriority(9, 0));
	SHOW(getpriority(PRIO_PROCESS, 1 << 22));
	if (fork() == 0) {
		SHOW(getpriority(PRIO_PROCESS, 0));
		setuid(1000);
		SHOW(setpriority(PRIO_PROCESS, 0, 1));
		_exit(0);
	}
	wait(NULL);
	SHOW(sched_getscheduler(0));
	SHOW(sched_getparam(0, &param));
	SHOW(sched_setscheduler(0, SCHED_BATCH, &param));
	SHOW(sched_getscheduler(0));
	param.sched_priority = 5;
	SHOW(sched_setscheduler(0, SCHED_OTHER, &param));
	SHOW(sched_setscheduler(0, 99, &param));
	SHOW(sched_get_priority_max(SCHED_FIFO));
	SHOW(sched_get_priority_min(SCHED_RR));
	SHOW(sched_get_priority_max(SCHED_OTHER));
	SHOW(sched_get_priority_max(99));
	SHOW(sched_getaffinity(0, sizeof(set), &set));
	printf("at least one CPU %d\n", CPU_ISSET(0, &set) != 0);
	CPU_ZERO(&set);
	CPU_SET(0, &set);
	SHOW(sched_setaffinity(0, sizeof(set), &set));
	SHOW(sched_yield());
	printf("there %d\n", sched_getcpu());
	CPU_ZERO(&set);
	SHOW(sched_setaffinity(0, sizeof(set), &set));
	SHOW(sched_setaffinity(1 << 22, sizeof(set), &set));
	return 0;
}
