/* Uses every operation of /dev/chardev0. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

struct mark { int at; char what; };
#define GET_SIZE (2u << 30 | 4u << 16 | 'c' << 8 | 1)
#define SET_MARK (1u << 30 | 8u << 16 | 'c' << 8 | 2)

static void show_poll(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN | POLLOUT };
	int n = poll(&p, 1, 100);

	printf("poll %d: in %d out %d\n", n, (p.revents & POLLIN) != 0, (p.revents & POLLOUT) != 0);
}

int main(void)
{
	int fd = open("/dev/chardev0", O_RDWR | O_NONBLOCK), size, n;
	struct mark good = { 2, 'L' }, bad = { 99, '?' };
	char text[16] = "", *mapped;

	n = read(fd, text, 1);
	printf("nonblocking read %d %s\n", n, errno == EAGAIN ? "EAGAIN" : "?");
	show_poll(fd);
	n = write(fd, "hello", 5);
	ioctl(fd, GET_SIZE, &size);
	printf("wrote %d, size %d\n", n, size);
	show_poll(fd);
	n = ioctl(fd, SET_MARK, &good);
	printf("mark %d, mark too far %d %s, ", n, ioctl(fd, SET_MARK, &bad), errno == ERANGE ? "ERANGE" : "?");
	n = ioctl(fd, 1234, 0);
	printf("other %d %s\n", n, errno == ENOTTY ? "ENOTTY" : "?");
	mapped = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (mapped == MAP_FAILED) {
		perror("mmap");
		return 1;
	}
	printf("mapped: %s, ", mapped);
	mapped[0] = 'H';
	printf("changed\n");
	munmap(mapped, 4096);
	lseek(fd, 0, SEEK_SET);
	n = read(fd, text, sizeof(text));
	printf("read: %.*s\n", n, text);
	n = lseek(fd, 2, SEEK_SET);
	printf("lseek %d, ", n);
	n = read(fd, text, sizeof(text));
	printf("rest %.*s\n", n, text);
	close(fd);
	return 0;
}
