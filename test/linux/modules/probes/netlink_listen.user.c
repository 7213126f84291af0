/* Says hello on a netlink protocol, opens a file, and prints what comes back. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct address { unsigned short family, pad; unsigned int pid, groups; };
struct header { unsigned int length; unsigned short type, flags; unsigned int seq, pid; };

int main(void)
{
	struct address kernel = { 16 }, mine = { 16, 0, getpid() };
	struct { struct header h; char text[64]; } message = { { 16 + 8, 0x20, 1, 0, getpid() }, "hi lab!" };
	int fd = socket(16, SOCK_RAW, 31), n;

	if (fd < 0) {
		printf("socket: %s\n", strerror(errno));
		return 1;
	}
	printf("wrong protocol: %d\n", socket(16, SOCK_RAW, 30));
	printf("bind %d\n", bind(fd, (struct sockaddr *)&mine, sizeof(mine)));
	printf("sent %d\n", (int)sendto(fd, &message, message.h.length, 0, (struct sockaddr *)&kernel, sizeof(kernel)));
	close(open("/etc/hostname", O_RDONLY));
	n = recv(fd, &message, sizeof(message), 0);
	printf("got %d bytes, type %d: %s\n", n, message.h.type, message.text);
	kernel.pid = 4242;
	printf("nobody there: %d\n", (int)sendto(fd, &message, 24, 0, (struct sockaddr *)&kernel, sizeof(kernel)));
	return 0;
}
