/*
 * Runs single instructions on the real CPU. Reads cases from standard input, writes results to standard output.
 *
 * Each case: code bytes, registers, flags, and a seed for 256 bytes of memory. The instruction runs at CODE + 0x800 in a
 * page otherwise full of int3, so that whatever it does ends in a signal: the int3 behind it (or at its target), or its
 * own fault. The handler notes the state and loads the next case into the context that it returns to.
 */
#define _GNU_SOURCE
#include <asm/prctl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

#define CODE 0x10000ul
#define START (CODE + 0x800)
#define DATA 0x20000ul
#define WINDOW (DATA + 0xf80)
#define WINDOW_WORDS 64
/* The last bytes before a page that is not mapped. */
#define EDGE (DATA + 0x2000 - 64)
#define EDGE_WORDS 16
#define READ_ONLY 0x23000ul
#define FS_BASE 0x20800ul
#define GS_BASE 0x20000ul

struct test_case {
	uint8_t code[16];
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
	uint32_t hash, pad;
};

/* Registers in encoding order. */
static const int order[16] = { REG_RAX, REG_RCX, REG_RDX, REG_RBX, REG_RSP, REG_RBP, REG_RSI, REG_RDI,
			       REG_R8, REG_R9, REG_R10, REG_R11, REG_R12, REG_R13, REG_R14, REG_R15 };

static struct test_case *cases;
static struct result *results;
static size_t count, next;
static ucontext_t home;
static unsigned long own_fs;

static long raw_syscall(long number, long a, long b)
{
	long result;
	__asm__ volatile("syscall" : "=a"(result) : "0"(number), "D"(a), "S"(b) : "rcx", "r11", "memory");
	return result;
}

static void fill_window(uint32_t seed)
{
	uint32_t *word = (uint32_t *)WINDOW;
	uint32_t x = seed | 1;
	for (int i = 0; i < WINDOW_WORDS; i++) {
		x ^= x << 13;
		x ^= x >> 17;
		x ^= x << 5;
		word[i] = (x & 7) ? x : (x & 8) ? 0xffffffffu : 0;
	}
	memset((void *)EDGE, 0, EDGE_WORDS * 4);
}

static uint32_t hash_window(void)
{
	uint32_t hash = 2166136261u;
	for (int i = 0; i < WINDOW_WORDS; i++)
		hash = (hash ^ ((uint32_t *)WINDOW)[i]) * 16777619u;
	for (int i = 0; i < EDGE_WORDS; i++)
		hash = (hash ^ ((uint32_t *)EDGE)[i]) * 16777619u;
	return hash;
}

static void note(const greg_t *registers)
{
	struct result *result = &results[next++];
	for (int i = 0; i < 16; i++)
		result->registers[i] = registers[order[i]];
	result->flags = registers[REG_EFL];
	result->vector = registers[REG_TRAPNO];
	result->rip = registers[REG_RIP] - (result->vector == 3);
	result->error = registers[REG_ERR];
	result->cr2 = result->vector == 14 ? registers[REG_CR2] : 0;
	result->hash = hash_window();
}

static void load(greg_t *registers)
{
	const struct test_case *test = &cases[next];
	memcpy((void *)START, test->code, 16);
	fill_window(test->seed);
	memcpy((char *)WINDOW + test->patch_offset, test->patch, test->patch_length);
	for (int i = 0; i < 16; i++)
		registers[order[i]] = test->registers[i];
	registers[REG_EFL] = test->flags;
	registers[REG_RIP] = START;
}

static void handler(int signal, siginfo_t *info, void *context)
{
	static int started;
	greg_t *registers = ((ucontext_t *)context)->uc_mcontext.gregs;
	(void)signal;
	(void)info;
	if (started)
		note(registers);
	started = 1;
	if (next < count) {
		load(registers);
		return;
	}
	raw_syscall(SYS_arch_prctl, ARCH_SET_FS, own_fs);
	setcontext(&home);
}

static void *map(unsigned long address, unsigned long length, int protection)
{
	void *got = mmap((void *)address, length, protection, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED | MAP_POPULATE, -1, 0);
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
	const int signals[] = { SIGTRAP, SIGSEGV, SIGBUS, SIGILL, SIGFPE };
	uint32_t wanted;
	volatile int done = 0;

	read_all(&wanted, 4);
	cases = malloc(wanted * sizeof *cases);
	results = calloc(wanted, sizeof *results);
	read_all(cases, wanted * sizeof *cases);
	count = wanted;
	map(CODE, 0x1000, PROT_READ | PROT_WRITE | PROT_EXEC);
	map(DATA, 0x2000, PROT_READ | PROT_WRITE);
	map(READ_ONLY, 0x1000, PROT_READ);
	memset((void *)CODE, 0xcc, 0x1000);
	memset((void *)DATA, 0, 0x2000);
	sigaltstack(&stack, NULL);
	sigfillset(&action.sa_mask);
	for (int i = 0; i < 5; i++)
		sigaction(signals[i], &action, NULL);
	raw_syscall(SYS_arch_prctl, ARCH_GET_FS, (long)&own_fs);
	raw_syscall(SYS_arch_prctl, ARCH_SET_GS, GS_BASE);
	getcontext(&home);
	if (!done) {
		done = 1;
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
