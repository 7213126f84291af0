/* access(2) and what an ordinary user may do: the answers of access are those of the real user. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "check.h"

static void ask(const char *path)
{
	printf("%s:", path);
	for (int mode = 0; mode < 8; mode++)
		printf(" %d", access(path, mode) ? errno : 0);
	printf("\n");
}

static void as_user(void)
{
	setgid(1000);
	setuid(1000);
	ask("rw");
	ask("none");
	ask("other");
	ask("x");
	ask("closed/file");
	ask("dir");
	printf("open %d\n", open("none", O_RDONLY) < 0 ? errno : 0);
	printf("create in a closed directory %d\n", open("closed/new", O_CREAT | O_WRONLY, 0600) < 0 ? errno : 0);
	printf("unlink in a directory of another %d\n", unlink("dir/file") < 0 ? errno : 0);
	printf("sticky %d\n", unlink("sticky/file") < 0 ? errno : 0);
	printf("chmod of another's %d\n", chmod("rw", 0777) < 0 ? errno : 0);
	printf("chown %d\n", chown("rw", 1000, 1000) < 0 ? errno : 0);
	printf("setuid(0) %d\n", setuid(0) < 0 ? errno : 0);
	printf("mknod %d\n", mknod("dev", S_IFCHR | 0600, 0x103) < 0 ? errno : 0);
	printf("kill 1 %d\n", kill(1, 0) < 0 ? errno : 0);
	fflush(stdout);
	_exit(0);
}

static void make(const char *path, mode_t mode)
{
	close(open(path, O_CREAT | O_WRONLY, 0600));
	chmod(path, mode);
}

int main(void)
{
	if (getuid() != 0)
		printf("not root\n");
	chmod(".", 0777);
	make("rw", 0644);
	make("none", 0);
	make("other", 0007);
	make("x", 0111);
	mkdir("closed", 0700);
	make("closed/file", 0666);
	mkdir("dir", 0755);
	make("dir/file", 0666);
	mkdir("sticky", 01777);
	chmod("sticky", 01777);
	make("sticky/file", 0666);
	printf("root:\n");
	ask("none");
	ask("x");
	ask("rw");
	say("bad mode", access("rw", 8));
	say("missing", access("missing", F_OK));
	printf("user:\n");
	fflush(stdout);
	if (fork() == 0)
		as_user();
	wait(NULL);
	return 0;
}
