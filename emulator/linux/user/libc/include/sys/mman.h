/* Mapping memory. */
#ifndef _SYS_MMAN_H
#define _SYS_MMAN_H

#include <sys/types.h>

#define PROT_NONE 0
#define PROT_READ 1
#define PROT_WRITE 2
#define PROT_EXEC 4
#define MAP_SHARED 1
#define MAP_PRIVATE 2
#define MAP_FIXED 0x10
#define MAP_ANONYMOUS 0x20
#define MAP_ANON MAP_ANONYMOUS
#define MAP_STACK 0x20000
#define MAP_FAILED ((void *)-1)
#define MREMAP_MAYMOVE 1
#define MADV_DONTNEED 4

void *mmap(void *address, size_t length, int protection, int flags, int fd, off_t offset);
int munmap(void *address, size_t length);
int mprotect(void *address, size_t length, int protection);
int madvise(void *address, size_t length, int advice);
void *mremap(void *address, size_t old_size, size_t new_size, int flags, ...);

#define MAP_GROWSDOWN 0x100
#define MAP_LOCKED 0x2000
#define MAP_NORESERVE 0x4000
#define MAP_POPULATE 0x8000
#define MAP_FIXED_NOREPLACE 0x100000
#define MREMAP_FIXED 2
#define MADV_NORMAL 0
#define MADV_WILLNEED 3
#define MADV_DONTFORK 10
#define MADV_DOFORK 11
#define MS_ASYNC 1
#define MS_INVALIDATE 2
#define MS_SYNC 4
#define MFD_CLOEXEC 1U
#define MFD_ALLOW_SEALING 2U

int msync(void *address, size_t length, int flags);
int mincore(void *address, size_t length, unsigned char *there);
int mlock(const void *address, size_t length);
int munlock(const void *address, size_t length);
int memfd_create(const char *name, unsigned int flags);

#endif
