/* The calls that take a directory's descriptor. */
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"

int main(void)
{
	struct stat st;
	char text[64] = { 0 };
	int dir, file;

	SHOW(mkdirat(AT_FDCWD, "d", 0755));
	dir = open("d", O_RDONLY | O_DIRECTORY);
	file = openat(dir, "file", O_CREAT | O_RDWR, 0640);
	write(file, "12345", 5);
	SHOW(access("d/file", F_OK));
	SHOW(mkdirat(dir, "sub", 0700));
	SHOW(symlinkat("file", dir, "link"));
	SHOW(readlinkat(dir, "link", text, 63));
	puts(text);
	SHOW(linkat(dir, "file", dir, "hard", 0));
	SHOW(linkat(dir, "link", AT_FDCWD, "followed", AT_SYMLINK_FOLLOW));
	SHOW(fstatat(dir, "hard", &st, 0));
	printf("%ld links of %ld bytes\n", (long)st.st_nlink, (long)st.st_size);
	SHOW(faccessat(dir, "file", R_OK, 0));
	SHOW(fchmodat(dir, "file", 0600, 0));
	SHOW(fchownat(dir, "file", 5, 6, 0));
	fstatat(dir, "file", &st, 0);
	printf("%o %u %u\n", st.st_mode & 0777, st.st_uid, st.st_gid);
	SHOW(renameat(dir, "file", AT_FDCWD, "moved"));
	SHOW(mkfifoat(dir, "fifo", 0600));
	SHOW(unlinkat(dir, "fifo", 0));
	SHOW(unlinkat(dir, "sub", 0));
	SHOW(unlinkat(dir, "sub", AT_REMOVEDIR));
	SHOW(unlinkat(dir, "hard", AT_REMOVEDIR));
	SHOW(unlinkat(dir, "hard", 0x8000));
	SHOW(openat(file, "x", O_RDONLY));
	SHOW(openat(99, "x", O_RDONLY));
	SHOW(openat(99, "/", O_RDONLY) >= 0);
	SHOW(fstatat(dir, "", &st, 0));
	SHOW(fchdir(file));
	SHOW(fchdir(dir));
	SHOW(access("link", F_OK));
	SHOW(access("../moved", F_OK));
	SHOW(rmdir("../d/."));
	SHOW(rmdir("/"));
	SHOW(mkdir("link/x", 0700));
	SHOW(mkdir("", 0700));
	SHOW(mkdir(".", 0700));
	return 0;
}
