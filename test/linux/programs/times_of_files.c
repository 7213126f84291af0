/* utimensat, utimes, utime, and what changes a file's times by itself. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>
#include <utime.h>

static struct stat st;

static void show(const char *what, int ret)
{
	if (ret < 0)
		printf("%s: %s\n", what, strerror(errno));
	else if (stat("f", &st) == 0)
		printf("%s: %ld.%09ld %ld.%09ld\n", what, (long)st.st_atim.tv_sec, st.st_atim.tv_nsec,
		       (long)st.st_mtim.tv_sec, st.st_mtim.tv_nsec);
}

int main(void)
{
	struct timespec both[2] = { { 1000, 1 }, { 2000, 2 } }, omit[2] = { { 7, UTIME_OMIT }, { 3000, 3 } };
	struct timespec none[2] = { { 0, UTIME_OMIT }, { 0, UTIME_OMIT } }, bad[2] = { { 0, 1000000000 }, { 0, 0 } };
	struct timespec now[2] = { { 0, UTIME_NOW }, { 5, 5 } };
	struct timeval old[2] = { { 4000, 4 }, { 5000, 5 } };
	struct utimbuf older = { 6000, 7000 };
	int fd = open("f", O_RDWR | O_CREAT, 0600);
	time_t before;

	show("utimensat", utimensat(AT_FDCWD, "f", both, 0));
	show("omit", utimensat(AT_FDCWD, "f", omit, 0));
	show("nothing", utimensat(AT_FDCWD, "f", none, 0));
	show("bad nanoseconds", utimensat(AT_FDCWD, "f", bad, 0));
	show("missing", utimensat(AT_FDCWD, "g", both, 0));
	show("futimens", futimens(fd, both));
	show("utimes", utimes("f", old));
	show("utime", utime("f", &older));
	symlink("f", "s");
	utimensat(AT_FDCWD, "s", both, AT_SYMLINK_NOFOLLOW);
	lstat("s", &st);
	printf("the link's own %ld\n", (long)st.st_mtim.tv_sec);
	show("and not the file's", 0);
	utimensat(AT_FDCWD, "f", now, 0);
	stat("f", &st);
	printf("now is later: %d\n", st.st_atim.tv_sec > 7000);
	before = st.st_ctim.tv_sec;
	utime("f", &older);
	write(fd, "x", 1);
	stat("f", &st);
	printf("a write sets it: %d %d\n", st.st_mtim.tv_sec >= before, st.st_ctim.tv_sec >= before);
	utime("f", &older);
	chmod("f", 0400);
	stat("f", &st);
	printf("chmod: mtime %ld, ctime is now %d\n", (long)st.st_mtim.tv_sec, st.st_ctim.tv_sec >= before);
	return 0;
}
