/* Descriptors and credentials that travel over a socket. */
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

static long send_fds(int sock, int *fds, int count, const char *text)
{
	char control[CMSG_SPACE(sizeof(int) * 4)] = { 0 };
	struct iovec part = { (void *)text, strlen(text) };
	struct msghdr msg = { .msg_iov = &part, .msg_iovlen = 1, .msg_control = control,
			      .msg_controllen = CMSG_SPACE(sizeof(int) * count) };
	struct cmsghdr *cmsg = CMSG_FIRSTHDR(&msg);

	cmsg->cmsg_level = SOL_SOCKET;
	cmsg->cmsg_type = SCM_RIGHTS;
	cmsg->cmsg_len = CMSG_LEN(sizeof(int) * count);
	memcpy(CMSG_DATA(cmsg), fds, sizeof(int) * count);
	return sendmsg(sock, &msg, 0);
}

static long take(int sock, int *fds, int room, int *count, int *flags)
{
	char control[CMSG_SPACE(sizeof(int) * 4)] = { 0 }, text[16];
	struct iovec part = { text, sizeof(text) };
	struct msghdr msg = { .msg_iov = &part, .msg_iovlen = 1, .msg_control = control,
			      .msg_controllen = room ? CMSG_SPACE(sizeof(int) * room) : 0 };
	long ret = recvmsg(sock, &msg, MSG_CMSG_CLOEXEC);
	struct cmsghdr *cmsg = CMSG_FIRSTHDR(&msg);

	*count = 0;
	*flags = msg.msg_flags & (MSG_CTRUNC | MSG_TRUNC);
	if (ret >= 0 && cmsg) {
		*count = (int)((cmsg->cmsg_len - CMSG_LEN(0)) / sizeof(int));
		memcpy(fds, CMSG_DATA(cmsg), *count * sizeof(int));
	}
	return ret;
}

int main(void)
{
	int s[2], p[2], fds[4], got[4], count, flags, bad = 99;
	char text[32] = { 0 };

	setbuf(stdout, NULL);
	socketpair(AF_UNIX, SOCK_STREAM, 0, s);
	pipe(p);
	if (fork() == 0) {
		fds[0] = open("f", O_RDWR | O_CREAT, 0600);
		fds[1] = p[1];
		write(fds[0], "from the child", 14);
		send_fds(s[1], fds, 2, "two");
		_exit(0);
	}
	close(p[1]);
	SHOW(take(s[0], got, 2, &count, &flags));
	wait(NULL);
	printf("%d descriptors, flags %d, close-on-exec %d\n", count, flags, fcntl(got[0], F_GETFD));
	printf("the position is shared: %ld\n", (long)lseek(got[0], 0, SEEK_CUR));
	SHOW(pread(got[0], text, 31, 0));
	puts(text);
	write(got[1], "x", 1);
	SHOW(read(p[0], text, 1));
	close(got[1]);
	SHOW(read(p[0], text, 1));
	SHOW(send_fds(s[1], &bad, 1, "bad"));
	fds[0] = fds[1] = fds[2] = got[0];
	SHOW(send_fds(s[1], fds, 3, "cut"));
	SHOW(take(s[0], got, 1, &count, &flags));
	printf("%d came, truncated %d\n", count >= 1, (flags & MSG_CTRUNC) != 0);
	SHOW(send_fds(s[1], fds, 1, "refused"));
	SHOW(take(s[0], got, 0, &count, &flags));
	printf("none came, truncated %d\n", (flags & MSG_CTRUNC) != 0);
	pipe(p);
	send_fds(s[1], &p[1], 1, "in flight");
	close(p[1]);
	fcntl(p[0], F_SETFL, O_NONBLOCK);
	SHOW(read(p[0], text, 1));
	close(s[0]);
	SHOW(read(p[0], text, 1));
	return 0;
}
