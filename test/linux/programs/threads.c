/* Threads by clone: shared memory, descriptors and directory, thread ids, and the futex that exit wakes. */
#include <fcntl.h>
#include <linux/futex.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

#define THREADS 8
#define FLAGS (CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM | CLONE_PARENT_SETTID | \
	       CLONE_CHILD_CLEARTID)

static volatile int counter, lock, tids[THREADS], ids[THREADS], opened;

static void acquire(void)
{
	while (__atomic_exchange_n(&lock, 1, __ATOMIC_ACQUIRE))
		syscall(SYS_futex, &lock, FUTEX_WAIT, 1, NULL, NULL, 0);
}

static void release(void)
{
	__atomic_store_n(&lock, 0, __ATOMIC_RELEASE);
	syscall(SYS_futex, &lock, FUTEX_WAKE, 1, NULL, NULL, 0);
}

static int work(void *arg)
{
	int me = (int)(long)arg;

	ids[me] = syscall(SYS_gettid);
	for (int i = 0; i < 200; i++) {
		acquire();
		counter++;
		release();
	}
	if (me == 0)
		opened = open("f", O_CREAT | O_RDWR, 0600);
	syscall(SYS_exit, 0);
	return 0;
}

static int cousin(void *arg)
{
	counter += 1000;
	chdir("/");
	return 6;
}

int main(void)
{
	char *stacks = mmap(NULL, THREADS * 65536, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int status, distinct = 1;
	pid_t pid;

	setbuf(stdout, NULL);
	for (long i = 0; i < THREADS; i++)
		if (clone(work, stacks + (i + 1) * 65536, FLAGS, (void *)i, &tids[i], NULL, &tids[i]) < 0)
			say("clone", -1);
	for (int i = 0; i < THREADS; i++) {
		int tid;

		while ((tid = tids[i]) != 0)
			syscall(SYS_futex, &tids[i], FUTEX_WAIT, tid, NULL, NULL, 0);
	}
	printf("counter %d\n", counter);
	for (int i = 0; i < THREADS; i++)
		for (int j = 0; j < i; j++)
			distinct &= ids[i] != ids[j] && ids[i] != getpid();
	printf("distinct ids %d, opened by a thread %d\n", distinct, fcntl(opened, F_GETFD) >= 0);
	SHOW(wait(&status));
	pid = clone(cousin, stacks + 65536, CLONE_VM | CLONE_FS | SIGCHLD, NULL);
	waitpid(pid, &status, 0);
	printf("a child in our memory: counter %d, exit %d, directory %s\n", counter, WEXITSTATUS(status),
	       getcwd(stacks, 100));
	pid = clone(cousin, stacks + 65536, SIGCHLD, NULL);
	waitpid(pid, &status, 0);
	printf("a child with its own: counter %d\n", counter);
	SHOW(clone(cousin, stacks + 65536, CLONE_THREAD, NULL));
	SHOW(clone(cousin, stacks + 65536, CLONE_SIGHAND, NULL));
	return 0;
}
