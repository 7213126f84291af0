/*
 * The first process of `kprobe-lab run`: loads /root/module.ko with the parameters in /root/parameters, gives it something
 * to see (files are opened, read, written; a process is forked), unloads it. The exit code says which step failed.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum step { DONE = 0, INSMOD = 2, WORKLOAD = 3, RMMOD = 4 };

static int load(void)
{
	static char parameters[4096];
	int fd = open("/root/parameters", O_RDONLY);
	int length = fd < 0 ? 0 : read(fd, parameters, sizeof(parameters) - 1);
	int module;
	int failed;

	close(fd);
	parameters[length > 0 ? length : 0] = '\0';
	module = open("/root/module.ko", O_RDONLY);
	failed = module < 0 || syscall(SYS_finit_module, module, parameters, 0) < 0;
	if (failed)
		printf("insmod: can't insert module: %s\n", strerror(errno));
	close(module);
	return failed;
}

static int work(void)
{
	char line[64];
	int status = 1;
	int fd;

	for (int round = 0; round < 3; round++) {
		pid_t child = fork();

		if (child == 0) {
			fd = open("/etc/hostname", O_RDONLY);
			_exit(fd < 0 || read(fd, line, sizeof(line)) < 0);
		}
		if (child < 0 || waitpid(child, &status, 0) != child || status != 0)
			return 1;
	}
	fd = open("/tmp/written", O_WRONLY | O_CREAT | O_TRUNC, 0644);
	if (fd < 0 || write(fd, "lab\n", 4) != 4)
		return 1;
	close(fd);
	return 0;
}

static int unload(const char *name)
{
	if (syscall(SYS_delete_module, name, 0) == 0)
		return 0;
	printf("rmmod: can't unload '%s': %s\n", name, strerror(errno));
	return 1;
}

/* The name of the module that was loaded last: the first word of /proc/modules. */
static const char *loaded_name(void)
{
	static char line[128];
	int fd = open("/proc/modules", O_RDONLY);
	int length = fd < 0 ? -1 : read(fd, line, sizeof(line) - 1);

	if (length < 0)
		printf("/proc/modules: %s\n", strerror(errno));
	close(fd);
	line[length > 0 ? length : 0] = '\0';
	line[strcspn(line, " \n")] = '\0';
	return line;
}

int main(void)
{
	if (load())
		return INSMOD;
	if (work())
		return WORKLOAD;
	return unload(loaded_name()) ? RMMOD : DONE;
}
