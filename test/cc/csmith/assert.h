/* The little that integer-only csmith programs need of the C library. */
#define assert(x) ((void)0)
