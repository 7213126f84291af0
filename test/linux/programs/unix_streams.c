/* AF_UNIX streams: socketpair, names in the file system, half-close, what the other end's end looks like. */
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

int main(void)
{
	struct sockaddr_un name = { .sun_family = AF_UNIX, .sun_path = "sock" }, got;
	socklen_t length = sizeof(got);
	struct ucred cred;
	struct pollfd p;
	struct stat st;
	int s[2], listener, fd, peer;
	char text[32] = { 0 };

	setbuf(stdout, NULL);
	signal(SIGPIPE, SIG_IGN);
	SHOW(socketpair(AF_UNIX, SOCK_STREAM, 0, s));
	SHOW(write(s[0], "hello", 5));
	SHOW(write(s[0], " world", 6));
	SHOW(read(s[1], text, 31));
	puts(text);
	SHOW(write(s[1], "back", 4));
	SHOW(recv(s[0], text, 2, MSG_PEEK));
	SHOW(read(s[0], text, 3));
	SHOW(shutdown(s[0], SHUT_WR));
	SHOW(read(s[1], text, 10));
	SHOW(write(s[0], "x", 1));
	SHOW(write(s[1], "y", 1));
	close(s[1]);
	SHOW(read(s[0], text, 10));
	SHOW(read(s[0], text, 10));
	close(s[0]);
	SHOW(socketpair(AF_INET, SOCK_STREAM, 0, s));
	listener = socket(AF_UNIX, SOCK_STREAM, 0);
	fd = socket(AF_UNIX, SOCK_STREAM, 0);
	SHOW(connect(fd, (struct sockaddr *)&name, sizeof(name)));
	SHOW(listen(listener, 5));
	SHOW(bind(listener, (struct sockaddr *)&name, sizeof(name)));
	stat("sock", &st);
	printf("a socket file %d\n", S_ISSOCK(st.st_mode));
	SHOW(connect(fd, (struct sockaddr *)&name, sizeof(name)));
	SHOW(listen(listener, 5));
	SHOW(bind(fd, (struct sockaddr *)&name, sizeof(name)));
	SHOW(open("sock", 0));
	SHOW(connect(fd, (struct sockaddr *)&name, sizeof(name)));
	SHOW(connect(fd, (struct sockaddr *)&name, sizeof(name)));
	p = (struct pollfd) { listener, POLLIN, 0 };
	SHOW(poll(&p, 1, 0));
	peer = accept(listener, (struct sockaddr *)&got, &length);
	printf("accepted %d, its name has %u bytes\n", peer >= 0, length);
	length = sizeof(got);
	SHOW(getpeername(fd, (struct sockaddr *)&got, &length));
	printf("%s %d\n", got.sun_path, length == offsetof(struct sockaddr_un, sun_path) + 5);
	length = sizeof(cred);
	SHOW(getsockopt(peer, SOL_SOCKET, SO_PEERCRED, &cred, &length));
	printf("it is us %d\n", cred.pid == getpid() && cred.uid == getuid());
	write(fd, "ping", 4);
	SHOW(read(peer, text, 31));
	write(peer, "unread", 6);
	close(fd);
	SHOW(read(peer, text, 31));
	p = (struct pollfd) { peer, POLLIN | POLLOUT, 0 };
	SHOW(poll(&p, 1, 0));
	printf("%#x\n", p.revents);
	SHOW(write(peer, "x", 1));
	unlink("sock");
	fd = socket(AF_UNIX, SOCK_STREAM, 0);
	SHOW(connect(fd, (struct sockaddr *)&name, sizeof(name)));
	SHOW(send(fd, "x", 1, 0));
	SHOW(recv(fd, text, 1, 0));
	SHOW(accept(fd, NULL, NULL));
	SHOW(socket(AF_UNIX, 77, 0));
	return 0;
}
