/* execve: arguments, environment, descriptors, signals, scripts, and what cannot be executed. */
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

extern char **environ;

static void run(const char *path, char *const argv[], char *const envp[])
{
	if (fork() == 0) {
		execve(path, argv, envp);
		say(path, -1);
		_exit(1);
	}
	wait(NULL);
}

static void make(const char *path, const char *text, mode_t mode)
{
	int fd = open(path, O_CREAT | O_WRONLY | O_TRUNC, 0700);

	write(fd, text, strlen(text));
	close(fd);
	chmod(path, mode);
}

static void look(int argc, char **argv)
{
	sigset_t set;

	printf("%d arguments:", argc);
	for (int i = 1; i < argc; i++)
		printf(" '%s'", argv[i]);
	printf("\nenvironment:");
	for (int i = 0; environ[i]; i++)
		printf(" %s", environ[i]);
	sigprocmask(SIG_BLOCK, NULL, &set);
	printf("\nfd 20 %d, fd 21 %d, USR1 %s, USR2 %s, blocked %d\n", fcntl(20, F_GETFD), fcntl(21, F_GETFD),
	       signal(SIGUSR1, SIG_DFL) == SIG_IGN ? "ignored" : "default",
	       signal(SIGUSR2, SIG_DFL) == SIG_IGN ? "ignored" : "default", sigismember(&set, SIGTERM));
}

static void handler(int sig)
{
}

int main(int argc, char **argv)
{
	char self[256] = { 0 }, script[400];
	char *args[] = { "look", "one", "two words", "", NULL }, *env[] = { "A=1", "B=", NULL }, *none[] = { NULL };
	sigset_t set;
	int fd;

	setbuf(stdout, NULL);
	if (argc > 1) {
		look(argc, argv);
		return 0;
	}
	readlink("/proc/self/exe", self, 255);
	fd = open("/dev/null", O_RDONLY);
	dup2(fd, 20);
	dup3(fd, 21, O_CLOEXEC);
	signal(SIGUSR1, SIG_IGN);
	signal(SIGUSR2, handler);
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_BLOCK, &set, NULL);
	run(self, args, env);
	run(self, args, none);
	snprintf(script, sizeof(script), "#!%s from script\n", self);
	make("script", script, 0755);
	run("./script", args, env);
	run("missing", args, env);
	run(".", args, env);
	make("text", "no program", 0755);
	run("./text", args, env);
	make("empty", "", 0755);
	run("./empty", args, env);
	make("plain", script, 0644);
	run("./plain", args, env);
	make("short", "\177ELF\2\1\1", 0755);
	run("./short", args, env);
	make("nointerpreter", "#!/nothing/here\n", 0755);
	run("./nointerpreter", args, env);
	run("script/x", args, env);
	run("", args, env);
	if (fork() == 0) {
		execve(self, (char **)8, env);
		say("wild arguments", -1);
		_exit(0);
	}
	wait(NULL);
	if (fork() == 0) {
		execve((char *)8, args, env);
		say("wild path", -1);
		_exit(0);
	}
	wait(NULL);
	return 0;
}
