/* Directories: making, listing, walking, removing, and what is refused. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void show(const char *what, int result)
{
	printf("%s: %s\n", what, result < 0 ? strerror(errno) : "ok");
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void list(const char *path)
{
	DIR *dir = opendir(path);
	struct dirent *entry;
	char *names[200];
	int n = 0;

	if (!dir) {
		printf("%s: %s\n", path, strerror(errno));
		return;
	}
	while ((entry = readdir(dir)) != NULL) {
		char text[300];

		snprintf(text, sizeof(text), "%s%s", entry->d_name, entry->d_type == DT_DIR ? "/" : "");
		names[n++] = strdup(text);
	}
	closedir(dir);
	qsort(names, n, sizeof(*names), by_name);
	printf("%s (%d):", path, n);
	for (int i = 0; i < n && i < 8; i++)
		printf(" %s", names[i]);
	printf("\n");
}

int main(void)
{
	char name[64], cwd[256];
	struct stat st;
	const char *here;

	show("mkdir d", mkdir("d", 0755));
	show("mkdir d again", mkdir("d", 0755));
	show("mkdir d/e/f", mkdir("d/e/f", 0755));
	show("mkdir d/e/", mkdir("d/e/", 0755));
	show("mkdir d/e/f", mkdir("d/e/f", 0700));
	stat("d", &st);
	printf("links of d: %lu\n", (unsigned long)st.st_nlink);
	show("chdir d/e", chdir("d/e"));
	getcwd(cwd, sizeof(cwd));
	here = strstr(cwd, "/d/e");
	printf("cwd ends in %s\n", here ? here : cwd);
	close(creat("../file", 0644));
	list("..");
	list("../../d/./e/../e");
	list("../file");
	list("nowhere");
	show("chdir file", chdir("../file"));
	show("chdir ../..", chdir("../.."));
	show("rmdir d", rmdir("d"));
	show("rmdir d/file", rmdir("d/file"));
	show("unlink d/e", unlink("d/e"));
	show("rmdir .", rmdir("."));
	show("rmdir d/e/..", rmdir("d/e/.."));
	show("rmdir d/e/f", rmdir("d/e/f"));
	show("rmdir d/e", rmdir("d/e"));
	show("unlink d/file", unlink("d/file"));
	show("rmdir d", rmdir("d"));
	show("rmdir d again", rmdir("d"));
	mkdir("many", 0755);
	for (int i = 0; i < 100; i++) {
		snprintf(name, sizeof(name), "many/file-with-a-rather-long-name-%03d", i);
		close(creat(name, 0644));
	}
	list("many");
	for (int i = 0; i < 100; i += 2) {
		snprintf(name, sizeof(name), "many/file-with-a-rather-long-name-%03d", i);
		unlink(name);
	}
	list("many");
	mkdir("gone", 0755);
	chdir("gone");
	rmdir("../gone");
	show("getcwd in a removed directory", getcwd(cwd, sizeof(cwd)) ? 0 : -1);
	show("create in a removed directory", creat("x", 0644));
	return 0;
}
