/* rename and renameat2: what replaces what, and what may not be moved where. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static void try(const char *from, const char *to)
{
	int ret = rename(from, to);

	printf("%s -> %s: %s\n", from, to, ret ? strerror(errno) : "ok");
}

static void make(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);

	write(fd, text, strlen(text));
	close(fd);
}

static void cat(const char *path)
{
	char text[32] = { 0 };
	int fd = open(path, O_RDONLY);

	printf("%s: %s\n", path, fd < 0 ? strerror(errno) : read(fd, text, 31) < 0 ? strerror(errno) : text);
	close(fd);
}

static void try2(const char *from, const char *to, unsigned int flags)
{
	long ret = syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, flags);

	printf("renameat2 %s -> %s flags %u: %s\n", from, to, flags, ret ? strerror(errno) : "ok");
}

int main(void)
{
	struct stat st, after;
	char text[8] = { 0 };
	int fd;

	make("a", "A");
	make("b", "B");
	mkdir("d", 0755);
	mkdir("e", 0755);
	make("e/file", "E");
	mkdir("d/sub", 0755);
	try("missing", "x");
	stat("a", &st);
	fd = open("b", O_RDONLY);
	try("a", "b");
	stat("b", &after);
	printf("same inode %d\n", st.st_ino == after.st_ino);
	fstat(fd, &st);
	read(fd, text, 7);
	printf("the replaced file: %s, %ld links\n", text, (long)st.st_nlink);
	cat("a");
	cat("b");
	try("b", "b");
	try("b", "d");
	try("d", "b");
	try("d", "e");
	try("d", "d/sub/inside");
	try("d/sub", "sub");
	try("sub", "d");
	try("d", "d/");
	try("b", "b/");
	try("b", "nodir/b");
	try("d/.", "x");
	try("d/..", "x");
	link("b", "hard");
	try("b", "hard");
	printf("both stay: %d %d\n", access("b", F_OK), access("hard", F_OK));
	make("one", "1");
	make("two", "2");
	try2("one", "two", 1);
	cat("one");
	cat("two");
	try2("one", "three", 1);
	return 0;
}
