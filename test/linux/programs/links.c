/* Hard and symbolic links, rename, and loops. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void show(const char *what, int result)
{
	printf("%s: %s\n", what, result < 0 ? strerror(errno) : "ok");
}

static void write_file(const char *name, const char *text)
{
	int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC, 0644);

	write(fd, text, strlen(text));
	close(fd);
}

static void show_file(const char *name)
{
	char buffer[100];
	int fd = open(name, O_RDONLY);
	ssize_t n = fd < 0 ? -1 : read(fd, buffer, sizeof(buffer) - 1);

	if (n < 0) {
		printf("%s: %s\n", name, strerror(errno));
	} else {
		struct stat st;

		buffer[n] = '\0';
		fstat(fd, &st);
		printf("%s: \"%s\" links %lu\n", name, buffer, (unsigned long)st.st_nlink);
	}
	if (fd >= 0)
		close(fd);
}

int main(void)
{
	char buffer[100];
	struct stat st;
	ssize_t n;
	int fd;

	write_file("a", "one");
	show("link", link("a", "b"));
	show("link again", link("a", "b"));
	show_file("b");
	write_file("b", "two");
	show_file("a");
	show("unlink a", unlink("a"));
	show_file("a");
	show_file("b");
	show("link a directory", link(".", "dot"));

	show("symlink", symlink("b", "s"));
	show("symlink again", symlink("b", "s"));
	show_file("s");
	n = readlink("s", buffer, sizeof(buffer));
	printf("readlink: %.*s\n", (int)n, buffer);
	n = readlink("b", buffer, sizeof(buffer));
	show("readlink of a file", n);
	lstat("s", &st);
	printf("lstat: link %d size %ld\n", S_ISLNK(st.st_mode) != 0, (long)st.st_size);
	stat("s", &st);
	printf("stat: file %d size %ld\n", S_ISREG(st.st_mode) != 0, (long)st.st_size);
	show("O_NOFOLLOW", open("s", O_RDONLY | O_NOFOLLOW));
	show("O_EXCL on a link", open("s", O_RDWR | O_CREAT | O_EXCL, 0644));
	symlink("nowhere", "dangling");
	show("open dangling", open("dangling", O_RDONLY));
	fd = open("dangling", O_WRONLY | O_CREAT, 0644);
	show("create through a link", fd);
	write(fd, "made", 4);
	close(fd);
	show_file("nowhere");
	symlink("loop2", "loop1");
	symlink("loop1", "loop2");
	show("loop", open("loop1", O_RDONLY));
	mkdir("dir", 0755);
	mkdir("dir/sub", 0755);
	symlink("dir/sub", "to-sub");
	write_file("to-sub/deep", "deep");
	show_file("dir/sub/deep");
	symlink("../../b", "dir/sub/up");
	show_file("to-sub/up");
	symlink("to-sub/", "slash");
	show_file("slash/deep");
	show_file("to-sub/../sub/deep");

	show("rename b c", rename("b", "c"));
	show_file("b");
	show_file("c");
	show_file("s");
	write_file("d", "target");
	show("rename over a file", rename("c", "d"));
	show_file("d");
	show("rename missing", rename("zzz", "y"));
	show("rename a directory into itself", rename("dir", "dir/sub/x"));
	show("rename a directory over a file", rename("dir", "d"));
	show("rename a file over a directory", rename("d", "dir"));
	mkdir("empty", 0755);
	show("rename over an empty directory", rename("dir/sub", "empty"));
	show_file("empty/deep");
	mkdir("full", 0755);
	write_file("full/x", "x");
	show("rename over a full directory", rename("empty", "full"));
	show("rename to itself", rename("d", "d"));
	show("rename .", rename(".", "q"));
	fd = open("d", O_RDONLY);
	unlink("d");
	fstat(fd, &st);
	printf("unlinked but open: links %lu, %zd bytes\n", (unsigned long)st.st_nlink, read(fd, buffer, 10));
	return 0;
}
