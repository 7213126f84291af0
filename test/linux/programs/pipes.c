/* Pipes: order, end of file, EPIPE, non-blocking ends, a full pipe, and FIFOs. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile sig_atomic_t pipe_signals;

static void on_pipe(int sig)
{
	pipe_signals++;
}

int main(void)
{
	char buffer[70000];
	struct pollfd pollfd;
	int fds[2], status, total = 0;
	ssize_t n;
	pid_t pid;

	pipe(fds);
	write(fds[1], "ab", 2);
	write(fds[1], "cd", 2);
	n = read(fds[0], buffer, 3);
	printf("%zd %.3s\n", n, buffer);
	n = read(fds[0], buffer, 100);
	printf("%zd %.1s\n", n, buffer);
	fcntl(fds[0], F_SETFL, O_NONBLOCK);
	n = read(fds[0], buffer, 1);
	printf("empty: %s\n", n < 0 ? strerror(errno) : "data");
	fcntl(fds[1], F_SETFL, O_NONBLOCK);
	memset(buffer, 'x', sizeof(buffer));
	n = write(fds[1], buffer, sizeof(buffer));
	printf("full after %zd\n", n);
	n = write(fds[1], buffer, 1);
	printf("more: %s\n", n < 0 ? strerror(errno) : "taken");
	pollfd.fd = fds[1];
	pollfd.events = POLLOUT;
	printf("poll for writing: %d\n", poll(&pollfd, 1, 0));
	n = read(fds[0], buffer, sizeof(buffer));
	printf("drained %zd\n", n);
	n = poll(&pollfd, 1, 0);
	printf("poll for writing: %zd %x\n", n, pollfd.revents);
	printf("lseek: %s\n", lseek(fds[0], 0, SEEK_SET) < 0 ? strerror(errno) : "ok");
	printf("write to the reading end: %s\n", write(fds[0], "x", 1) < 0 ? strerror(errno) : "ok");
	close(fds[1]);
	printf("end of file: %zd\n", read(fds[0], buffer, 1));
	close(fds[0]);

	signal(SIGPIPE, on_pipe);
	pipe(fds);
	close(fds[0]);
	n = write(fds[1], "x", 1);
	printf("no reader: %s, signals %d\n", n < 0 ? strerror(errno) : "ok", (int)pipe_signals);
	close(fds[1]);

	pipe(fds);
	pid = fork();
	if (pid == 0) {
		close(fds[0]);
		for (int i = 0; i < 100; i++) {
			memset(buffer, 'a' + i % 26, 3000);
			for (int done = 0; done < 3000;)
				done += write(fds[1], buffer + done, 3000 - done);
		}
		_exit(5);
	}
	close(fds[1]);
	while ((n = read(fds[0], buffer, 4096)) > 0)
		total += n;
	waitpid(pid, &status, 0);
	printf("from the child: %d bytes, exit %d\n", total, WEXITSTATUS(status));
	close(fds[0]);

	signal(SIGPIPE, SIG_DFL);
	pipe(fds);
	pid = fork();
	if (pid == 0) {
		close(fds[0]);
		sleep(0);
		for (;;)
			write(fds[1], buffer, 100);
	}
	close(fds[1]);
	read(fds[0], buffer, 10);
	close(fds[0]);
	waitpid(pid, &status, 0);
	printf("the child died of signal %d\n", WTERMSIG(status));

	printf("mkfifo: %s\n", mkfifo("fifo", 0600) ? strerror(errno) : "ok");
	pid = fork();
	if (pid == 0) {
		int fd = open("fifo", O_WRONLY);

		write(fd, "through the fifo", 16);
		_exit(0);
	}
	fds[0] = open("fifo", O_RDONLY);
	total = 0;
	while ((n = read(fds[0], buffer + total, 100)) > 0)
		total += n;
	printf("%.*s\n", total, buffer);
	waitpid(pid, &status, 0);
	printf("no reader: %s\n", open("fifo", O_WRONLY | O_NONBLOCK) < 0 ? strerror(errno) : "ok");
	return 0;
}
