/* TCP over loopback: an echo server with several clients, half-close, large transfers, names of both ends. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

static struct sockaddr_in address;

static int dial(void)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	return connect(fd, (struct sockaddr *)&address, sizeof(address)) < 0 ? -1 : fd;
}

static void client(int seed, int total)
{
	static char out[5000], in[5000];
	int fd = dial();
	long sent = 0, got = 0, bad = 0;

	for (int i = 0; i < 5000; i++)
		out[i] = (char)(i * seed);
	if (fork() == 0) {
		while (sent < total)
			sent += write(fd, out + sent % 5000, 5000 - sent % 5000);
		shutdown(fd, SHUT_WR);
		_exit(0);
	}
	while ((sent = read(fd, in, sizeof(in))) > 0)
		for (int i = 0; i < sent; i++)
			bad += in[i] != out[got++ % 5000];
	wait(NULL);
	_exit(got == total && !bad ? 0 : 1);
}

static void echo(int fd)
{
	static char buffer[8192];
	ssize_t n;

	while ((n = read(fd, buffer, sizeof(buffer))) > 0)
		for (ssize_t at = 0; at < n;)
			at += write(fd, buffer + at, n - at);
	_exit(0);
}

int main(void)
{
	int listener = socket(AF_INET, SOCK_STREAM, 0), fd, on = 1, status, failed = 0;
	struct sockaddr_in peer, own;
	socklen_t length = sizeof(address);

	setbuf(stdout, NULL);
	address.sin_family = AF_INET;
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	SHOW(bind(listener, (struct sockaddr *)&address, sizeof(address)));
	SHOW(listen(listener, 8));
	getsockname(listener, (struct sockaddr *)&address, &length);
	printf("a port %d, length %u\n", address.sin_port != 0, length);
	for (int i = 0; i < 4; i++)
		if (fork() == 0)
			client(i + 3, 100000);
	for (int i = 0; i < 4; i++) {
		fd = accept(listener, NULL, NULL);
		if (fork() == 0)
			echo(fd);
		close(fd);
	}
	for (int i = 0; i < 8; i++) {
		wait(&status);
		failed += status != 0;
	}
	printf("%d failed\n", failed);
	fd = dial();
	length = sizeof(peer);
	SHOW(getpeername(fd, (struct sockaddr *)&peer, &length));
	length = sizeof(own);
	SHOW(getsockname(fd, (struct sockaddr *)&own, &length));
	printf("peer is the listener %d, own port differs %d\n", peer.sin_port == address.sin_port,
	       own.sin_port != peer.sin_port);
	SHOW(setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)));
	status = accept(listener, (struct sockaddr *)&peer, &length);
	printf("it says who came %d\n", peer.sin_port == own.sin_port);
	SHOW(send(fd, "abc", 3, 0));
	SHOW(recv(status, &peer, 16, MSG_PEEK));
	SHOW(recv(status, &peer, 2, 0));
	SHOW(recv(status, &peer, 16, MSG_DONTWAIT));
	SHOW(recv(status, &peer, 16, MSG_DONTWAIT));
	close(fd);
	SHOW(recv(status, &peer, 16, 0));
	return 0;
}
