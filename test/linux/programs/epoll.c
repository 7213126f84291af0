/* epoll: level and edge triggering, one shot, what ends a watch, nesting, and what cannot be watched. */
#include <fcntl.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "check.h"

static int ep;

static void show(const char *what)
{
	struct epoll_event events[8];
	int n = epoll_wait(ep, events, 8, 0);

	printf("%s:", what);
	for (int i = 0; i < n; i++)
		printf(" [%d %#x]", events[i].data.fd, events[i].events);
	printf(n ? "\n" : " nothing\n");
}

static long ctl(int op, int fd, unsigned int events, int tag)
{
	struct epoll_event event = { .events = events, .data.fd = tag };

	return epoll_ctl(ep, op, fd, &event);
}

int main(void)
{
	int p[2], q[2], inner, file = open("f", O_RDWR | O_CREAT, 0600), copy;
	char byte;

	ep = epoll_create1(EPOLL_CLOEXEC);
	pipe(p);
	pipe(q);
	SHOW(ctl(EPOLL_CTL_ADD, p[0], EPOLLIN, 1));
	SHOW(ctl(EPOLL_CTL_ADD, p[0], EPOLLIN, 1));
	SHOW(ctl(EPOLL_CTL_ADD, p[1], EPOLLOUT, 2));
	SHOW(ctl(EPOLL_CTL_ADD, file, EPOLLIN, 3));
	SHOW(ctl(EPOLL_CTL_ADD, ep, EPOLLIN, 3));
	SHOW(ctl(EPOLL_CTL_ADD, 99, EPOLLIN, 3));
	SHOW(ctl(EPOLL_CTL_MOD, q[0], EPOLLIN, 3));
	SHOW(ctl(EPOLL_CTL_DEL, q[0], EPOLLIN, 3));
	SHOW(ctl(77, p[0], EPOLLIN, 3));
	show("the writer is ready");
	SHOW(ctl(EPOLL_CTL_DEL, p[1], 0, 0));
	show("empty");
	write(p[1], "ab", 2);
	show("level");
	show("still");
	SHOW(ctl(EPOLL_CTL_MOD, p[0], EPOLLIN | EPOLLET, 4));
	show("edge");
	show("told once");
	write(p[1], "c", 1);
	show("another write");
	SHOW(ctl(EPOLL_CTL_MOD, p[0], EPOLLIN | EPOLLONESHOT, 5));
	show("one shot");
	show("disarmed");
	SHOW(ctl(EPOLL_CTL_MOD, p[0], EPOLLIN | EPOLLONESHOT, 6));
	show("armed again");
	SHOW(ctl(EPOLL_CTL_MOD, p[0], EPOLLIN, 7));
	while (fcntl(p[0], F_SETFL, O_NONBLOCK), read(p[0], &byte, 1) == 1)
		;
	show("drained");
	close(p[1]);
	show("no writer");
	copy = dup(p[0]);
	close(p[0]);
	show("a duplicate keeps the watch");
	close(copy);
	show("gone");
	inner = epoll_create1(0);
	SHOW(ctl(EPOLL_CTL_ADD, inner, EPOLLIN, 8));
	struct epoll_event event = { .events = EPOLLIN };
	SHOW(epoll_ctl(inner, EPOLL_CTL_ADD, q[0], &event));
	show("nested, empty");
	write(q[1], "x", 1);
	show("nested");
	SHOW(epoll_ctl(inner, EPOLL_CTL_ADD, ep, &event));
	SHOW(epoll_wait(ep, &event, 0, 0));
	SHOW(epoll_wait(file, &event, 1, 0));
	SHOW(epoll_wait(ep, (struct epoll_event *)8, 1, 0));
	SHOW(epoll_create(0));
	SHOW(epoll_create1(1));
	return 0;
}
