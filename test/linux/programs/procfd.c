/* Opening files through /proc/self/fd and /dev/stdin: the file itself, with a position of its own, even without a name. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

static int reopen(int fd, int flags)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return open(path, flags);
}

int main(void)
{
	char buffer[64], path[64];
	int fds[2], fd, again;
	ssize_t n;

	fd = open("file", O_RDWR | O_CREAT | O_TRUNC, 0644);
	write(fd, "content", 7);
	again = reopen(fd, O_RDONLY);
	n = read(again, buffer, sizeof(buffer));
	printf("named: %.*s\n", (int)n, buffer);
	unlink("file");
	close(again);
	again = reopen(fd, O_RDONLY);
	n = read(again, buffer, sizeof(buffer));
	printf("unlinked: %.*s\n", (int)n, buffer);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	n = readlink(path, buffer, sizeof(buffer));
	printf("reads as deleted: %d\n", n > 10 && !memcmp(buffer + n - 10, " (deleted)", 10));
	pipe(fds);
	again = reopen(fds[1], O_WRONLY);
	write(again, "through", 7);
	n = read(fds[0], buffer, sizeof(buffer));
	printf("pipe: %.*s\n", (int)n, buffer);
	fd = socket(AF_INET, SOCK_STREAM, 0);
	printf("socket: %s\n", reopen(fd, O_RDWR) < 0 ? strerror(errno) : "ok");
	printf("closed: %s\n", reopen(99, O_RDWR) < 0 ? strerror(errno) : "ok");
	dup2(fds[0], 0);
	write(fds[1], "standard input", 14);
	fd = open("/dev/stdin", O_RDONLY);
	n = read(fd, buffer, sizeof(buffer));
	printf("/dev/stdin: %.*s\n", (int)n, buffer);
	mkdir("directory", 0755);
	chdir("directory");
	fd = open("/proc/self/cwd/../directory/x", O_CREAT | O_WRONLY, 0644);
	printf("through cwd: %d %d\n", fd >= 0, access("x", F_OK));
	return 0;
}
