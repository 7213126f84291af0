/* The stack grows as it is used, up to its limit; other memory does not. */
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

static int deep(int n)
{
	volatile char room[8192];

	room[0] = (char)n;
	room[8191] = 1;
	return n ? deep(n - 1) + room[0] * 0 + room[8191] : 0;
}

static void run(const char *what, int pages, unsigned long limit)
{
	int status;

	if (fork() == 0) {
		struct rlimit stack = { limit, limit };

		setrlimit(RLIMIT_STACK, &stack);
		printf("%s: %d\n", what, deep(pages / 2));
		_exit(0);
	}
	wait(&status);
	if (WIFSIGNALED(status))
		printf("%s: signal %d\n", what, WTERMSIG(status));
}

int main(void)
{
	setbuf(stdout, NULL);
	run("a megabyte", 256, 8 << 20);
	run("six megabytes", 1536, 8 << 20);
	run("more than the limit", 4096, 8 << 20);
	run("a small limit", 256, 512 << 10);
	return 0;
}
