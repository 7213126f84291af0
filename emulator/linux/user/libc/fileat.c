/*
 * The rarer system calls about files: by directory descriptor, times, copying inside the kernel, file systems.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <unistd.h>
#include <utime.h>
#include "internal.h"

int fdatasync(int fd)
{
	return (int)CALL1(fdatasync, fd);
}

int linkat(int from_fd, const char *from, int to_fd, const char *to, int flags)
{
	return (int)CALL5(linkat, from_fd, from, to_fd, to, flags);
}

int symlinkat(const char *target, int fd, const char *path)
{
	return (int)CALL3(symlinkat, target, fd, path);
}

ssize_t readlinkat(int fd, const char *restrict path, char *restrict buffer, size_t size)
{
	return CALL4(readlinkat, fd, path, buffer, size);
}

int lchown(const char *path, uid_t user, gid_t group)
{
	return (int)CALL3(lchown, path, user, group);
}

int fchownat(int fd, const char *path, uid_t user, gid_t group, int flags)
{
	return (int)CALL5(fchownat, fd, path, user, group, flags);
}

ssize_t copy_file_range(int in, off_t *in_at, int out, off_t *out_at, size_t length, unsigned int flags)
{
	return CALL6(copy_file_range, in, in_at, out, out_at, length, flags);
}

int close_range(unsigned int first, unsigned int last, int flags)
{
	return (int)CALL3(close_range, first, last, flags);
}

int chroot(const char *path)
{
	return (int)CALL1(chroot, path);
}

int renameat(int from_fd, const char *from, int to_fd, const char *to)
{
	return (int)CALL4(renameat, from_fd, from, to_fd, to);
}

int renameat2(int from_fd, const char *from, int to_fd, const char *to, unsigned int flags)
{
	return (int)CALL5(renameat2, from_fd, from, to_fd, to, flags);
}

int flock(int fd, int operation)
{
	return (int)CALL2(flock, fd, operation);
}

int fallocate(int fd, int mode, off_t offset, off_t length)
{
	return (int)CALL4(fallocate, fd, mode, offset, length);
}

int posix_fallocate(int fd, off_t offset, off_t length)
{
	return fallocate(fd, 0, offset, length) < 0 ? errno : 0;
}

ssize_t sendfile(int out, int in, off_t *offset, size_t count)
{
	return CALL4(sendfile, out, in, offset, count);
}

ssize_t splice(int in, off_t *in_at, int out, off_t *out_at, size_t length, unsigned int flags)
{
	return CALL6(splice, in, in_at, out, out_at, length, flags);
}

ssize_t tee(int in, int out, size_t length, unsigned int flags)
{
	return CALL4(tee, in, out, length, flags);
}

int statx(int fd, const char *restrict path, int flags, unsigned int mask, struct statx *restrict st)
{
	return (int)CALL5(statx, fd, path, flags, mask, st);
}

int utimensat(int fd, const char *path, const struct timespec times[2], int flags)
{
	return (int)CALL4(utimensat, fd, path, times, flags);
}

int futimens(int fd, const struct timespec times[2])
{
	return (int)CALL4(utimensat, fd, NULL, times, 0);
}

int utimes(const char *path, const struct timeval times[2])
{
	return (int)CALL2(utimes, path, times);
}

int utime(const char *path, const struct utimbuf *times)
{
	return (int)CALL2(utime, path, times);
}

int mkfifoat(int fd, const char *path, mode_t mode)
{
	return (int)CALL4(mknodat, fd, path, mode | S_IFIFO, 0);
}

int mknodat(int fd, const char *path, mode_t mode, dev_t dev)
{
	return (int)CALL4(mknodat, fd, path, mode, dev);
}

int statfs(const char *path, struct statfs *fs)
{
	return (int)CALL2(statfs, path, fs);
}

int fstatfs(int fd, struct statfs *fs)
{
	return (int)CALL2(fstatfs, fd, fs);
}

ssize_t preadv(int fd, const struct iovec *vector, int count, off_t offset)
{
	return CALL5(preadv, fd, vector, count, offset, 0);
}

ssize_t pwritev(int fd, const struct iovec *vector, int count, off_t offset)
{
	return CALL5(pwritev, fd, vector, count, offset, 0);
}

ssize_t process_vm_readv(pid_t pid, const struct iovec *local, unsigned long local_count, const struct iovec *remote,
			 unsigned long remote_count, unsigned long flags)
{
	return CALL6(process_vm_readv, pid, local, local_count, remote, remote_count, flags);
}

int msync(void *address, size_t length, int flags)
{
	return (int)CALL3(msync, address, length, flags);
}

int mincore(void *address, size_t length, unsigned char *there)
{
	return (int)CALL3(mincore, address, length, there);
}

int mlock(const void *address, size_t length)
{
	return (int)CALL2(mlock, address, length);
}

int munlock(const void *address, size_t length)
{
	return (int)CALL2(munlock, address, length);
}

int memfd_create(const char *name, unsigned int flags)
{
	return (int)CALL2(memfd_create, name, flags);
}

/* The system call knows no flags: a link's own mode cannot be changed. */
int fchmodat(int fd, const char *path, mode_t mode, int flags)
{
	if (flags & ~AT_SYMLINK_NOFOLLOW) {
		errno = EINVAL;
		return -1;
	}
	if (flags & AT_SYMLINK_NOFOLLOW) {
		errno = EOPNOTSUPP;
		return -1;
	}
	return (int)CALL3(fchmodat, fd, path, mode);
}
