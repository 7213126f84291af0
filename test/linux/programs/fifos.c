/* FIFOs: opening waits for the other end. */
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

int main(void)
{
	char text[16] = { 0 };
	int fd;

	setbuf(stdout, NULL);
	signal(SIGPIPE, SIG_IGN);
	SHOW(mkfifo("fifo", 0600));
	SHOW(mkfifo("fifo", 0600));
	SHOW(open("fifo", O_WRONLY | O_NONBLOCK));
	fd = open("fifo", O_RDONLY | O_NONBLOCK);
	printf("nonblocking reader %d\n", fd >= 0);
	SHOW(read(fd, text, 4));
	close(fd);
	if (fork() == 0) {
		fd = open("fifo", O_WRONLY);
		write(fd, "hello", 5);
		close(fd);
		_exit(0);
	}
	fd = open("fifo", O_RDONLY);
	SHOW(read(fd, text, 15));
	puts(text);
	SHOW(read(fd, text, 15));
	wait(NULL);
	close(fd);
	fd = open("fifo", O_RDWR);
	printf("both ends %d\n", fd >= 0);
	SHOW(write(fd, "self", 4));
	SHOW(read(fd, text, 15));
	SHOW(lseek(fd, 0, SEEK_SET));
	return 0;
}
