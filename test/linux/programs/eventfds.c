/* eventfd: a counter that can be waited for. */
#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

static void polled(int fd)
{
	struct pollfd p = { fd, POLLIN | POLLOUT, 0 };

	poll(&p, 1, 0);
	printf("poll %#x\n", p.revents);
}

int main(void)
{
	int fd = eventfd(3, EFD_NONBLOCK), sem = eventfd(2, EFD_SEMAPHORE | EFD_NONBLOCK), slow = eventfd(0, 0);
	uint64_t value = 0;

	setbuf(stdout, NULL);
	polled(fd);
	SHOW(read(fd, &value, 8));
	printf("value %lu\n", (unsigned long)value);
	polled(fd);
	SHOW(read(fd, &value, 8));
	value = 5;
	SHOW(write(fd, &value, 8));
	SHOW(write(fd, &value, 8));
	SHOW(read(fd, &value, 8));
	printf("value %lu\n", (unsigned long)value);
	value = UINT64_MAX;
	SHOW(write(fd, &value, 8));
	value = UINT64_MAX - 1;
	SHOW(write(fd, &value, 8));
	polled(fd);
	value = 1;
	SHOW(write(fd, &value, 8));
	SHOW(write(fd, &value, 4));
	SHOW(read(fd, &value, 4));
	SHOW(read(sem, &value, 8));
	printf("value %lu\n", (unsigned long)value);
	SHOW(read(sem, &value, 8));
	SHOW(read(sem, &value, 8));
	SHOW(eventfd(0, 0x100));
	if (fork() == 0) {
		usleep(5000);
		eventfd_write(slow, 42);
		_exit(0);
	}
	SHOW(eventfd_read(slow, &value));
	printf("value %lu\n", (unsigned long)value);
	wait(NULL);
	return 0;
}
