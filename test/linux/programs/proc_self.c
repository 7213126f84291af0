/* /proc/self: what a process can read about itself there. */
#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

static char text[16384];

static const char *slurp(const char *path)
{
	int fd = open(path, O_RDONLY), n = 0, got;

	if (fd < 0)
		return NULL;
	while ((got = read(fd, text + n, sizeof(text) - 1 - n)) > 0)
		n += got;
	text[n] = '\0';
	close(fd);
	return text;
}

static long field(const char *name)
{
	const char *at = slurp("/proc/self/status");

	at = at ? strstr(at, name) : NULL;
	return at ? strtol(at + strlen(name), NULL, 0) : -1;
}

int main(int argc, char **argv)
{
	char link[256] = { 0 }, here[256], *stat_line;
	const char *env[] = { "X=1", NULL };
	int values = 0;

	setbuf(stdout, NULL);
	if (argc == 1) {
		execve("/proc/self/exe", (char *[]) { "renamed program", "an argument", NULL }, (char **)env);
		return 1;
	}
	slurp("/proc/self/cmdline");
	printf("cmdline %s|%s\n", text, text + strlen(text) + 1);
	slurp("/proc/self/environ");
	printf("environ %s\n", text);
	printf("comm %d\n", slurp("/proc/self/comm")[0] != '\0');
	readlink("/proc/self/cwd", link, 255);
	printf("cwd %d\n", strcmp(link, getcwd(here, 256)) == 0);
	printf("root %d %c\n", (int)readlink("/proc/self/root", link, 255), link[0]);
	printf("Pid %d PPid %d Tgid %d\n", field("\nPid:") == getpid(), field("\nPPid:") == getppid(), field("\nTgid:") == getpid());
	printf("Uid %d Threads %ld\n", field("\nUid:") == (long)getuid(), field("\nThreads:"));
	printf("VmRSS %d VmSize %d\n", field("\nVmRSS:") > 0, field("\nVmSize:") > 100);
	printf("State %c\n", strstr(slurp("/proc/self/status"), "State:\t")[7]);
	stat_line = strrchr(slurp("/proc/self/stat"), ')');
	for (char *at = stat_line; at && (at = strchr(at + 1, ' '));)
		values++;
	printf("stat: pid %d, state %c, %d values after the name\n", atoi(text) == getpid(), stat_line[2], values);
	slurp("/proc/self/statm");
	printf("statm %d\n", atoi(text) > 0);
	slurp("/proc/self/maps");
	printf("maps: stack %d, heap or data %d, exec %d\n", strstr(text, "[stack]") != NULL, strstr(text, "rw-p") != NULL,
	       strstr(text, "r-xp") != NULL);
	slurp("/proc/self/mounts");
	printf("mounts %d\n", strstr(text, " /proc proc ") != NULL);
	printf("limits %d\n", strstr(slurp("/proc/self/limits") ? text : "", "Max open files") != NULL);
	printf("no such file %d\n", slurp("/proc/self/nothing") == NULL);
	printf("no such process %d\n", slurp("/proc/4194300/stat") == NULL);
	if (fork() == 0)
		_exit(0);
	usleep(20000);
	printf("a zombie has no maps and a state: ");
	for (int pid = getpid() + 1; pid < getpid() + 50; pid++) {
		snprintf(link, sizeof(link), "/proc/%d/stat", pid);
		if (slurp(link) && strchr(text, 'Z')) {
			printf("Z\n");
			break;
		}
	}
	wait(NULL);
	return 0;
}
