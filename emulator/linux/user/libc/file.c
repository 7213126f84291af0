/*
 * The system calls about files and directories, one function each.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>
#include "internal.h"

/* The third argument of open() and fcntl(), read from where it would be: callers that pass none have rubbish there. */
#define THIRD(type, last) ({ va_list args; type value; va_start(args, last); value = va_arg(args, type); \
	va_end(args); value; })

int open(const char *path, int flags, ...)
{
	return (int)CALL4(openat, AT_FDCWD, path, flags, (flags & O_CREAT) ? THIRD(mode_t, flags) : 0);
}

int openat(int fd, const char *path, int flags, ...)
{
	return (int)CALL4(openat, fd, path, flags, (flags & O_CREAT) ? THIRD(mode_t, flags) : 0);
}

int creat(const char *path, mode_t mode)
{
	return (int)CALL2(creat, path, mode);
}

int fcntl(int fd, int command, ...)
{
	return (int)CALL3(fcntl, fd, command, THIRD(long, command));
}

int ioctl(int fd, unsigned long request, ...)
{
	return (int)CALL3(ioctl, fd, request, THIRD(long, request));
}

ssize_t read(int fd, void *buffer, size_t count)
{
	return CALL3(read, fd, buffer, count);
}

ssize_t write(int fd, const void *buffer, size_t count)
{
	return CALL3(write, fd, buffer, count);
}

ssize_t pread(int fd, void *buffer, size_t count, off_t offset)
{
	return CALL4(pread64, fd, buffer, count, offset);
}

ssize_t pwrite(int fd, const void *buffer, size_t count, off_t offset)
{
	return CALL4(pwrite64, fd, buffer, count, offset);
}

ssize_t readv(int fd, const struct iovec *vector, int count)
{
	return CALL3(readv, fd, vector, count);
}

ssize_t writev(int fd, const struct iovec *vector, int count)
{
	return CALL3(writev, fd, vector, count);
}

off_t lseek(int fd, off_t offset, int whence)
{
	return CALL3(lseek, fd, offset, whence);
}

int close(int fd)
{
	return (int)CALL1(close, fd);
}

int pipe(int fds[2])
{
	return (int)CALL1(pipe, fds);
}

int pipe2(int fds[2], int flags)
{
	return (int)CALL2(pipe2, fds, flags);
}

int dup(int fd)
{
	return (int)CALL1(dup, fd);
}

int dup2(int fd, int to)
{
	return (int)CALL2(dup2, fd, to);
}

int dup3(int fd, int to, int flags)
{
	return (int)CALL3(dup3, fd, to, flags);
}

int poll(struct pollfd *fds, nfds_t count, int milliseconds)
{
	return (int)CALL3(poll, fds, count, milliseconds);
}

int access(const char *path, int mode)
{
	return (int)CALL2(access, path, mode);
}

int faccessat(int fd, const char *path, int mode, int flags)
{
	return (int)(flags ? CALL4(faccessat2, fd, path, mode, flags) : CALL3(faccessat, fd, path, mode));
}

int unlink(const char *path)
{
	return (int)CALL1(unlink, path);
}

int unlinkat(int fd, const char *path, int flags)
{
	return (int)CALL3(unlinkat, fd, path, flags);
}

int rmdir(const char *path)
{
	return (int)CALL1(rmdir, path);
}

int remove(const char *path)
{
	int ret = unlink(path);

	return ret < 0 && errno == EISDIR ? rmdir(path) : ret;
}

int rename(const char *from, const char *to)
{
	return (int)CALL2(rename, from, to);
}

int link(const char *from, const char *to)
{
	return (int)CALL2(link, from, to);
}

int symlink(const char *target, const char *path)
{
	return (int)CALL2(symlink, target, path);
}

ssize_t readlink(const char *restrict path, char *restrict buffer, size_t size)
{
	return CALL3(readlink, path, buffer, size);
}

int mkdir(const char *path, mode_t mode)
{
	return (int)CALL2(mkdir, path, mode);
}

int mkdirat(int fd, const char *path, mode_t mode)
{
	return (int)CALL3(mkdirat, fd, path, mode);
}

int mknod(const char *path, mode_t mode, dev_t dev)
{
	return (int)CALL3(mknod, path, mode, dev);
}

int mkfifo(const char *path, mode_t mode)
{
	return mknod(path, (mode & 07777) | S_IFIFO, 0);
}

int chdir(const char *path)
{
	return (int)CALL1(chdir, path);
}

int fchdir(int fd)
{
	return (int)CALL1(fchdir, fd);
}

char *getcwd(char *buffer, size_t size)
{
	return CALL2(getcwd, buffer, size) < 0 ? NULL : buffer;
}

int chmod(const char *path, mode_t mode)
{
	return (int)CALL2(chmod, path, mode);
}

int fchmod(int fd, mode_t mode)
{
	return (int)CALL2(fchmod, fd, mode);
}

int chown(const char *path, uid_t user, gid_t group)
{
	return (int)CALL3(chown, path, user, group);
}

int fchown(int fd, uid_t user, gid_t group)
{
	return (int)CALL3(fchown, fd, user, group);
}

mode_t umask(mode_t mask)
{
	return (mode_t)CALL1(umask, mask);
}

int truncate(const char *path, off_t length)
{
	return (int)CALL2(truncate, path, length);
}

int ftruncate(int fd, off_t length)
{
	return (int)CALL2(ftruncate, fd, length);
}

int fsync(int fd)
{
	return (int)CALL1(fsync, fd);
}

void sync(void)
{
	CALL0(sync);
}

int stat(const char *restrict path, struct stat *restrict st)
{
	return (int)CALL2(stat, path, st);
}

int lstat(const char *restrict path, struct stat *restrict st)
{
	return (int)CALL2(lstat, path, st);
}

int fstat(int fd, struct stat *st)
{
	return (int)CALL2(fstat, fd, st);
}

int fstatat(int fd, const char *restrict path, struct stat *restrict st, int flags)
{
	return (int)CALL4(newfstatat, fd, path, st, flags);
}

int mount(const char *source, const char *target, const char *type, unsigned long flags, const void *data)
{
	return (int)CALL5(mount, source, target, type, flags, data);
}

int umount2(const char *target, int flags)
{
	return (int)CALL2(umount2, target, flags);
}

int umount(const char *target)
{
	return umount2(target, 0);
}

int isatty(int fd)
{
	char settings[60];

	return ioctl(fd, TCGETS, settings) == 0;
}

pid_t tcgetpgrp(int fd)
{
	int pgrp;

	return ioctl(fd, TIOCGPGRP, &pgrp) < 0 ? -1 : pgrp;
}

int tcsetpgrp(int fd, pid_t pgrp)
{
	return ioctl(fd, TIOCSPGRP, &pgrp);
}

/* An open directory: records as the kernel gave them, and the one that was handed out last. */
struct __dir {
	int fd;
	int position, end;
	struct dirent entry;
	char buffer[2048];
};

DIR *opendir(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir;

	if (fd < 0)
		return NULL;
	dir = calloc(1, sizeof(*dir));
	if (!dir) {
		close(fd);
		return NULL;
	}
	dir->fd = fd;
	return dir;
}

struct dirent *readdir(DIR *dir)
{
	struct dirent *record;

	if (dir->position >= dir->end) {
		dir->end = (int)CALL3(getdents64, dir->fd, dir->buffer, sizeof(dir->buffer));
		dir->position = 0;
		if (dir->end <= 0) {
			dir->end = 0;
			return NULL;
		}
	}
	record = (struct dirent *)(dir->buffer + dir->position);
	dir->position += record->d_reclen;
	memcpy(&dir->entry, record, record->d_reclen < sizeof(dir->entry) ? record->d_reclen : sizeof(dir->entry));
	return &dir->entry;
}

void rewinddir(DIR *dir)
{
	lseek(dir->fd, 0, SEEK_SET);
	dir->position = dir->end = 0;
}

int closedir(DIR *dir)
{
	int ret = close(dir->fd);

	free(dir);
	return ret;
}

int dirfd(DIR *dir)
{
	return dir->fd;
}
