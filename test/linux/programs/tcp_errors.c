/* TCP's refusals: no listener, wrong states, taken ports, a closed peer. */
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include "check.h"

static struct sockaddr_in at(int port)
{
	return (struct sockaddr_in) { .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
}

int main(void)
{
	int a = socket(AF_INET, SOCK_STREAM, 0), b = socket(AF_INET, SOCK_STREAM, 0), c, on = 1, error = 0, tries;
	struct sockaddr_in address = at(0), closed = at(1), other = at(0);
	socklen_t length = sizeof(address), elen = sizeof(error);
	struct pollfd p;

	signal(SIGPIPE, SIG_IGN);
	SHOW(socket(77, SOCK_STREAM, 0));
	SHOW(socket(AF_INET, 77, 0));
	SHOW(socket(AF_INET, SOCK_STREAM, IPPROTO_UDP));
	SHOW(connect(b, (struct sockaddr *)&closed, sizeof(closed)));
	SHOW(send(b, "x", 1, 0));
	SHOW(listen(99, 1));
	SHOW(bind(a, (struct sockaddr *)&address, 4));
	SHOW(bind(a, (struct sockaddr *)&address, sizeof(address)));
	SHOW(bind(a, (struct sockaddr *)&address, sizeof(address)));
	getsockname(a, (struct sockaddr *)&address, &length);
	SHOW(accept(a, NULL, NULL));
	SHOW(connect(b, (struct sockaddr *)&address, sizeof(address)));
	listen(a, 2);
	c = socket(AF_INET, SOCK_STREAM, 0);
	SHOW(bind(c, (struct sockaddr *)&address, sizeof(address)));
	setsockopt(c, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	SHOW(bind(c, (struct sockaddr *)&address, sizeof(address)));
	other.sin_addr.s_addr = htonl(0x08080808);
	SHOW(bind(c, (struct sockaddr *)&other, sizeof(other)));
	fcntl(a, F_SETFL, O_NONBLOCK);
	SHOW(accept(a, NULL, NULL));
	close(c);
	c = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
	tries = connect(c, (struct sockaddr *)&address, sizeof(address));
	printf("nonblocking connect %s\n", tries == 0 || errno == EINPROGRESS ? "is on its way" : strerror(errno));
	p = (struct pollfd) { c, POLLOUT, 0 };
	SHOW(poll(&p, 1, 2000));
	getsockopt(c, SOL_SOCKET, SO_ERROR, &error, &elen);
	printf("SO_ERROR %d\n", error);
	connect(c, (struct sockaddr *)&address, sizeof(address));
	SHOW(connect(c, (struct sockaddr *)&address, sizeof(address)));
	fcntl(a, F_SETFL, 0);
	b = accept(a, NULL, NULL);
	SHOW(shutdown(c, 77));
	SHOW(shutdown(c, SHUT_WR));
	SHOW(send(c, "x", 1, 0));
	SHOW(recv(b, &error, 4, 0));
	SHOW(send(b, "back", 4, 0));
	SHOW(recv(c, &error, 4, 0));
	close(c);
	SHOW(send(b, "lost", 4, 0));
	usleep(10000);
	SHOW(send(b, "broken", 6, MSG_NOSIGNAL));
	SHOW(getpeername(a, (struct sockaddr *)&other, &length));
	c = socket(AF_INET, SOCK_STREAM, 0);
	SHOW(shutdown(c, SHUT_WR));
	SHOW(getsockopt(c, SOL_SOCKET, 9999, &error, &elen));
	SHOW(setsockopt(c, SOL_SOCKET, SO_REUSEADDR, &on, 1));
	SHOW(setsockopt(c, SOL_SOCKET, SO_REUSEADDR, (void *)8, 4));
	elen = sizeof(error);
	getsockopt(c, SOL_SOCKET, SO_TYPE, &error, &elen);
	printf("SO_TYPE %d\n", error);
	getsockopt(a, SOL_SOCKET, SO_ACCEPTCONN, &error, &elen);
	printf("SO_ACCEPTCONN %d\n", error);
	return 0;
}
