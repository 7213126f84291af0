/*
 * The first process of the machine in machine.test.ts: looks at what only the lab has (its mounts, its /proc, the files
 * that the host serves, its devices), and then reads lines from the console.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static void show(const char *path)
{
	char text[2048];
	int fd = open(path, O_RDONLY);
	ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof(text));

	if (n < 0)
		printf("<<<<%s\n%s\n>>>>\n", path, strerror(errno));
	else
		printf("<<<<%s\n%.*s>>>>\n", path, (int)n, text);
	close(fd);
}

static void put(const char *text, const char *path)
{
	int fd = open(path, O_WRONLY | O_TRUNC);
	ssize_t n = fd < 0 ? -1 : write(fd, text, strlen(text));

	printf("<<<<put %s\n%s\n>>>>\n", path, n < 0 ? strerror(errno) : "ok");
	close(fd);
}

static void tell(const char *what, int result)
{
	printf("<<<<%s\n%s\n>>>>\n", what, result < 0 ? strerror(errno) : "ok");
}

static void mounts(void)
{
	int fd;

	mkdir("/mnt", 0755);
	tell("mount", mount("tmpfs", "/mnt", "tmpfs", 0, NULL));
	fd = open("/mnt/file", O_WRONLY | O_CREAT, 0644);
	tell("umount busy", umount("/mnt"));
	close(fd);
	tell("rmdir mount point", rmdir("/mnt"));
	tell("rename across", rename("/mnt/file", "/file"));
	tell("umount", umount("/mnt"));
	tell("gone", access("/mnt/file", F_OK));
	tell("mount unknown", mount("x", "/mnt", "nofs", 0, NULL));
	tell("bind", mount("/etc", "/mnt", NULL, MS_BIND, NULL));
	show("/mnt/hostname");
	tell("read-only", mount(NULL, "/mnt", NULL, MS_REMOUNT | MS_BIND | MS_RDONLY, NULL));
	tell("write read-only", open("/mnt/hostname", O_WRONLY));
}

static void disk(void)
{
	char text[6000] = "sector by sector", back[6000];
	int fd = open("/dev/ram0", O_RDWR);

	lseek(fd, 1000, SEEK_SET);
	tell("disk write", write(fd, text, sizeof(text)) == sizeof(text) ? 0 : -1);
	lseek(fd, 1000, SEEK_SET);
	tell("disk read", read(fd, back, sizeof(back)) == sizeof(back) && !memcmp(text, back, sizeof(back)) ? 0 : -1);
	lseek(fd, -10, SEEK_END);
	printf("<<<<disk end\n%zd\n>>>>\n", write(fd, text, 100));
	close(fd);
}

static void console(void)
{
	char line[100];
	int status;
	ssize_t n = read(0, line, sizeof(line));

	printf("<<<<line\n%.*s>>>>\n", (int)n, line);
	printf("<<<<end of file\n%zd\n>>>>\n", read(0, line, sizeof(line)));
	if (fork() == 0)
		for (;;)
			pause();
	wait(&status);
	printf("<<<<interrupted\n%d\n>>>>\n", WTERMSIG(status));
}

int main(void)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	show("/proc/self/status");
	show("/proc/self/maps");
	show("/proc/mounts");
	show("/proc/meminfo");
	show("/proc/devices");
	show("/proc/version");
	show("/proc/kallsyms");
	show("/proc/nothing");
	put("labtwo\n", "/proc/sys/kernel/hostname");
	show("/proc/sys/kernel/hostname");
	put("p:opened do_sys_open dfd=%di\n", "/sys/kernel/debug/tracing/kprobe_events");
	show("/sys/kernel/tracing/kprobe_events");
	put("1", "/sys/kernel/tracing/events/kprobes/opened/enable");
	show("/etc/hostname");
	put("0", "/sys/kernel/tracing/events/kprobes/opened/enable");
	show("/sys/kernel/tracing/trace");
	put("nonsense", "/sys/kernel/tracing/kprobe_events");
	put("x", "/dev/full");
	put("x", "/dev/null");
	mounts();
	disk();
	console();
	return 0;
}
