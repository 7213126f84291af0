/* The ucontext of a handler: the interrupted registers, which it may change. */
#include <signal.h>
#include <sys/wait.h>
#include <ucontext.h>
#include <unistd.h>

#include "check.h"

static void skip(int sig, siginfo_t *info, void *context)
{
	ucontext_t *uc = context;

	printf("signal %d, rbx %#lx\n", sig, (unsigned long)uc->uc_mcontext.gregs[REG_RBX]);
	uc->uc_mcontext.gregs[REG_RIP] += 2;	/* over the ud2 */
	uc->uc_mcontext.gregs[REG_RAX] = 0x77;
	sigaddset(&uc->uc_sigmask, SIGUSR2);
}

int main(void)
{
	struct sigaction action = { .sa_sigaction = skip, .sa_flags = SA_SIGINFO };
	sigset_t set;
	long rax;

	sigaction(SIGILL, &action, NULL);
	__asm__ volatile("movq $0x1234, %%rbx\n\tud2" : "=a"(rax) : : "rbx", "memory");
	printf("rax %#lx\n", rax);
	sigprocmask(SIG_BLOCK, NULL, &set);
	printf("the mask that the handler set: %d\n", sigismember(&set, SIGUSR2));
	return 0;
}
