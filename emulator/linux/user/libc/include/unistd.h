/* The POSIX system calls about processes and files. */
#ifndef _UNISTD_H
#define _UNISTD_H

#include <stddef.h>
#include <sys/types.h>

#define STDIN_FILENO 0
#define STDOUT_FILENO 1
#define STDERR_FILENO 2
#define R_OK 4
#define W_OK 2
#define X_OK 1
#define F_OK 0
#ifndef SEEK_SET
#define SEEK_SET 0
#define SEEK_CUR 1
#define SEEK_END 2
#endif
#define _SC_NPROCESSORS_ONLN 84
#define _SC_PAGESIZE 30
#define _SC_CLK_TCK 2

extern char **environ;
extern char *optarg;
extern int optind, opterr, optopt;

ssize_t read(int fd, void *buffer, size_t count);
ssize_t write(int fd, const void *buffer, size_t count);
ssize_t pread(int fd, void *buffer, size_t count, off_t offset);
ssize_t pwrite(int fd, const void *buffer, size_t count, off_t offset);
off_t lseek(int fd, off_t offset, int whence);
int close(int fd);
int pipe(int fds[2]);
int pipe2(int fds[2], int flags);
int dup(int fd);
int dup2(int fd, int to);
int dup3(int fd, int to, int flags);
int access(const char *path, int mode);
int faccessat(int fd, const char *path, int mode, int flags);
int unlink(const char *path);
int unlinkat(int fd, const char *path, int flags);
int rmdir(const char *path);
int link(const char *from, const char *to);
int symlink(const char *target, const char *path);
ssize_t readlink(const char *restrict path, char *restrict buffer, size_t size);
int chdir(const char *path);
int fchdir(int fd);
char *getcwd(char *buffer, size_t size);
int chown(const char *path, uid_t user, gid_t group);
int fchown(int fd, uid_t user, gid_t group);
int truncate(const char *path, off_t length);
int ftruncate(int fd, off_t length);
int fsync(int fd);
int fdatasync(int fd);
int linkat(int from_fd, const char *from, int to_fd, const char *to, int flags);
int symlinkat(const char *target, int fd, const char *path);
ssize_t readlinkat(int fd, const char *restrict path, char *restrict buffer, size_t size);
int lchown(const char *path, uid_t user, gid_t group);
int fchownat(int fd, const char *path, uid_t user, gid_t group, int flags);
ssize_t copy_file_range(int in, off_t *in_at, int out, off_t *out_at, size_t length, unsigned int flags);
int close_range(unsigned int first, unsigned int last, int flags);
int chroot(const char *path);
int isatty(int fd);
pid_t fork(void);
pid_t vfork(void);
int execve(const char *path, char *const argv[], char *const envp[]);
int execv(const char *path, char *const argv[]);
int execvp(const char *file, char *const argv[]);
int execl(const char *path, const char *arg, ...);
int execlp(const char *file, const char *arg, ...);
void _exit(int status) __attribute__((noreturn));
pid_t getpid(void);
pid_t getppid(void);
pid_t gettid(void);
pid_t getpgrp(void);
pid_t getpgid(pid_t pid);
int setpgid(pid_t pid, pid_t pgid);
pid_t getsid(pid_t pid);
pid_t setsid(void);
uid_t getuid(void);
uid_t geteuid(void);
gid_t getgid(void);
gid_t getegid(void);
int setuid(uid_t uid);
int setgid(gid_t gid);
int setresuid(uid_t real, uid_t effective, uid_t saved);
int setresgid(gid_t real, gid_t effective, gid_t saved);
int getresuid(uid_t *real, uid_t *effective, uid_t *saved);
int getresgid(gid_t *real, gid_t *effective, gid_t *saved);
int setreuid(uid_t real, uid_t effective);
int setregid(gid_t real, gid_t effective);
int seteuid(uid_t uid);
int setegid(gid_t gid);
int getgroups(int count, gid_t *groups);
int nice(int increment);
pid_t tcgetpgrp(int fd);
int tcsetpgrp(int fd, pid_t pgrp);
unsigned int sleep(unsigned int seconds);
int usleep(unsigned int microseconds);
unsigned int alarm(unsigned int seconds);
int pause(void);
void *sbrk(intptr_t increment);
int brk(void *end);
int execveat(int fd, const char *path, char *const argv[], char *const envp[], int flags);
int fexecve(int fd, char *const argv[], char *const envp[]);
int gethostname(char *name, size_t size);
int sethostname(const char *name, size_t size);
long sysconf(int name);
int getpagesize(void);
int getopt(int argc, char *const argv[], const char *options);
long syscall(long number, ...);
void sync(void);

#endif
