/* futex(2): waiting, timeouts, waking some, requeueing, sharing between processes. */
#include <linux/futex.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "check.h"

static long futex(volatile int *word, int op, int value, const struct timespec *timeout, volatile int *second, int third)
{
	return syscall(SYS_futex, word, op, value, timeout, second, third);
}

int main(void)
{
	struct timespec soon = { 0, 5000000 }, bad = { 0, -1 };
	volatile int word = 5, *shared;
	int woken = 0;

	setbuf(stdout, NULL);
	SHOW(futex(&word, FUTEX_WAIT, 4, NULL, NULL, 0));
	SHOW(futex(&word, FUTEX_WAIT, 5, &soon, NULL, 0));
	SHOW(futex(&word, FUTEX_WAIT, 5, &bad, NULL, 0));
	SHOW(futex(&word, FUTEX_WAKE, 1, NULL, NULL, 0));
	SHOW(futex((int *)((char *)&word + 1), FUTEX_WAKE, 1, NULL, NULL, 0));
	SHOW(futex((int *)8, FUTEX_WAIT, 1, NULL, NULL, 0));
	SHOW(futex(&word, 100, 1, NULL, NULL, 0));
	SHOW(futex(&word, FUTEX_WAIT_BITSET, 5, NULL, NULL, 0));
	shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	for (int i = 0; i < 4; i++) {
		if (fork() == 0) {
			__atomic_add_fetch(&shared[1], 1, __ATOMIC_SEQ_CST);
			while (shared[0] == 0)
				futex(&shared[0], FUTEX_WAIT, 0, NULL, NULL, 0);
			_exit(0);
		}
	}
	while (shared[1] < 4)
		usleep(1000);
	usleep(20000);
	shared[0] = 1;
	while (woken < 4) {
		long n = futex(&shared[0], FUTEX_WAKE, 2, NULL, NULL, 0);

		if (n < 0 || n > 2)
			printf("woke %ld\n", n);
		woken += n;
	}
	while (wait(NULL) > 0)
		;
	printf("%d woken\n", woken);
	return 0;
}
