/* poll's answers for each kind of descriptor and each end of a pipe. */
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include "check.h"

static void ask(const char *what, int fd, short events)
{
	struct pollfd p = { fd, events, 0 };
	int n = poll(&p, 1, 0);

	printf("%s: %d %#x\n", what, n, p.revents);
}

int main(void)
{
	int p[2], file = open("f", O_RDWR | O_CREAT, 0600);
	struct pollfd many[3];
	char page[4096] = { 0 };

	signal(SIGPIPE, SIG_IGN);
	pipe(p);
	ask("empty pipe", p[0], POLLIN);
	ask("its writer", p[1], POLLOUT);
	ask("asked for the wrong thing", p[0], POLLOUT);
	write(p[1], "x", 1);
	ask("one byte", p[0], POLLIN | POLLRDNORM);
	fcntl(p[1], F_SETFL, O_NONBLOCK);
	while (write(p[1], page, sizeof(page)) > 0)
		;
	ask("full", p[1], POLLOUT);
	read(p[0], page, sizeof(page));
	ask("file", file, POLLIN | POLLOUT);
	ask("closed", 99, POLLIN);
	ask("negative", -1, POLLIN);
	close(p[1]);
	ask("no writer, but bytes", p[0], POLLIN);
	while (read(p[0], page, sizeof(page)) > 0)
		;
	ask("no writer", p[0], POLLIN);
	pipe(p);
	close(p[0]);
	ask("no reader", p[1], POLLOUT);
	many[0] = (struct pollfd) { file, POLLIN, 0 };
	many[1] = (struct pollfd) { -5, POLLIN, 0x7fff };
	many[2] = (struct pollfd) { 99, POLLIN, 0 };
	SHOW(poll(many, 3, -1));
	printf("%#x %#x %#x\n", many[0].revents, many[1].revents, many[2].revents);
	SHOW(poll(NULL, 0, 5));
	SHOW(poll((struct pollfd *)8, 1, 0));
	return 0;
}
