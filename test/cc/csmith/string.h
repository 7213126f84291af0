/* The little that integer-only csmith programs need of the C library. */
int strcmp(const char *, const char *); void *memset(void *, int, unsigned long);void *memcpy(void *, const void *, unsigned long);
