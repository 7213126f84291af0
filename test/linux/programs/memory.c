/* brk, mmap, copy on write, file mappings, protection faults, malloc. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

static int fault_signal(void (*action)(char *), char *p)
{
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		action(p);
		_exit(0);
	}
	waitpid(pid, &status, 0);
	return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

static void write_to(char *p)
{
	*(volatile char *)p = 1;
}

static void read_from(char *p)
{
	(void)*(volatile char *)p;
}

static void recurse(char *p)
{
	volatile char frame[4096];

	frame[0] = *p;
	recurse((char *)frame);
	frame[1] = 0;
}

int main(void)
{
	char *p, *q, *blocks[200];
	unsigned int seed = 7;
	int fd, status;
	size_t total = 0;

	p = mmap(NULL, 5 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	printf("zeroed: %d %d\n", p[0], p[5 * 4096 - 1]);
	strcpy(p + 4090, "across a page");
	printf("%s\n", p + 4090);
	if (fork() == 0) {
		strcpy(p + 4090, "changed");
		_exit(0);
	}
	wait(&status);
	printf("private after fork: %s\n", p + 4090);
	q = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (fork() == 0) {
		strcpy(q, "from the child");
		_exit(0);
	}
	wait(&status);
	printf("shared after fork: %s\n", q);
	mprotect(p, 4096, PROT_READ);
	printf("write to read-only: %d, read: %d\n", fault_signal(write_to, p), fault_signal(read_from, p));
	munmap(p + 4096, 4096);
	printf("in the hole: %d, behind it: %d\n", fault_signal(read_from, p + 4096), fault_signal(read_from, p + 8192));
	mprotect(q, 4096, PROT_NONE);
	printf("PROT_NONE: %d\n", fault_signal(read_from, q));
	printf("NULL: %d\n", fault_signal(write_to, NULL));
	printf("endless recursion: %d\n", fault_signal(recurse, p));

	fd = open("mapped", O_RDWR | O_CREAT | O_TRUNC, 0644);
	write(fd, "file content", 12);
	p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	printf("%s\n", p);
	memcpy(p, "FILE", 4);
	q = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
	memcpy(q + 5, "PRIVATE", 7);
	{
		char buffer[16] = "";

		pread(fd, buffer, 12, 0);
		printf("file: %s, private: %s, shared: %s\n", buffer, q, p);
	}
	printf("beyond the end: %d\n", fault_signal(read_from, mmap(NULL, 8192, PROT_READ, MAP_SHARED, fd, 0) + 4096));
	printf("bad length: %s\n", mmap(NULL, 0, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED ?
	       strerror(errno) : "ok");
	printf("bad descriptor: %s\n", mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, 99, 0) == MAP_FAILED ?
	       strerror(errno) : "ok");
	close(fd);
	fd = open("mapped", O_RDONLY);
	printf("shared writable of a read-only file: %s\n",
	       mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0) == MAP_FAILED ? strerror(errno) : "ok");

	for (int i = 0; i < 200; i++) {
		size_t size = 1 + (i * 7919) % 5000;

		blocks[i] = malloc(size);
		memset(blocks[i], i, size);
	}
	for (int i = 0; i < 200; i += 2)
		free(blocks[i]);
	for (int i = 0; i < 200; i += 2)
		blocks[i] = calloc(1, 1 + (i * 104729) % 9000);
	for (int i = 1; i < 200; i += 2)
		total += (unsigned char)blocks[i][(i * 7919) % 5000];
	for (int i = 0; i < 200; i += 2)
		total += blocks[i][0];
	printf("malloc kept: %zu %u\n", total, seed);
	p = malloc(10);
	strcpy(p, "grows");
	p = realloc(p, 100000);
	printf("realloc: %s\n", p);
	return 0;
}
