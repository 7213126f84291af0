/* execve with many and with too many arguments. */
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

#define COUNT 2000

int main(int argc, char **argv)
{
	static char *args[COUNT + 2], text[COUNT][24];
	static char huge[140000];
	unsigned long sum = 0;

	setbuf(stdout, NULL);
	if (argc > 1) {
		for (int i = 1; i < argc; i++)
			for (char *s = argv[i]; *s; s++)
				sum = sum * 31 + *s;
		printf("%d arguments, %lx\n", argc, sum);
		return 0;
	}
	args[0] = "x";
	for (int i = 0; i < COUNT; i++) {
		snprintf(text[i], sizeof(text[i]), "argument %d", i);
		args[i + 1] = text[i];
	}
	if (fork() == 0) {
		execv("/proc/self/exe", args);
		_exit(1);
	}
	wait(NULL);
	memset(huge, 'x', sizeof(huge) - 1);
	args[1] = huge;
	args[2] = NULL;
	SHOW(execv("/proc/self/exe", args));
	return 0;
}
