/*
 * The beginning and the end of a program, and the system calls about processes.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>
#include "internal.h"

#define MAX_ATEXIT 32
#define MAX_EXEC_ARGS 64

int errno;
char **environ;

static void (*exit_functions[MAX_ATEXIT])(void);
static int exit_count;

long __result(long answer)
{
	if ((unsigned long)answer > -4096UL) {
		errno = (int)-answer;
		return -1;
	}
	return answer;
}

int main(int argc, char **argv, char **envp);

/* stack: argc, argv[0], ..., NULL, envp[0], ..., NULL */
void __libc_start(long *stack)
{
	int argc = (int)stack[0];
	char **argv = (char **)(stack + 1);

	environ = argv + argc + 1;
	exit(main(argc, argv, environ));
}

int atexit(void (*function)(void))
{
	if (exit_count == MAX_ATEXIT)
		return -1;
	exit_functions[exit_count++] = function;
	return 0;
}

void exit(int status)
{
	while (exit_count)
		exit_functions[--exit_count]();
	__stdio_exit();
	_exit(status);
}

void _exit(int status)
{
	for (;;)
		__syscall(SYS_exit_group, status, 0, 0, 0, 0, 0);
}

void _Exit(int status)
{
	_exit(status);
}

void abort(void)
{
	raise(SIGABRT);
	signal(SIGABRT, SIG_DFL);
	raise(SIGABRT);
	_exit(127);
}

void __assert_fail(const char *condition, const char *file, unsigned int line, const char *function)
{
	fprintf(stderr, "%s:%u: %s: Assertion `%s' failed.\n", file, line, function, condition);
	abort();
}

long syscall(long number, ...)
{
	va_list args;
	long a[6];
	int i;

	va_start(args, number);
	for (i = 0; i < 6; i++)
		a[i] = va_arg(args, long);
	va_end(args);
	return __result(__syscall(number, a[0], a[1], a[2], a[3], a[4], a[5]));
}

pid_t fork(void)
{
	return (pid_t)CALL0(fork);
}

/* A child that shares our memory would need assembler here: a copy serves as well. */
int clone(int (*function)(void *), void *stack, int flags, void *argument, ...)
{
	void *parent_tid, *tls, *child_tid;
	va_list args;

	va_start(args, argument);
	parent_tid = va_arg(args, void *);
	tls = va_arg(args, void *);
	child_tid = va_arg(args, void *);
	va_end(args);
	return (int)__result(__clone(function, stack, flags, argument, parent_tid, child_tid, tls));
}

int execve(const char *path, char *const argv[], char *const envp[])
{
	return (int)CALL3(execve, path, argv, envp);
}

int execv(const char *path, char *const argv[])
{
	return execve(path, argv, environ);
}

/* Tries the directories of PATH, as the shell does. */
int execvp(const char *file, char *const argv[])
{
	const char *path = getenv("PATH");
	char name[4096];
	int denied = 0;

	if (strchr(file, '/'))
		return execve(file, argv, environ);
	if (!path)
		path = "/usr/local/bin:/usr/bin:/bin:/sbin";
	for (;;) {
		size_t length = strcspn(path, ":");

		if (length + strlen(file) + 2 <= sizeof(name)) {
			memcpy(name, path, length);
			name[length] = '/';
			strcpy(name + length + (length > 0), file);
			execve(name, argv, environ);
			if (errno == EACCES)
				denied = 1;
			else if (errno != ENOENT && errno != ENOTDIR)
				return -1;
		}
		if (!path[length])
			break;
		path += length + 1;
	}
	errno = denied ? EACCES : ENOENT;
	return -1;
}

int execl(const char *path, const char *arg, ...)
{
	char *argv[MAX_EXEC_ARGS];
	va_list args;
	int n = 0;

	va_start(args, arg);
	for (argv[n] = (char *)arg; argv[n] && n < MAX_EXEC_ARGS - 1; argv[n] = va_arg(args, char *))
		n++;
	va_end(args);
	argv[n] = NULL;
	return execve(path, argv, environ);
}

int execlp(const char *file, const char *arg, ...)
{
	char *argv[MAX_EXEC_ARGS];
	va_list args;
	int n = 0;

	va_start(args, arg);
	for (argv[n] = (char *)arg; argv[n] && n < MAX_EXEC_ARGS - 1; argv[n] = va_arg(args, char *))
		n++;
	va_end(args);
	argv[n] = NULL;
	return execvp(file, argv);
}

pid_t wait(int *status)
{
	return waitpid(-1, status, 0);
}

pid_t waitpid(pid_t pid, int *status, int options)
{
	return (pid_t)CALL4(wait4, pid, status, options, 0);
}

pid_t wait4(pid_t pid, int *status, int options, struct rusage *usage)
{
	return (pid_t)CALL4(wait4, pid, status, options, usage);
}

int waitid(idtype_t type, id_t id, siginfo_t *info, int options)
{
	return (int)CALL5(waitid, type, id, info, options, NULL);
}

int execveat(int fd, const char *path, char *const argv[], char *const envp[], int flags)
{
	return (int)CALL5(execveat, fd, path, argv, envp, flags);
}

int fexecve(int fd, char *const argv[], char *const envp[])
{
	return execveat(fd, "", argv, envp, AT_EMPTY_PATH);
}

int system(const char *command)
{
	int status;
	pid_t pid;

	if (!command)
		return 1;
	pid = fork();
	if (pid == 0) {
		execl("/bin/sh", "sh", "-c", command, (char *)NULL);
		_exit(127);
	}
	if (pid < 0 || waitpid(pid, &status, 0) < 0)
		return -1;
	return status;
}

pid_t getpid(void)
{
	return (pid_t)CALL0(getpid);
}

pid_t getppid(void)
{
	return (pid_t)CALL0(getppid);
}

pid_t gettid(void)
{
	return (pid_t)CALL0(gettid);
}

pid_t getpgrp(void)
{
	return (pid_t)CALL0(getpgrp);
}

pid_t getpgid(pid_t pid)
{
	return (pid_t)CALL1(getpgid, pid);
}

int setpgid(pid_t pid, pid_t pgid)
{
	return (int)CALL2(setpgid, pid, pgid);
}

pid_t getsid(pid_t pid)
{
	return (pid_t)CALL1(getsid, pid);
}

pid_t setsid(void)
{
	return (pid_t)CALL0(setsid);
}

uid_t getuid(void)
{
	return (uid_t)CALL0(getuid);
}

uid_t geteuid(void)
{
	return (uid_t)CALL0(geteuid);
}

gid_t getgid(void)
{
	return (gid_t)CALL0(getgid);
}

gid_t getegid(void)
{
	return (gid_t)CALL0(getegid);
}

int setuid(uid_t uid)
{
	return (int)CALL1(setuid, uid);
}

int setgid(gid_t gid)
{
	return (int)CALL1(setgid, gid);
}

int sched_yield(void)
{
	return (int)CALL0(sched_yield);
}

int uname(struct utsname *name)
{
	return (int)CALL1(uname, name);
}

int gethostname(char *name, size_t size)
{
	struct utsname uts;

	if (uname(&uts) < 0)
		return -1;
	strncpy(name, uts.nodename, size);
	return 0;
}

int sethostname(const char *name, size_t size)
{
	return (int)CALL2(sethostname, name, size);
}
