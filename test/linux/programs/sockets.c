/* TCP and UDP over loopback: connecting, both directions, end of stream, refusal, names. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static struct sockaddr_in loopback(int port)
{
	struct sockaddr_in address;

	memset(&address, 0, sizeof(address));
	address.sin_family = AF_INET;
	address.sin_port = htons(port);
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	return address;
}

static int port_of(int fd)
{
	struct sockaddr_in address;
	socklen_t length = sizeof(address);

	getsockname(fd, (struct sockaddr *)&address, &length);
	return ntohs(address.sin_port);
}

static void serve(int listener)
{
	char buffer[4096];
	ssize_t n;
	int fd = accept(listener, NULL, NULL);

	while ((n = read(fd, buffer, sizeof(buffer))) > 0) {
		for (ssize_t i = 0; i < n; i++)
			buffer[i] ^= 0x20;
		for (ssize_t done = 0; done < n;)
			done += write(fd, buffer + done, n - done);
	}
	_exit(n < 0);
}

static void tcp(void)
{
	struct sockaddr_in address = loopback(0), peer;
	socklen_t length = sizeof(peer);
	char buffer[4096];
	int listener = socket(AF_INET, SOCK_STREAM, 0);
	int fd, status, sent = 0, received = 0, wrong = 0;
	pid_t pid;

	printf("bind: %d\n", bind(listener, (struct sockaddr *)&address, sizeof(address)));
	printf("connect before listen: ");
	fd = socket(AF_INET, SOCK_STREAM, 0);
	address = loopback(port_of(listener));
	printf("%s\n", connect(fd, (struct sockaddr *)&address, sizeof(address)) < 0 ? strerror(errno) : "ok");
	close(fd);
	printf("listen: %d\n", listen(listener, 5));
	pid = fork();
	if (pid == 0)
		serve(listener);
	fd = socket(AF_INET, SOCK_STREAM, 0);
	printf("read unconnected: %s\n", read(fd, buffer, 1) < 0 ? strerror(errno) : "ok");
	printf("connect: %d\n", connect(fd, (struct sockaddr *)&address, sizeof(address)));
	printf("connect again: %s\n", connect(fd, (struct sockaddr *)&address, sizeof(address)) < 0 ? strerror(errno) : "ok");
	getpeername(fd, (struct sockaddr *)&peer, &length);
	printf("peer: %s, right port %d, %u bytes\n", inet_ntoa(peer.sin_addr), peer.sin_port == address.sin_port, length);
	write(fd, "Hello", 5);
	for (status = 0; status < 5;)
		status += read(fd, buffer + status, 5 - status);
	printf("echo: %.5s\n", buffer);
	memset(buffer, 'a', sizeof(buffer));
	while (received < 300000) {
		struct pollfd pollfd = { .fd = fd, .events = POLLIN | (sent < 300000 ? POLLOUT : 0) };

		poll(&pollfd, 1, -1);
		if (pollfd.revents & POLLOUT) {
			memset(buffer, 'a', sizeof(buffer));
			status = send(fd, buffer, sent + 4096 > 300000 ? 300000 - sent : 4096, MSG_DONTWAIT);
			if (status > 0)
				sent += status;
		}
		if (pollfd.revents & POLLIN) {
			status = recv(fd, buffer, sizeof(buffer), MSG_DONTWAIT);
			for (int i = 0; i < status; i++)
				wrong += buffer[i] != 'A';
			if (status > 0)
				received += status;
		}
	}
	printf("a lot: %d sent, %d received, %d wrong\n", sent, received, wrong);
	printf("shutdown: %d\n", shutdown(fd, SHUT_WR));
	printf("end of stream: %zd\n", read(fd, buffer, 1));
	signal(SIGPIPE, SIG_IGN);
	printf("write after shutdown: %s\n", write(fd, "x", 1) < 0 ? strerror(errno) : "ok");
	close(fd);
	waitpid(pid, &status, 0);
	printf("server: %d\n", WEXITSTATUS(status));
	close(listener);
	fd = socket(AF_INET, SOCK_STREAM, 0);
	printf("nobody listens: %s\n", connect(fd, (struct sockaddr *)&address, sizeof(address)) < 0 ? strerror(errno) : "ok");
	close(fd);
}

static void udp(void)
{
	struct sockaddr_in address = loopback(0), from;
	socklen_t length = sizeof(from);
	int a = socket(AF_INET, SOCK_DGRAM, 0), b = socket(AF_INET, SOCK_DGRAM, 0), c;
	char buffer[100];
	ssize_t n;

	bind(a, (struct sockaddr *)&address, sizeof(address));
	address = loopback(port_of(a));
	c = socket(AF_INET, SOCK_DGRAM, 0);
	printf("port in use: %s\n", bind(c, (struct sockaddr *)&address, sizeof(address)) < 0 ? strerror(errno) : "ok");
	printf("no destination: %s\n", send(b, "x", 1, 0) < 0 ? strerror(errno) : "ok");
	printf("sent %zd\n", sendto(b, "datagram one", 12, 0, (struct sockaddr *)&address, sizeof(address)));
	printf("sent %zd\n", sendto(b, "two", 3, 0, (struct sockaddr *)&address, sizeof(address)));
	n = recvfrom(a, buffer, 8, 0, (struct sockaddr *)&from, &length);
	printf("cut: %zd %.8s, from %s, right port %d\n", n, buffer, inet_ntoa(from.sin_addr), ntohs(from.sin_port) == port_of(b));
	n = recv(a, buffer, sizeof(buffer), MSG_PEEK);
	printf("peek: %zd %.3s\n", n, buffer);
	n = recv(a, buffer, sizeof(buffer), 0);
	printf("whole: %zd %.3s\n", n, buffer);
	n = recv(a, buffer, sizeof(buffer), MSG_DONTWAIT);
	printf("empty: %s\n", n < 0 ? strerror(errno) : "data");
	connect(b, (struct sockaddr *)&address, sizeof(address));
	printf("connected: %zd\n", write(b, "three", 5));
	printf("read: %zd\n", read(a, buffer, sizeof(buffer)));
	sendto(b, "", 0, 0, NULL, 0);
	printf("empty datagram: %zd\n", recv(a, buffer, sizeof(buffer), 0));
	printf("listen: %s\n", listen(a, 1) < 0 ? strerror(errno) : "ok");
}

int main(void)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	tcp();
	udp();
	printf("bad family: %s\n", socket(99, SOCK_STREAM, 0) < 0 ? strerror(errno) : "ok");
	printf("not a socket: %s\n", listen(open("file", O_RDWR | O_CREAT, 0600), 1) < 0 ? strerror(errno) : "ok");
	return 0;
}
