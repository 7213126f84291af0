/* SIGSEGV and SIGBUS with a handler: the address, the reason, and going on after the page has been made usable. */
#include <fcntl.h>
#include <signal.h>
#include <setjmp.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

#include "check.h"

static char *area;
static volatile int faults;
static jmp_buf back;

/* Out of a handler: what it has blocked must be unblocked by hand. */
static void leave(void)
{
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	longjmp(back, 1);
}

static void repair(int sig, siginfo_t *info, void *context)
{
	faults++;
	printf("signal %d code %d at page %ld\n", sig, info->si_code, (long)((char *)info->si_addr - area) / 4096);
	if (mprotect((char *)((uintptr_t)info->si_addr & ~4095UL), 4096, PROT_READ | PROT_WRITE) < 0)
		leave();
	if (sig == SIGBUS)
		leave();
}

int main(void)
{
	struct sigaction action = { .sa_sigaction = repair, .sa_flags = SA_SIGINFO };
	char *map;
	int fd;

	setbuf(stdout, NULL);
	sigaction(SIGSEGV, &action, NULL);
	sigaction(SIGBUS, &action, NULL);
	area = mmap(NULL, 8 * 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	for (int i = 0; i < 4; i++)
		area[i * 4096] = (char)('a' + i);
	printf("%d faults, %c%c%c%c\n", faults, area[0], area[4096], area[8192], area[12288]);
	mprotect(area, 4096, PROT_READ);
	printf("reading is allowed: %c\n", area[0]);
	area[0] = 'A';
	printf("%c after %d\n", area[0], faults);
	munmap(area + 5 * 4096, 4096);
	if (setjmp(back) == 0)
		area[5 * 4096] = 1;
	printf("nothing is mapped there: %d\n", faults);
	fd = open("f", O_RDWR | O_CREAT, 0600);
	ftruncate(fd, 100);
	map = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	area = map;
	map[50] = 'x';
	if (setjmp(back) == 0)
		map[4096] = 'y';
	printf("beyond the file: %d\n", faults);
	return 0;
}
