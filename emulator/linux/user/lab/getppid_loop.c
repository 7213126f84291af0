/* The smallest system call, for ever: what the benches of probes run. */
#include <stdio.h>
#include <unistd.h>

int main(void)
{
	printf("looping\n");
	fflush(stdout);
	for (;;)
		getppid();
}
