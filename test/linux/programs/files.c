/* Regular files: creating, appending, seeking, holes, truncating, and the errors of open. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void show(const char *what, long result)
{
	if (result < 0)
		printf("%s: %s\n", what, strerror(errno));
	else
		printf("%s: %ld\n", what, result);
}

static void show_file(const char *name)
{
	char buffer[128];
	int fd = open(name, O_RDONLY);
	ssize_t n = read(fd, buffer, sizeof(buffer));

	printf("%s holds %zd bytes:", name, n);
	for (ssize_t i = 0; i < n; i++)
		printf(buffer[i] >= ' ' && buffer[i] < 127 ? " %c" : " %02x", buffer[i]);
	printf("\n");
	close(fd);
}

int main(void)
{
	struct stat st;
	char buffer[8192];
	int fd;

	show("open missing", open("missing", O_RDONLY));
	fd = open("a", O_WRONLY | O_CREAT, 0644);
	show("create", fd >= 0);
	show("write", write(fd, "hello world", 11));
	show("read write-only", read(fd, buffer, 1));
	show("close", close(fd));
	show("close again", close(fd));
	show("excl", open("a", O_WRONLY | O_CREAT | O_EXCL, 0644));
	show_file("a");

	fd = open("a", O_WRONLY | O_APPEND);
	lseek(fd, 0, SEEK_SET);
	show("append", write(fd, "!", 1));
	show("position", lseek(fd, 0, SEEK_CUR));
	close(fd);
	show_file("a");

	fd = open("a", O_RDWR);
	show("seek to 5", lseek(fd, 5, SEEK_SET));
	show("overwrite", write(fd, "_", 1));
	show("seek end+4", lseek(fd, 4, SEEK_END));
	show("write behind a hole", write(fd, "x", 1));
	show("seek before start", lseek(fd, -1, SEEK_SET));
	show("bad whence", lseek(fd, 0, 99));
	show("pread", pread(fd, buffer, 5, 0));
	show("pwrite", pwrite(fd, "HELLO", 5, 0));
	show("position kept", lseek(fd, 0, SEEK_CUR));
	close(fd);
	show_file("a");

	show("ftruncate closed", ftruncate(fd, 3));
	show("truncate", truncate("a", 3));
	show_file("a");
	show("grow", truncate("a", 6));
	show_file("a");
	show("O_TRUNC", (fd = open("a", O_WRONLY | O_TRUNC)) >= 0);
	close(fd);
	show_file("a");

	fd = open("big", O_RDWR | O_CREAT, 0600);
	memset(buffer, 'b', sizeof(buffer));
	for (int i = 0; i < 9; i++)
		write(fd, buffer, sizeof(buffer) - 1);
	fstat(fd, &st);
	show("big size", st.st_size);
	lseek(fd, 8190, SEEK_SET);
	show("read across pages", read(fd, buffer, 8192));
	show("all b", memchr(buffer, 0, 8192) == NULL);
	lseek(fd, 0, SEEK_END);
	show("read at end", read(fd, buffer, 10));
	show("write zero bytes", write(fd, buffer, 0));
	show("read into nothing", read(fd, (void *)8, 1));
	lseek(fd, 0, SEEK_SET);
	show("read to a bad address", read(fd, (void *)8, 1));
	show("write from a bad address", write(fd, (void *)8, 1));
	close(fd);

	show("open a directory for writing", open(".", O_WRONLY));
	show("O_DIRECTORY on a file", open("a", O_RDONLY | O_DIRECTORY));
	show("a file as a directory", open("a/b", O_RDONLY));
	show("trailing slash", open("a/", O_RDONLY));
	show("empty name", open("", O_RDONLY));
	show("bad address", open((char *)8, O_RDONLY));
	memset(buffer, 'n', 300);
	buffer[300] = '\0';
	show("long name", open(buffer, O_RDONLY));
	memset(buffer, '/', 5000);
	buffer[5000] = '\0';
	show("long path", open(buffer, O_RDONLY));
	show("read a closed descriptor", read(99, buffer, 1));
	return 0;
}
