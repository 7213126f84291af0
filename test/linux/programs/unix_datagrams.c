/* AF_UNIX datagrams and sequenced packets: boundaries, names (abstract ones too), and who may send. */
#include <stddef.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "check.h"

int main(void)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX, .sun_path = "\0abstract" }, b = { .sun_family = AF_UNIX, .sun_path = "b" };
	struct sockaddr_un from;
	socklen_t alen = offsetof(struct sockaddr_un, sun_path) + 9, length = sizeof(from);
	int s[2], x = socket(AF_UNIX, SOCK_DGRAM, 0), y = socket(AF_UNIX, SOCK_DGRAM, 0), z = socket(AF_UNIX, SOCK_DGRAM, 0);
	char text[64] = { 0 };

	SHOW(bind(x, (struct sockaddr *)&a, alen));
	SHOW(bind(y, (struct sockaddr *)&a, alen));
	SHOW(bind(y, (struct sockaddr *)&b, sizeof(b)));
	SHOW(sendto(y, "to x", 4, 0, (struct sockaddr *)&a, alen));
	SHOW(recvfrom(x, text, 63, 0, (struct sockaddr *)&from, &length));
	printf("%s from %s, %u bytes\n", text, from.sun_path, length);
	SHOW(sendto(z, "unnamed", 7, 0, (struct sockaddr *)&a, alen));
	length = sizeof(from);
	SHOW(recvfrom(x, text, 63, 0, (struct sockaddr *)&from, &length));
	printf("no name %u\n", length);
	SHOW(send(z, "x", 1, 0));
	SHOW(connect(z, (struct sockaddr *)&a, alen));
	SHOW(send(z, "connected", 9, 0));
	SHOW(recv(x, text, 4, 0));
	SHOW(recv(x, text, 4, MSG_DONTWAIT));
	SHOW(sendto(y, "x", 1, 0, (struct sockaddr *)&(struct sockaddr_un) { AF_UNIX, "missing" }, sizeof(b)));
	close(x);
	SHOW(send(z, "gone", 4, 0));
	SHOW(connect(y, (struct sockaddr *)&a, alen));
	SHOW(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, s));
	SHOW(write(s[0], "first", 5));
	SHOW(write(s[0], "second", 6));
	SHOW(read(s[1], text, 3));
	SHOW(read(s[1], text, 63));
	close(s[0]);
	SHOW(read(s[1], text, 63));
	SHOW(socketpair(AF_UNIX, SOCK_DGRAM, 0, s));
	SHOW(send(s[0], "", 0, 0));
	SHOW(recv(s[1], text, 10, 0));
	x = socket(AF_UNIX, SOCK_STREAM, 0);
	SHOW(connect(x, (struct sockaddr *)&b, sizeof(b)));
	SHOW(listen(y, 1));
	return 0;
}
