/*
 * The first process of the machine in programs.test.ts: runs every program of /root in an empty directory of its own and
 * tells how it ended. What stands between the lines <<<<NAME and >>>>CODE is compared with the native run.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static int run(const char *name)
{
	char path[300], work[300];
	int status = 0;
	pid_t pid;

	snprintf(path, sizeof(path), "/root/%s", name);
	snprintf(work, sizeof(work), "/work/%s", name);
	mkdir(work, 0755);
	pid = fork();
	if (pid == 0) {
		if (chdir(work) == 0)
			execl(path, path, (char *)NULL);
		_exit(127);
	}
	waitpid(pid, &status, 0);
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

int main(void)
{
	DIR *dir = opendir("/root");
	struct dirent *entry;
	char *names[200];
	int count = 0;

	while (dir && (entry = readdir(dir)) != NULL)
		if (entry->d_name[0] != '.')
			names[count++] = strdup(entry->d_name);
	qsort(names, count, sizeof(*names), by_name);
	mkdir("/work", 0755);
	for (int i = 0; i < count; i++) {
		int code;

		printf("<<<<%s\n", names[i]);
		fflush(stdout);
		code = run(names[i]);
		printf(">>>>%d\n", code);
		fflush(stdout);
	}
	return 0;
}
