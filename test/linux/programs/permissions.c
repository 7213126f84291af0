/* Modes, the umask, and what a user without privilege may not do. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static void show(const char *what, int result)
{
	printf("%s: %s\n", what, result < 0 ? strerror(errno) : "ok");
}

static unsigned int mode_of(const char *name)
{
	struct stat st;

	stat(name, &st);
	return st.st_mode;
}

int main(void)
{
	int status;

	setvbuf(stdout, NULL, _IOLBF, 0);
	umask(022);
	close(open("a", O_CREAT | O_WRONLY, 0666));
	mkdir("d", 0777);
	printf("%o %o %o\n", mode_of("a"), mode_of("d"), umask(077));
	close(open("b", O_CREAT | O_WRONLY, 0666));
	printf("%o\n", mode_of("b"));
	chmod("a", 0640);
	chmod("d", 0700);
	printf("%o %o\n", mode_of("a"), mode_of("d"));
	close(open("ro", O_CREAT | O_WRONLY, 0444));
	show("root writes a read-only file", open("ro", O_WRONLY));
	show("root executes what nobody may", access("ro", X_OK));
	show("access", access("a", R_OK | W_OK));
	show("access missing", access("zzz", F_OK));
	chmod(".", 0755);
	chmod("a", 0600);
	chmod("b", 0644);
	if (fork() == 0) {
		show("setgid", setgid(1000));
		show("setuid", setuid(1000));
		show("back to root", setuid(0));
		show("open a", open("a", O_RDONLY));
		show("open b", open("b", O_RDONLY));
		show("write b", open("b", O_WRONLY));
		show("create", open("new", O_CREAT | O_WRONLY, 0644));
		show("unlink", unlink("b"));
		show("chmod", chmod("b", 0777));
		show("chown", chown("b", 1000, 1000));
		show("into d", open("d/x", O_RDONLY));
		show("access b", access("b", R_OK));
		show("access b for writing", access("b", W_OK));
		show("mount", mknod("device", S_IFCHR | 0600, 0x103));
		_exit(0);
	}
	wait(&status);
	return WEXITSTATUS(status);
}
