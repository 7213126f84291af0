/* User and group ids: real, effective and saved, and who may change which to what. */
#include <grp.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

static void show(void)
{
	uid_t r, e, s;
	gid_t gr, ge, gs;

	getresuid(&r, &e, &s);
	getresgid(&gr, &ge, &gs);
	printf("uid %u %u %u gid %u %u %u\n", r, e, s, gr, ge, gs);
}

static void part(int which)
{
	gid_t groups[4] = { 5, 6, 7, 8 };

	switch (which) {
	case 0:
		SHOW(setresuid(1, 2, 3));
		show();
		SHOW(setuid(3));
		show();
		SHOW(setuid(4));
		SHOW(seteuid(1));
		show();
		SHOW(setreuid(3, 1));
		SHOW(setresuid(-1, 3, -1));
		SHOW(setresuid(9, -1, -1));
		break;
	case 1:
		SHOW(setgid(10));
		SHOW(setuid(10));
		show();
		SHOW(setgid(0));
		SHOW(setuid(0));
		SHOW(setgroups(1, groups));
		break;
	case 2:
		SHOW(setgroups(4, groups));
		memset(groups, 0, sizeof(groups));
		SHOW(getgroups(0, NULL));
		SHOW(getgroups(2, groups));
		SHOW(getgroups(4, groups));
		printf("%u %u %u %u\n", groups[0], groups[1], groups[2], groups[3]);
		SHOW(setgroups(70000, groups));
		break;
	case 3:
		SHOW(seteuid(5));
		show();
		SHOW(seteuid(0));
		show();
		SHOW(setreuid(7, 8));
		show();
		SHOW(setresgid(1, 2, 3));
		break;
	}
	_exit(0);
}

int main(void)
{
	setbuf(stdout, NULL);
	for (int i = 0; i < 4; i++) {
		if (fork() == 0)
			part(i);
		wait(NULL);
	}
	return 0;
}
