/*
 * Runs code on the real CPU. Reads cases from standard input, writes results to standard output.
 *
 * Each case: code bytes, where in the code page they lie, registers, flags, and a seed for the memory. The rest of the
 * page is int3, so that whatever the code does ends in a signal: the int3 behind it (or at its target), or its own fault.
 * With `steps`, it is single-stepped and also ends after that many instructions: code that nobody wrote on purpose. The
 * handler notes the state and loads the next case into the context that it returns to.
 *
 * The code cannot write to its own page (the handler does through another mapping), and a seccomp filter turns every
 * system call it makes into SIGSYS, reported as vector 256.
 */
#define _GNU_SOURCE
#include <asm/prctl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

#define CODE 0x10000ul
#define DATA 0x20000ul
#define DATA_BYTES 0x2000
#define WINDOW (DATA + 0xf80)
#define WINDOW_WORDS 64
/* The last bytes before a page that is not mapped. */
#define EDGE (DATA + 0x2000 - 64)
#define EDGE_WORDS 16
#define READ_ONLY 0x23000ul
#define FS_BASE 0x20800ul
#define GS_BASE 0x20000ul
#define SYSTEM_CALL 256

struct test_case {
	uint8_t code[32];
	uint32_t start, steps;
	uint32_t seed;
	uint16_t patch_offset, patch_length;
	uint64_t registers[16];
	uint64_t flags;
	uint8_t patch[16];
};

struct result {
	uint64_t registers[16];
	uint64_t flags, rip;
	uint32_t vector, error;
	uint64_t cr2;
	uint32_t hash, steps;
};

/* Registers in encoding order. */
static const int order[16] = { REG_RAX, REG_RCX, REG_RDX, REG_RBX, REG_RSP, REG_RBP, REG_RSI, REG_RDI,
			       REG_R8, REG_R9, REG_R10, REG_R11, REG_R12, REG_R13, REG_R14, REG_R15 };

static struct test_case *cases;
static struct result *results;
static size_t count, next;
/* Another mapping of the code page, writable. */
static uint8_t *code;
static ucontext_t home;
static unsigned long own_fs;

static long raw_syscall(long number, long a, long b)
{
	long result;
	__asm__ volatile("syscall" : "=a"(result) : "0"(number), "D"(a), "S"(b) : "rcx", "r11", "memory");
	return result;
}

static void fill(uint32_t *words, int number, uint32_t seed)
{
	uint32_t x = seed | 1;
	for (int i = 0; i < number; i++) {
		x ^= x << 13;
		x ^= x >> 17;
		x ^= x << 5;
		words[i] = (x & 7) ? x : (x & 8) ? 0xffffffffu : 0;
	}
}

static void fill_memory(const struct test_case *test)
{
	if (test->steps) {
		fill((uint32_t *)DATA, DATA_BYTES / 4, test->seed);
		return;
	}
	fill((uint32_t *)WINDOW, WINDOW_WORDS, test->seed);
	memset((void *)EDGE, 0, EDGE_WORDS * 4);
}

static uint32_t hash_words(uint32_t hash, unsigned long address, int number)
{
	for (int i = 0; i < number; i++)
		hash = (hash ^ ((uint32_t *)address)[i]) * 16777619u;
	return hash;
}

static uint32_t hash_memory(const struct test_case *test)
{
	uint32_t hash = 2166136261u;
	if (test->steps)
		return hash_words(hash, DATA, DATA_BYTES / 4);
	return hash_words(hash_words(hash, WINDOW, WINDOW_WORDS), EDGE, EDGE_WORDS);
}

static void note(const greg_t *registers, int signal)
{
	struct result *result = &results[next];
	for (int i = 0; i < 16; i++)
		result->registers[i] = registers[order[i]];
	result->flags = registers[REG_EFL];
	result->vector = signal == SIGSYS ? SYSTEM_CALL : registers[REG_TRAPNO];
	result->rip = registers[REG_RIP] - (result->vector == 3);
	result->error = registers[REG_ERR];
	result->cr2 = result->vector == 14 ? registers[REG_CR2] : 0;
	result->hash = hash_memory(&cases[next++]);
}

/* As much of a case's code as lies in the page. */
static size_t code_length(const struct test_case *test)
{
	size_t room = CODE + 0x1000 - test->start;
	return room < sizeof test->code ? room : sizeof test->code;
}

static void load(ucontext_t *context)
{
	greg_t *registers = context->uc_mcontext.gregs;
	const struct test_case *test = &cases[next];
	if (next)
		memset(code + cases[next - 1].start - CODE, 0xcc, code_length(&cases[next - 1]));
	memcpy(code + test->start - CODE, test->code, code_length(test));
	fill_memory(test);
	memcpy((char *)WINDOW + test->patch_offset, test->patch, test->patch_length);
	for (int i = 0; i < 16; i++)
		registers[order[i]] = test->registers[i];
	registers[REG_EFL] = test->flags | (test->steps ? 0x100 : 0);
	registers[REG_RIP] = test->start;
	/* Stray floating-point code must not leave an exception behind for the next case. */
	context->uc_mcontext.fpregs->mxcsr = 0x1f80;
	context->uc_mcontext.fpregs->cwd = 0x37f;
	context->uc_mcontext.fpregs->swd = 0;
}

static void handler(int signal, siginfo_t *info, void *context)
{
	static int started;
	greg_t *registers = ((ucontext_t *)context)->uc_mcontext.gregs;
	(void)info;
	if (started) {
		struct result *result = &results[next];
		int stepped = signal == SIGTRAP && registers[REG_TRAPNO] == 1;
		if (stepped && ++result->steps < cases[next].steps)
			return;
		note(registers, signal);
	}
	started = 1;
	if (next < count) {
		load(context);
		return;
	}
	raw_syscall(SYS_arch_prctl, ARCH_SET_FS, own_fs);
	registers[REG_EFL] &= ~0x100ul;
	setcontext(&home);
}

/* Only the harness itself, which lies above 4 GiB, may call the kernel. */
static void confine(void)
{
	struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AUDIT_ARCH_X86_64, 0, 3),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, instruction_pointer) + 4),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 1, 0),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRAP),
	};
	struct sock_fprog program = { sizeof filter / sizeof *filter, filter };
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program)) {
		perror("seccomp");
		exit(2);
	}
}

static void *map(unsigned long address, unsigned long length, int protection, int file)
{
	int flags = MAP_FIXED | MAP_POPULATE | (file < 0 ? MAP_PRIVATE | MAP_ANONYMOUS : MAP_SHARED);
	void *got = mmap((void *)address, length, protection, flags, file, 0);
	if (got != (void *)address) {
		perror("mmap");
		exit(2);
	}
	return got;
}

static void read_all(void *to, size_t length)
{
	for (char *at = to; length;) {
		ssize_t got = read(0, at, length);
		if (got <= 0)
			exit(3);
		at += got;
		length -= got;
	}
}

int main(void)
{
	static char alternate[65536];
	stack_t stack = { .ss_sp = alternate, .ss_size = sizeof alternate };
	struct sigaction action = { .sa_sigaction = handler, .sa_flags = SA_SIGINFO | SA_ONSTACK };
	const int signals[] = { SIGTRAP, SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGSYS };
	int file = memfd_create("code", 0);
	uint32_t wanted;
	volatile int done = 0;

	read_all(&wanted, 4);
	cases = malloc(wanted * sizeof *cases);
	results = calloc(wanted, sizeof *results);
	read_all(cases, wanted * sizeof *cases);
	count = wanted;
	if (ftruncate(file, 0x1000))
		return 2;
	map(CODE, 0x1000, PROT_READ | PROT_EXEC, file);
	code = mmap(NULL, 0x1000, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, file, 0);
	map(DATA, DATA_BYTES, PROT_READ | PROT_WRITE, -1);
	map(READ_ONLY, 0x1000, PROT_READ, -1);
	memset(code, 0xcc, 0x1000);
	memset((void *)DATA, 0, DATA_BYTES);
	sigaltstack(&stack, NULL);
	sigfillset(&action.sa_mask);
	for (int i = 0; i < 6; i++)
		sigaction(signals[i], &action, NULL);
	raw_syscall(SYS_arch_prctl, ARCH_GET_FS, (long)&own_fs);
	raw_syscall(SYS_arch_prctl, ARCH_SET_GS, GS_BASE);
	getcontext(&home);
	if (!done) {
		done = 1;
		confine();
		raw_syscall(SYS_arch_prctl, ARCH_SET_FS, FS_BASE);
		__asm__ volatile("int3");
	}
	for (size_t written = 0, length = count * sizeof *results; written < length;) {
		ssize_t got = write(1, (char *)results + written, length - written);
		if (got <= 0)
			return 4;
		written += got;
	}
	return 0;
}
