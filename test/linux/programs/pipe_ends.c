/* What happens at a pipe's ends: EPIPE and SIGPIPE, end of file, partial writes, O_NONBLOCK, sizes, O_CLOEXEC. */
#include <fcntl.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

static int pipes_seen;

static void on_pipe(int sig)
{
	pipes_seen++;
}

int main(void)
{
	static char big[200000];
	int p[2], status, n = 0;
	long total = 0, got;

	setbuf(stdout, NULL);
	signal(SIGPIPE, on_pipe);
	pipe(p);
	SHOW(fcntl(p[1], F_GETPIPE_SZ));
	SHOW(write(p[1], "hello", 5));
	ioctl(p[0], FIONREAD, &n);
	printf("FIONREAD %d\n", n);
	SHOW(read(p[0], big, 3));
	SHOW(read(p[0], big, 100));
	SHOW(read(p[1], big, 1));
	SHOW(write(p[0], big, 1));
	SHOW(lseek(p[0], 0, SEEK_CUR));
	SHOW(pread(p[0], big, 1, 0));
	fcntl(p[1], F_SETFL, O_NONBLOCK);
	fcntl(p[0], F_SETFL, O_NONBLOCK);
	SHOW(read(p[0], big, 1));
	SHOW(write(p[1], big, sizeof(big)));
	SHOW(write(p[1], big, 1));
	SHOW(fcntl(p[1], F_SETPIPE_SZ, 4096));
	SHOW(fcntl(p[1], F_SETPIPE_SZ, 131072));
	while ((got = read(p[0], big, sizeof(big))) > 0)
		total += got;
	printf("drained %ld\n", total);
	SHOW(fcntl(p[1], F_SETPIPE_SZ, 5000));
	SHOW(write(p[1], big, 0));
	close(p[0]);
	SHOW(write(p[1], "x", 1));
	printf("SIGPIPE %d\n", pipes_seen);
	close(p[1]);
	pipe(p);
	if (fork() == 0) {
		signal(SIGPIPE, SIG_DFL);
		close(p[0]);
		write(p[1], "x", 1);
		usleep(10000);
		write(p[1], "y", 1);
		_exit(1);
	}
	close(p[1]);
	read(p[0], big, 1);
	close(p[0]);
	wait(&status);
	printf("killed by %d\n", WIFSIGNALED(status) ? WTERMSIG(status) : 0);
	pipe(p);
	if (fork() == 0) {
		close(p[0]);
		for (total = 0; total < 150000;)
			total += write(p[1], big, sizeof(big) - total > 70000 ? 70000 : 10000);
		_exit(0);
	}
	close(p[1]);
	for (total = 0; (got = read(p[0], big, 999)) > 0;)
		total += got;
	printf("through %ld\n", total);
	wait(NULL);
	SHOW(pipe2(p, O_CLOEXEC | O_NONBLOCK));
	printf("%d %d\n", fcntl(p[0], F_GETFD), (fcntl(p[1], F_GETFL) & O_NONBLOCK) != 0);
	SHOW(pipe2(p, O_APPEND));
	SHOW(pipe((int *)8));
	return 0;
}
