/* statx and openat2: the calls that refuse what they do not know. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "check.h"

static void try(const char *what, const char *path, unsigned long flags, unsigned long mode, unsigned long resolve)
{
	struct open_how how = { flags, mode, resolve };
	long fd = syscall(SYS_openat2, AT_FDCWD, path, &how, sizeof(how));

	printf("%s: %s\n", what, fd < 0 ? strerror(errno) : "ok");
	if (fd >= 0)
		close((int)fd);
}

int main(void)
{
	struct open_how how[2] = { { O_RDONLY, 0, 0 }, { 0, 0, 0 } };
	struct statx stx;
	int fd;

	mkdir("d", 0755);
	mkdir("d/in", 0755);
	close(open("d/file", O_CREAT | O_WRONLY, 0640));
	symlink("file", "d/link");
	symlink("/etc", "d/absolute");
	symlink("../..", "d/up");
	try("plain", "d/file", O_RDONLY, 0, 0);
	try("create", "d/new", O_RDWR | O_CREAT, 0600, 0);
	try("a mode without O_CREAT", "d/new", O_RDWR, 0600, 0);
	try("unknown flag", "d/new", 1UL << 40, 0, 0);
	try("bad mode", "d/n2", O_CREAT, 0x10000, 0);
	try("unknown resolve", "d/new", 0, 0, 0x8000);
	try("no symlinks", "d/link", 0, 0, RESOLVE_NO_SYMLINKS);
	try("no symlinks, none there", "d/file", 0, 0, RESOLVE_NO_SYMLINKS);
	try("beneath", "d/file", 0, 0, RESOLVE_BENEATH);
	try("beneath, through a link", "d/link", 0, 0, RESOLVE_BENEATH);
	try("beneath, ..", "d/in/../file", 0, 0, RESOLVE_BENEATH);
	try("beneath, out by ..", "d/../../x", 0, 0, RESOLVE_BENEATH);
	try("beneath, absolute", "/etc", 0, 0, RESOLVE_BENEATH);
	try("beneath, an absolute link", "d/absolute", 0, 0, RESOLVE_BENEATH);
	try("beneath, a link that leaves", "d/up", 0, 0, RESOLVE_BENEATH);
	try("no magic links", "/proc/self/exe", 0, 0, RESOLVE_NO_MAGICLINKS);
	try("no other mount", "/proc/version", 0, 0, RESOLVE_NO_XDEV);
	say("too short", syscall(SYS_openat2, AT_FDCWD, "d/file", how, 8));
	printf("longer, zeroes %d\n", syscall(SYS_openat2, AT_FDCWD, "d/file", how, sizeof(how)) >= 0);
	how[1].flags = 1;
	say("longer, not zeroes", syscall(SYS_openat2, AT_FDCWD, "d/file", how, sizeof(how)));

	fd = open("d/file", O_RDWR);
	write(fd, "12345", 5);
	SHOW(statx(AT_FDCWD, "d/file", 0, STATX_BASIC_STATS, &stx));
	printf("mode %o size %ld\n", stx.stx_mode, (long)stx.stx_size);
	printf("it knows the basics: %d\n", (stx.stx_mask & STATX_BASIC_STATS) == STATX_BASIC_STATS);
	SHOW(statx(fd, "", AT_EMPTY_PATH, STATX_SIZE, &stx));
	printf("%ld\n", (long)stx.stx_size);
	SHOW(statx(AT_FDCWD, "d/link", AT_SYMLINK_NOFOLLOW, STATX_TYPE, &stx));
	printf("%o\n", stx.stx_mode >> 12);
	say("missing", statx(AT_FDCWD, "x", 0, STATX_SIZE, &stx));
	say("bad flags", statx(AT_FDCWD, "d", 0x10000, STATX_SIZE, &stx));
	say("reserved mask", statx(AT_FDCWD, "d", 0, 0x80000000u, &stx));
	return 0;
}
