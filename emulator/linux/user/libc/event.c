/*
 * Waiting for files: epoll, select, ppoll, and the files made for being waited for.
 */
#include <errno.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/select.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <unistd.h>
#include "internal.h"

int epoll_create(int size)
{
	return (int)CALL1(epoll_create, size);
}

int epoll_create1(int flags)
{
	return (int)CALL1(epoll_create1, flags);
}

int epoll_ctl(int epfd, int op, int fd, struct epoll_event *event)
{
	return (int)CALL4(epoll_ctl, epfd, op, fd, event);
}

int epoll_wait(int epfd, struct epoll_event *events, int maxevents, int timeout)
{
	return (int)CALL4(epoll_wait, epfd, events, maxevents, timeout);
}

int epoll_pwait(int epfd, struct epoll_event *events, int maxevents, int timeout, const sigset_t *mask)
{
	return (int)CALL6(epoll_pwait, epfd, events, maxevents, timeout, mask, sizeof(unsigned long));
}

int eventfd(unsigned int count, int flags)
{
	return (int)CALL2(eventfd2, count, flags);
}

int eventfd_read(int fd, eventfd_t *value)
{
	return read(fd, value, sizeof(*value)) == (ssize_t)sizeof(*value) ? 0 : -1;
}

int eventfd_write(int fd, eventfd_t value)
{
	return write(fd, &value, sizeof(value)) == (ssize_t)sizeof(value) ? 0 : -1;
}

int timerfd_create(clockid_t clock, int flags)
{
	return (int)CALL2(timerfd_create, clock, flags);
}

int timerfd_settime(int fd, int flags, const struct itimerspec *value, struct itimerspec *old)
{
	return (int)CALL4(timerfd_settime, fd, flags, value, old);
}

int timerfd_gettime(int fd, struct itimerspec *value)
{
	return (int)CALL2(timerfd_gettime, fd, value);
}

int signalfd(int fd, const sigset_t *mask, int flags)
{
	return (int)CALL4(signalfd4, fd, mask, sizeof(unsigned long), flags);
}

int ppoll(struct pollfd *fds, nfds_t count, const struct timespec *timeout, const sigset_t *mask)
{
	return (int)CALL5(ppoll, fds, count, timeout, mask, sizeof(unsigned long));
}

int select(int count, fd_set *in, fd_set *out, fd_set *except, struct timeval *timeout)
{
	return (int)CALL5(select, count, in, out, except, timeout);
}

int pselect(int count, fd_set *in, fd_set *out, fd_set *except, const struct timespec *timeout, const sigset_t *mask)
{
	struct { const sigset_t *mask; size_t size; } sixth = { mask, sizeof(unsigned long) };

	return (int)CALL6(pselect6, count, in, out, except, timeout, &sixth);
}
