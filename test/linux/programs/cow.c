/* Copy on write: what parent, child and grandchild see of one page of memory. */
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

static int data = 1;
static char *heap;

int main(void)
{
	int stack = 1, depth, status;
	char *big = mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	volatile int *shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	setbuf(stdout, NULL);
	heap = malloc(10000);
	memset(heap, 1, 10000);
	memset(big, 1, 1 << 20);
	for (depth = 0; depth < 5; depth++) {
		pid_t pid = fork();

		if (pid) {
			waitpid(pid, &status, 0);
			break;
		}
		data++;
		stack++;
		heap[5000]++;
		for (int i = 0; i < 1 << 20; i += 4096)
			big[i]++;
		(*shared)++;
	}
	printf("depth %d: data %d stack %d heap %d big %d shared %d untouched %d\n", depth, data, stack, heap[5000],
	       big[8 * 4096], *shared, big[1]);
	return 0;
}
