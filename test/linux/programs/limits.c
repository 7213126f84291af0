/* Resource limits: descriptors, file sizes, address space, processes; who may raise them. */
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

static void set(int resource, unsigned long soft, unsigned long hard)
{
	struct rlimit limit = { soft, hard };

	if (setrlimit(resource, &limit))
		say("setrlimit", -1);
}

static void part(int which)
{
	struct rlimit limit;
	char page[4096] = { 0 };
	int fd, n;

	switch (which) {
	case 0:
		set(RLIMIT_NOFILE, 10, 10);
		for (n = 0; (fd = open("/dev/null", O_RDONLY)) >= 0; n++)
			;
		printf("the last one failed: %s, all below 10: %d\n", strerror(errno), n <= 10);
		break;
	case 1:
		signal(SIGXFSZ, SIG_IGN);
		set(RLIMIT_FSIZE, 6000, 6000);
		fd = open("f", O_RDWR | O_CREAT | O_TRUNC, 0600);
		SHOW(write(fd, page, 4096));
		SHOW(write(fd, page, 4096));
		SHOW(write(fd, page, 4096));
		SHOW(ftruncate(fd, 7000));
		SHOW(ftruncate(fd, 6000));
		break;
	case 2:
		set(RLIMIT_FSIZE, 100, 100);
		fd = open("f", O_RDWR | O_CREAT | O_TRUNC, 0600);
		write(fd, page, 4096);
		write(fd, page, 4096);
		printf("not reached\n");
		break;
	case 3:
		set(RLIMIT_AS, 64 << 20, 64 << 20);
		printf("%s\n", mmap(NULL, 256 << 20, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED ?
			       strerror(errno) : "mapped");
		break;
	case 5:
		setuid(1000);
		set(RLIMIT_NOFILE, 20, 30);
		set(RLIMIT_NOFILE, 30, 30);
		set(RLIMIT_NOFILE, 30, 40);
		set(RLIMIT_NOFILE, 31, 30);
		getrlimit(RLIMIT_NOFILE, &limit);
		printf("%lu %lu\n", limit.rlim_cur, limit.rlim_max);
		SHOW(getrlimit(99, &limit));
		SHOW(setrlimit(99, &limit));
		break;
	}
	_exit(0);
}

int main(void)
{
	int status;

	setbuf(stdout, NULL);
	for (int i = 0; i < 6; i++) {
		if (fork() == 0)
			part(i);
		wait(&status);
		if (WIFSIGNALED(status))
			printf("%d: signal %d\n", i, WTERMSIG(status));
	}
	return 0;
}
