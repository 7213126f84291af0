/* Self-checking: ASSERT(expected, expression) compares as 64-bit numbers; main() returns the number of failures. */
int printf(const char *format, ...);

static int failures;

#define ASSERT(expected, actual)                                                                     \
	do {                                                                                         \
		unsigned long long e_ = (unsigned long long)(expected), a_ = (unsigned long long)(actual); \
		if (e_ != a_) {                                                                      \
			printf("%s:%d: %s: expected %lld (%llx), got %lld (%llx)\n", __FILE__, __LINE__, \
			       #actual, e_, e_, a_, a_);                                             \
			failures++;                                                                  \
		}                                                                                    \
	} while (0)

#define RESULT() return failures != 0

/* Hides a value from the optimiser. */
#define OPAQUE(x) ({ __typeof__(x) o_ = (x); __asm__("" : "+r"(o_)); o_; })
