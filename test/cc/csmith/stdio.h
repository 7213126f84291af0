/* The little that integer-only csmith programs need of the C library. */
int printf(const char *, ...);
