/*
 * A TCP server and a client in one program: the server sends back what it receives.
 *
 * Passes through tcp_v4_connect, tcp_sendmsg, ip_rcv, tcp_v4_rcv and tcp_recvmsg. Argument: messages (default 50).
 */
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define PORT 7777

static struct sockaddr_in address = { .sin_family = AF_INET };

static void serve(int listener)
{
	char buffer[256];
	ssize_t n;
	int fd = accept(listener, NULL, NULL);

	while ((n = recv(fd, buffer, sizeof(buffer), 0)) > 0)
		send(fd, buffer, n, 0);
	_exit(0);
}

int main(int argc, char **argv)
{
	int messages = argc > 1 ? atoi(argv[1]) : 50;
	int listener = socket(AF_INET, SOCK_STREAM, 0), fd, bytes = 0;
	char message[64], answer[64];

	address.sin_port = htons(PORT);
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (bind(listener, (struct sockaddr *)&address, sizeof(address)) < 0 || listen(listener, 1) < 0) {
		perror("listen");
		return 1;
	}
	if (fork() == 0)
		serve(listener);
	fd = socket(AF_INET, SOCK_STREAM, 0);
	if (connect(fd, (struct sockaddr *)&address, sizeof(address)) < 0) {
		perror("connect");
		return 1;
	}
	for (int i = 0; i < messages; i++) {
		int length = snprintf(message, sizeof(message), "message %d", i);
		int got = 0;

		send(fd, message, length, 0);
		while (got < length) {
			ssize_t n = recv(fd, answer + got, length - got, 0);

			if (n <= 0)
				return 1;
			got += n;
		}
		if (memcmp(message, answer, length))
			return 1;
		bytes += length;
	}
	close(fd);
	wait(NULL);
	printf("echo: %d messages, %d bytes there and back\n", messages, bytes);
	return 0;
}
