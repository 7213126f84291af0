/*
 * The first process of `kprobe-lab exec`: runs /root/program with the words of /root/arguments (each ended by a NUL).
 * Its own exit code, which becomes the machine's, is the program's, or 128 and the number of the signal that ended it.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#define MAX_WORDS 256
#define MAX_TEXT 65536

static char text[MAX_TEXT];
static char *words[MAX_WORDS + 1];

static int read_words(void)
{
	int fd = open("/root/arguments", O_RDONLY);
	int length = 0;
	int count = 0;
	int got;

	while (fd >= 0 && (got = read(fd, text + length, MAX_TEXT - 1 - length)) > 0)
		length += got;
	close(fd);
	for (int at = 0; at < length && count < MAX_WORDS; at++) {
		words[count++] = text + at;
		while (at < length && text[at])
			at++;
	}
	return count;
}

int main(void)
{
	int status = 0;
	pid_t child;

	read_words();
	child = fork();
	if (child == 0) {
		execve("/root/program", words, NULL);
		perror(words[0]);
		_exit(127);
	}
	waitpid(child, &status, 0);
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}
