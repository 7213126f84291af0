/* A process whose parent has gone, process groups and sessions. */
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

int main(void)
{
	int p[2], status;
	char text[64] = { 0 };
	pid_t pid, group;

	setbuf(stdout, NULL);
	pipe(p);
	pid = fork();
	if (pid == 0) {
		pid_t parent = getpid();

		if (fork() == 0) {
			for (int i = 0; i < 1000 && getppid() == parent; i++)
				usleep(1000);
			write(p[1], getppid() != parent ? "adopted" : "not adopted", getppid() != parent ? 7 : 11);
			_exit(0);
		}
		_exit(0);
	}
	waitpid(pid, NULL, 0);
	read(p[0], text, 63);
	puts(text);

	pid = fork();
	if (pid == 0) {
		SHOW(setpgid(0, 0));
		printf("own group %d\n", getpgrp() == getpid());
		SHOW(setsid());
		_exit(0);
	}
	wait(NULL);
	pid = fork();
	if (pid == 0) {
		printf("new session %d\n", setsid() == getpid() && getsid(0) == getpid() && getpgrp() == getpid());
		SHOW(setpgid(0, 0));
		_exit(0);
	}
	wait(NULL);
	SHOW(setpgid(0, -1));
	SHOW(setpgid(1 << 22, 0));
	SHOW(getpgid(1 << 22));
	SHOW(getsid(-1));

	/* One signal for a whole group. */
	group = 0;
	for (int i = 0; i < 3; i++) {
		pid = fork();
		if (pid == 0) {
			setpgid(0, group);
			pause();
			_exit(1);
		}
		setpgid(pid, group ? group : pid);
		if (!group)
			group = pid;
	}
	SHOW(kill(-group, 0));
	SHOW(killpg(group, SIGTERM));
	for (int i = 0; i < 3; i++) {
		waitpid(-group, &status, 0);
		printf("signal %d\n", WTERMSIG(status));
	}
	SHOW(waitpid(-group, &status, 0));
	SHOW(kill(-group, 0));
	return 0;
}
