/* uname, sysinfo, statfs, sysconf, getrandom and the like: facts that hold on every machine. */
#include <sys/random.h>
#include <sys/statfs.h>
#include <sys/sysinfo.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "check.h"

int main(void)
{
	struct utsname name;
	struct sysinfo info;
	struct statfs fs;
	char a[16], b[16];

	SHOW(uname(&name));
	printf("%s %s, a host name %d, a release %d\n", name.sysname, name.machine, name.nodename[0] != 0,
	       name.release[0] >= '2' && name.release[0] <= '9');
	SHOW(sysinfo(&info));
	printf("memory %d %d, processes %d\n", info.totalram > 0, info.freeram <= info.totalram, info.procs > 1);
	SHOW(statfs("/proc", &fs));
	printf("proc %lx\n", fs.f_type);
	SHOW(statfs(".", &fs));
	printf("names of %ld, block %d\n", fs.f_namelen, fs.f_bsize >= 512);
	SHOW(sysconf(_SC_PAGESIZE));
	SHOW(sysconf(_SC_CLK_TCK));
	SHOW(sysconf(_SC_NPROCESSORS_ONLN) >= 1);
	SHOW(getrandom(a, 16, 0));
	SHOW(getrandom(b, 16, 0));
	printf("differ %d\n", memcmp(a, b, 16) != 0);
	SHOW(getrandom(a, 16, 0x100));
	SHOW(getpagesize());
	return 0;
}
