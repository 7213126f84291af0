/* prctl: the name that ps shows, the signal at the parent's end, and the name in /proc. */
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

static void show_file(const char *path)
{
	char text[64] = { 0 };
	int fd = open(path, O_RDONLY);

	read(fd, text, 63);
	close(fd);
	printf("%s: %s", path, text);
}

int main(void)
{
	char name[17] = { 0 };
	int value = -1, p[2];

	setbuf(stdout, NULL);
	SHOW(prctl(PR_SET_NAME, "a name that is far too long"));
	SHOW(prctl(PR_GET_NAME, name));
	puts(name);
	show_file("/proc/self/comm");
	SHOW(prctl(PR_SET_NAME, (char *)8));
	SHOW(prctl(PR_SET_PDEATHSIG, SIGTERM));
	SHOW(prctl(PR_GET_PDEATHSIG, &value));
	printf("%d\n", value);
	SHOW(prctl(PR_SET_PDEATHSIG, 99));
	SHOW(prctl(PR_GET_DUMPABLE));
	SHOW(prctl(PR_SET_DUMPABLE, 0));
	SHOW(prctl(PR_GET_DUMPABLE));
	SHOW(prctl(PR_SET_DUMPABLE, 7));
	SHOW(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
	SHOW(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0));
	SHOW(prctl(123456));
	pipe(p);
	if (fork() == 0) {
		if (fork() == 0) {
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			write(p[1], "r", 1);
			close(p[0]);
			for (;;)
				pause();
		}
		read(p[0], name, 1);
		_exit(0);
	}
	close(p[1]);
	wait(NULL);
	/* The end of the pipe comes when the grandchild has been killed. */
	SHOW(read(p[0], name, 1));
	return 0;
}
