/* Names and paths that are too long, or have too many links. */
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"

int main(void)
{
	static char name[300], path[5000];
	char a[8], b[8];

	memset(name, 'n', 255);
	SHOW(close(open(name, O_CREAT | O_WRONLY, 0600)));
	name[255] = 'n';
	SHOW(open(name, O_CREAT | O_WRONLY, 0600));
	SHOW(mkdir(name, 0700));
	SHOW(symlink("x", name));
	memset(path, '/', 4095);
	SHOW(access(path, F_OK));
	memset(path, '/', 4096);
	SHOW(access(path, F_OK));
	for (int i = 0; i < 4090; i += 2)
		memcpy(path + i, "./", 2);
	path[4090] = '\0';
	SHOW(access(path, F_OK));
	symlink("/", "l0");
	for (int i = 1; i < 45; i++) {
		snprintf(a, sizeof(a), "l%d", i - 1);
		snprintf(b, sizeof(b), "l%d", i);
		symlink(a, b);
	}
	SHOW(access("l39", F_OK));
	SHOW(access("l40", F_OK));
	memset(path, 'x', 4999);
	SHOW(symlink(path, "toolong"));
	path[4000] = '\0';
	SHOW(symlink(path, "long"));
	SHOW(readlink("long", name, sizeof(name)));
	SHOW(readlink("long", name, 0));
	return 0;
}
