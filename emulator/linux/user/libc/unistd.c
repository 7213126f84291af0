/* System calls under their C names: the raw result becomes -1 and errno. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

long __syscall(long number, long a, long b, long c, long d, long e, long f);
void __restore_rt(void);

static long result(long value)
{
	if (value < 0 && value >= -4095) {
		errno = -value;
		return -1;
	}
	return value;
}

#define CALL0(name) result(__syscall(SYS_##name, 0, 0, 0, 0, 0, 0))
#define CALL1(name, a) result(__syscall(SYS_##name, (long)(a), 0, 0, 0, 0, 0))
#define CALL2(name, a, b) result(__syscall(SYS_##name, (long)(a), (long)(b), 0, 0, 0, 0))
#define CALL3(name, a, b, c) result(__syscall(SYS_##name, (long)(a), (long)(b), (long)(c), 0, 0, 0))
#define CALL4(name, a, b, c, d) result(__syscall(SYS_##name, (long)(a), (long)(b), (long)(c), (long)(d), 0, 0))
#define CALL6(name, a, b, c, d, e, f)								\
	result(__syscall(SYS_##name, (long)(a), (long)(b), (long)(c), (long)(d), (long)(e), (long)(f)))

long syscall(long number, ...)
{
	long words[6];
	va_list list;

	va_start(list, number);
	for (int at = 0; at < 6; at++)
		words[at] = va_arg(list, long);
	va_end(list);
	return result(__syscall(number, words[0], words[1], words[2], words[3], words[4], words[5]));
}

/* ---- files ---- */

int open(const char *path, int flags, ...)
{
	mode_t mode = 0;

	if (flags & O_CREAT) {
		va_list list;

		va_start(list, flags);
		mode = va_arg(list, mode_t);
		va_end(list);
	}
	return CALL4(openat, AT_FDCWD, path, flags, mode);
}

int openat(int directory, const char *path, int flags, ...)
{
	mode_t mode = 0;

	if (flags & O_CREAT) {
		va_list list;

		va_start(list, flags);
		mode = va_arg(list, mode_t);
		va_end(list);
	}
	return CALL4(openat, directory, path, flags, mode);
}

int creat(const char *path, mode_t mode) { return open(path, O_WRONLY | O_CREAT | O_TRUNC, mode); }
ssize_t read(int fd, void *to, size_t length) { return CALL3(read, fd, to, length); }
ssize_t write(int fd, const void *from, size_t length) { return CALL3(write, fd, from, length); }
ssize_t pread(int fd, void *to, size_t length, off_t offset) { return CALL4(pread64, fd, to, length, offset); }
ssize_t pwrite(int fd, const void *from, size_t length, off_t offset) { return CALL4(pwrite64, fd, from, length, offset); }
off_t lseek(int fd, off_t offset, int whence) { return CALL3(lseek, fd, offset, whence); }
int close(int fd) { return CALL1(close, fd); }
int dup(int fd) { return CALL1(dup, fd); }
int dup2(int fd, int to) { return CALL2(dup2, fd, to); }
int pipe(int fds[2]) { return CALL2(pipe2, fds, 0); }
int pipe2(int fds[2], int flags) { return CALL2(pipe2, fds, flags); }
int access(const char *path, int mode) { return CALL2(access, path, mode); }
int unlink(const char *path) { return CALL1(unlink, path); }
int rmdir(const char *path) { return CALL1(rmdir, path); }
int link(const char *from, const char *to) { return CALL2(link, from, to); }
int symlink(const char *target, const char *path) { return CALL2(symlink, target, path); }
ssize_t readlink(const char *path, char *to, size_t size) { return CALL3(readlink, path, to, size); }
int rename(const char *from, const char *to) { return CALL2(rename, from, to); }
int chdir(const char *path) { return CALL1(chdir, path); }
int ftruncate(int fd, off_t length) { return CALL2(ftruncate, fd, length); }
int truncate(const char *path, off_t length) { return CALL2(truncate, path, length); }
int fsync(int fd) { return CALL1(fsync, fd); }
int stat(const char *path, struct stat *to) { return CALL2(stat, path, to); }
int lstat(const char *path, struct stat *to) { return CALL2(lstat, path, to); }
int fstat(int fd, struct stat *to) { return CALL2(fstat, fd, to); }
int mkdir(const char *path, mode_t mode) { return CALL2(mkdir, path, mode); }
int mknod(const char *path, mode_t mode, dev_t device) { return CALL3(mknod, path, mode, device); }
int chmod(const char *path, mode_t mode) { return CALL2(chmod, path, mode); }
mode_t umask(mode_t mask) { return CALL1(umask, mask); }

int remove(const char *path)
{
	if (unlink(path) == 0)
		return 0;
	return errno == EISDIR ? rmdir(path) : -1;
}

char *getcwd(char *to, size_t size)
{
	return CALL2(getcwd, to, size) < 0 ? NULL : to;
}

int fcntl(int fd, int command, ...)
{
	long argument;
	va_list list;

	va_start(list, command);
	argument = va_arg(list, long);
	va_end(list);
	return CALL3(fcntl, fd, command, argument);
}

int isatty(int fd)
{
	char settings[64];

	return CALL3(ioctl, fd, 0x5401, settings) == 0;
}

/* ---- processes ---- */

pid_t fork(void) { return CALL0(fork); }
pid_t vfork(void) { return fork(); }
int execve(const char *path, char *const argv[], char *const envp[]) { return CALL3(execve, path, argv, envp); }
int execv(const char *path, char *const argv[]) { return execve(path, argv, environ); }
pid_t getpid(void) { return CALL0(getpid); }
pid_t getppid(void) { return CALL0(getppid); }
pid_t gettid(void) { return CALL0(gettid); }
pid_t getpgrp(void) { return CALL0(getpgrp); }
int setpgid(pid_t pid, pid_t group) { return CALL2(setpgid, pid, group); }
pid_t setsid(void) { return CALL0(setsid); }
uid_t getuid(void) { return CALL0(getuid); }
uid_t geteuid(void) { return CALL0(geteuid); }
gid_t getgid(void) { return CALL0(getgid); }
gid_t getegid(void) { return CALL0(getegid); }
pid_t waitpid(pid_t pid, int *status, int options) { return CALL4(wait4, pid, status, options, NULL); }
pid_t wait(int *status) { return waitpid(-1, status, 0); }

void _exit(int code)
{
	for (;;)
		CALL1(exit_group, code);
}

/* ---- memory ---- */

void *mmap(void *address, size_t length, int protection, int flags, int fd, off_t offset)
{
	return (void *)CALL6(mmap, address, length, protection, flags, fd, offset);
}

int munmap(void *address, size_t length) { return CALL2(munmap, address, length); }
int mprotect(void *address, size_t length, int protection) { return CALL3(mprotect, address, length, protection); }

static char *program_break;

int brk(void *end)
{
	program_break = (char *)__syscall(SYS_brk, (long)end, 0, 0, 0, 0, 0);
	if (program_break >= (char *)end)
		return 0;
	errno = ENOMEM;
	return -1;
}

void *sbrk(long change)
{
	char *old;

	if (!program_break)
		brk(NULL);
	old = program_break;
	return change && brk(old + change) < 0 ? (void *)-1 : old;
}

/* ---- time ---- */

int clock_gettime(clockid_t clock, struct timespec *to) { return CALL2(clock_gettime, clock, to); }
int nanosleep(const struct timespec *wanted, struct timespec *left) { return CALL2(nanosleep, wanted, left); }
int gettimeofday(struct timeval *to, void *zone) { return CALL2(gettimeofday, to, zone); }
unsigned int alarm(unsigned int seconds) { return CALL1(alarm, seconds); }
int pause(void) { return CALL0(pause); }

time_t time(time_t *to)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	if (to)
		*to = now.tv_sec;
	return now.tv_sec;
}

unsigned int sleep(unsigned int seconds)
{
	struct timespec wanted = { seconds, 0 };
	struct timespec left = { 0, 0 };

	return nanosleep(&wanted, &left) < 0 ? left.tv_sec : 0;
}

int usleep(useconds_t microseconds)
{
	struct timespec wanted = { microseconds / 1000000, microseconds % 1000000 * 1000L };

	return nanosleep(&wanted, NULL);
}

/* ---- signals ---- */

int kill(pid_t pid, int signal) { return CALL2(kill, pid, signal); }
int raise(int signal) { return kill(getpid(), signal); }

int sigaction(int signal, const struct sigaction *action, struct sigaction *old)
{
	struct sigaction copy;

	if (action) {
		copy = *action;
		copy.sa_flags |= 0x04000000; /* SA_RESTORER */
		copy.sa_restorer = __restore_rt;
		action = &copy;
	}
	return CALL4(rt_sigaction, signal, action, old, sizeof(sigset_t));
}

sighandler_t signal(int signal, sighandler_t handler)
{
	struct sigaction action = { .sa_handler = handler, .sa_flags = SA_RESTART };
	struct sigaction old;

	return sigaction(signal, &action, &old) < 0 ? SIG_ERR : old.sa_handler;
}

int sigprocmask(int how, const sigset_t *set, sigset_t *old)
{
	return CALL4(rt_sigprocmask, how, set, old, sizeof(sigset_t));
}

int sigemptyset(sigset_t *set) { return *set = 0; }
int sigfillset(sigset_t *set) { *set = -1UL; return 0; }
int sigaddset(sigset_t *set, int signal) { *set |= 1UL << (signal - 1); return 0; }
int sigdelset(sigset_t *set, int signal) { *set &= ~(1UL << (signal - 1)); return 0; }
int sigismember(const sigset_t *set, int signal) { return *set >> (signal - 1) & 1; }

/* ---- sockets ---- */

int socket(int domain, int type, int protocol) { return CALL3(socket, domain, type, protocol); }
int bind(int fd, const struct sockaddr *address, socklen_t length) { return CALL3(bind, fd, address, length); }
int listen(int fd, int backlog) { return CALL2(listen, fd, backlog); }
int accept(int fd, struct sockaddr *address, socklen_t *length) { return CALL3(accept, fd, address, length); }
int connect(int fd, const struct sockaddr *address, socklen_t length) { return CALL3(connect, fd, address, length); }
int shutdown(int fd, int how) { return CALL2(shutdown, fd, how); }
int getsockname(int fd, struct sockaddr *address, socklen_t *length) { return CALL3(getsockname, fd, address, length); }

ssize_t sendto(int fd, const void *from, size_t length, int flags, const struct sockaddr *to, socklen_t size)
{
	return CALL6(sendto, fd, from, length, flags, to, size);
}

ssize_t recvfrom(int fd, void *to, size_t length, int flags, struct sockaddr *from, socklen_t *size)
{
	return CALL6(recvfrom, fd, to, length, flags, from, size);
}

ssize_t send(int fd, const void *from, size_t length, int flags) { return sendto(fd, from, length, flags, NULL, 0); }
ssize_t recv(int fd, void *to, size_t length, int flags) { return recvfrom(fd, to, length, flags, NULL, NULL); }

int setsockopt(int fd, int level, int option, const void *value, socklen_t length)
{
	return CALL6(setsockopt, fd, level, option, value, length, 0);
}

int socketpair(int domain, int type, int protocol, int fds[2])
{
	return CALL4(socketpair, domain, type, protocol, fds);
}

/* ---- the system ---- */

int getpagesize(void)
{
	return 4096;
}

long sysconf(int name)
{
	switch (name) {
	case _SC_PAGESIZE:
		return 4096;
	case _SC_NPROCESSORS_ONLN: {
		unsigned long mask[16] = { 0 };
		long count = 0;

		__syscall(SYS_sched_getaffinity, 0, sizeof(mask), (long)mask, 0, 0, 0);
		for (int bit = 0; bit < 1024; bit++)
			count += mask[bit / 64] >> (bit % 64) & 1;
		return count ? count : 1;
	}
	default:
		errno = EINVAL;
		return -1;
	}
}

int gethostname(char *to, size_t size)
{
	char names[6][65];

	if (CALL1(uname, names) < 0)
		return -1;
	strncpy(to, names[1], size);
	return 0;
}
