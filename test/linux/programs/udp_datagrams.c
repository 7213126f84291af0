/* UDP: boundaries, names, connected sockets, truncation, refusals. */
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "check.h"

int main(void)
{
	int a = socket(AF_INET, SOCK_DGRAM, 0), b = socket(AF_INET, SOCK_DGRAM, 0), c;
	struct sockaddr_in an = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) }, bn = an, from;
	struct sockaddr none = { .sa_family = AF_UNSPEC };
	socklen_t length = sizeof(an), flen = sizeof(from);
	struct timeval soon = { 0, 20000 };
	static char big[70000], text[100];
	struct iovec parts[2] = { { text, 2 }, { text + 50, 40 } };
	struct msghdr msg = { .msg_name = &from, .msg_namelen = sizeof(from), .msg_iov = parts, .msg_iovlen = 2 };

	SHOW(bind(a, (struct sockaddr *)&an, sizeof(an)));
	SHOW(bind(b, (struct sockaddr *)&bn, sizeof(bn)));
	getsockname(a, (struct sockaddr *)&an, &length);
	getsockname(b, (struct sockaddr *)&bn, &length);
	SHOW(sendto(a, "one", 3, 0, (struct sockaddr *)&bn, sizeof(bn)));
	SHOW(sendto(a, "", 0, 0, (struct sockaddr *)&bn, sizeof(bn)));
	SHOW(sendto(a, "three", 5, 0, (struct sockaddr *)&bn, sizeof(bn)));
	SHOW(recvfrom(b, text, 100, 0, (struct sockaddr *)&from, &flen));
	printf("%s from a %d\n", text, from.sin_port == an.sin_port);
	SHOW(recv(b, text, 100, 0));
	SHOW(recv(b, text, 2, MSG_TRUNC));
	SHOW(recv(b, text, 100, MSG_DONTWAIT));
	sendto(a, "scattered", 9, 0, (struct sockaddr *)&bn, sizeof(bn));
	SHOW(recvmsg(b, &msg, 0));
	printf("%.2s|%.7s, name %u, flags %d\n", text, text + 50, msg.msg_namelen, msg.msg_flags);
	sendto(a, "scattered", 9, 0, (struct sockaddr *)&bn, sizeof(bn));
	parts[1].iov_len = 3;
	SHOW(recvmsg(b, &msg, 0));
	printf("flags %#x\n", msg.msg_flags);
	SHOW(send(a, "x", 1, 0));
	SHOW(connect(a, (struct sockaddr *)&bn, sizeof(bn)));
	SHOW(send(a, "connected", 9, 0));
	SHOW(read(b, text, 100));
	c = socket(AF_INET, SOCK_DGRAM, 0);
	sendto(c, "stranger", 8, 0, (struct sockaddr *)&an, sizeof(an));
	sendto(b, "friend", 6, 0, (struct sockaddr *)&an, sizeof(an));
	memset(text, 0, sizeof(text));
	SHOW(recv(a, text, 100, 0));
	puts(text);
	SHOW(sendto(c, big, sizeof(big), 0, (struct sockaddr *)&an, sizeof(an)));
	close(b);
	send(a, "nobody", 6, 0);
	usleep(5000);
	SHOW(send(a, "refused", 7, 0));
	SHOW(connect(a, &none, sizeof(none)));
	SHOW(send(a, "x", 1, 0));
	SHOW(listen(a, 1));
	SHOW(accept(a, NULL, NULL));
	setsockopt(c, SOL_SOCKET, SO_RCVTIMEO, &soon, sizeof(soon));
	SHOW(recv(c, text, 1, 0));
	SHOW(sendto(c, "x", 1, 0, (struct sockaddr *)&an, 3));
	SHOW(sendto(c, (void *)8, 10, 0, (struct sockaddr *)&an, sizeof(an)));
	return 0;
}
