/* What stat says about each kind of file. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *kind(mode_t mode)
{
	return S_ISREG(mode) ? "file" : S_ISDIR(mode) ? "directory" : S_ISLNK(mode) ? "link" : S_ISFIFO(mode) ? "fifo" :
	       S_ISCHR(mode) ? "character device" : S_ISBLK(mode) ? "block device" : S_ISSOCK(mode) ? "socket" : "?";
}

static void show(const char *what, int ret, const struct stat *st)
{
	if (ret < 0)
		printf("%s: %s\n", what, strerror(errno));
	else
		printf("%s: %s %o links %ld\n", what, kind(st->st_mode), st->st_mode & 07777,
		       S_ISDIR(st->st_mode) ? 0L : (long)st->st_nlink);
}

int main(void)
{
	struct stat st, again;
	int fd, p[2];

	umask(022);
	fd = open("file", O_RDWR | O_CREAT, 0666);
	write(fd, "12345", 5);
	mkdir("dir", 0777);
	mkfifo("fifo", 0666);
	symlink("file", "sym");
	link("file", "hard");
	pipe(p);
	show("file", stat("file", &st), &st);
	printf("size %ld blksize %ld\n", (long)st.st_size, (long)st.st_blksize);
	show("dir", stat("dir", &st), &st);
	show("fifo", stat("fifo", &st), &st);
	show("lstat sym", lstat("sym", &st), &st);
	printf("a link's size %ld\n", (long)st.st_size);
	show("stat sym", stat("sym", &st), &st);
	fstat(fd, &again);
	printf("same %d\n", st.st_ino == again.st_ino && st.st_dev == again.st_dev);
	show("fstatat nofollow", fstatat(AT_FDCWD, "sym", &st, AT_SYMLINK_NOFOLLOW), &st);
	show("AT_EMPTY_PATH", fstatat(fd, "", &st, AT_EMPTY_PATH), &st);
	show("empty", fstatat(fd, "", &st, 0), &st);
	show("bad flags", fstatat(fd, "x", &st, 0x10), &st);
	show("pipe", fstat(p[0], &st), &st);
	printf("owner %d\n", st.st_uid == getuid() && st.st_gid == getgid());
	show("/dev/null", stat("/dev/null", &st), &st);
	printf("rdev %lx\n", (long)st.st_rdev);
	show("/dev/zero", stat("/dev/zero", &st), &st);
	printf("rdev %lx\n", (long)st.st_rdev);
	show("missing", stat("missing", &st), &st);
	show("below a file", stat("file/x", &st), &st);
	show("closed", fstat(77, &st), &st);
	chmod("file", 04751);
	show("chmod", stat("file", &st), &st);
	umask(077);
	fd = open("private", O_CREAT | O_WRONLY, 0666);
	show("umask", fstat(fd, &st), &st);
	return 0;
}
