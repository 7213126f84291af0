/* Tells the tracer device about itself, does something to be counted, prints the table. */
#include <fcntl.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define TRACER_ADD (1u << 30 | 4u << 16 | 't' << 8 | 1)
#define TRACER_REMOVE (1u << 30 | 4u << 16 | 't' << 8 | 2)

int main(void)
{
	int fd = open("/dev/tracer", O_RDONLY), ends[2];
	static char text[512];
	int proc, length;

	if (fd < 0 || ioctl(fd, TRACER_ADD, getpid())) {
		perror("tracer");
		return 1;
	}
	for (int i = 0; i < 3; i++) {
		if (pipe(ends))
			return 1;
		close(ends[0]);
		close(ends[1]);
	}
	usleep(1000);
	ioctl(fd, 12345, 0);
	proc = open("/proc/tracer", O_RDONLY);
	length = read(proc, text, sizeof(text));
	write(1, text, length);
	close(proc);
	printf("removed %d, again %d\n", ioctl(fd, TRACER_REMOVE, getpid()), ioctl(fd, TRACER_REMOVE, getpid()));
	return 0;
}
