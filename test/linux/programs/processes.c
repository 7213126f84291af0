/* fork, wait, exit codes, orphans' and children's pids, exec with arguments and environment. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static int shared = 1;

int main(int argc, char **argv)
{
	int status, fds[2];
	char c;
	pid_t pid, got;

	if (argc > 1) {
		printf("%s: %d arguments, last \"%s\", COLOR=%s\n", "again", argc - 1, argv[argc - 1], getenv("COLOR"));
		fflush(stdout);
		printf("descriptor %s: %s\n", argv[1], write(atoi(argv[1]), "", 0) < 0 ? strerror(errno) : "open");
		return 42;
	}
	setvbuf(stdout, NULL, _IOLBF, 0);
	printf("wait without children: %s\n", wait(&status) < 0 ? strerror(errno) : "?");
	pid = fork();
	if (pid == 0) {
		shared = 2;
		_exit(getppid() > 0 && shared == 2 ? 3 : 4);
	}
	got = waitpid(pid, &status, 0);
	printf("same pid %d, exited %d, code %d, our copy %d\n", got == pid, WIFEXITED(status), WEXITSTATUS(status), shared);

	pipe(fds);
	pid = fork();
	if (pid == 0) {
		read(fds[0], &c, 1);
		_exit(c);
	}
	printf("WNOHANG: %d\n", waitpid(pid, &status, WNOHANG));
	write(fds[1], "\7", 1);
	waitpid(-1, &status, 0);
	printf("code %d\n", WEXITSTATUS(status));

	for (int i = 0; i < 10; i++) {
		if (fork() == 0)
			_exit(i);
	}
	int sum = 0;
	while (wait(&status) > 0)
		sum += WEXITSTATUS(status);
	printf("ten children: %d, then %s\n", sum, strerror(errno));

	pid = fork();
	if (pid == 0)
		abort();
	waitpid(pid, &status, 0);
	printf("abort: signalled %d, signal %d\n", WIFSIGNALED(status) != 0, WTERMSIG(status));
	pid = fork();
	if (pid == 0) {
		*(volatile int *)8 = 1;
		_exit(0);
	}
	waitpid(pid, &status, 0);
	printf("wild pointer: signal %d\n", WTERMSIG(status));
	pid = fork();
	if (pid == 0) {
		volatile int zero = 0;

		_exit(10 / zero);
	}
	waitpid(pid, &status, 0);
	printf("division by zero: signal %d\n", WTERMSIG(status));

	fds[0] = open(argv[0], O_RDONLY | O_CLOEXEC);
	pid = fork();
	if (pid == 0) {
		char number[16];
		char *const args[] = { "again", number, "two words", NULL };
		char *const env[] = { "COLOR=blue", NULL };

		snprintf(number, sizeof(number), "%d", fds[0]);
		execve(argv[0], args, env);
		_exit(1);
	}
	waitpid(pid, &status, 0);
	printf("exec: code %d\n", WEXITSTATUS(status));
	printf("exec of nothing: %s\n", execl("./nothing", "nothing", (char *)NULL) < 0 ? strerror(errno) : "?");
	printf("exec of a directory: %s\n", execl("/", "x", (char *)NULL) < 0 ? strerror(errno) : "?");
	close(creat("not-a-program", 0755));
	printf("exec of an empty file: %s\n", execl("./not-a-program", "x", (char *)NULL) < 0 ? strerror(errno) : "?");
	chmod("not-a-program", 0644);
	printf("exec without permission: %s\n", execl("./not-a-program", "x", (char *)NULL) < 0 ? strerror(errno) : "?");
	return 0;
}
