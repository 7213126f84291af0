/*
 * malloc: blocks in one heap that grows by brk(2). Free blocks lie on a list sorted by address, neighbours are joined,
 * and the first that fits is taken.
 */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "internal.h"

#define GROWTH (64 * 1024)

/* In front of every block. size includes the header and is a multiple of 16. */
struct block {
	size_t size;
	struct block *next;	/* while free */
};

static struct block *free_list;

static uintptr_t heap_end;

int brk(void *end)
{
	uintptr_t now = (uintptr_t)__syscall(SYS_brk, (long)end, 0, 0, 0, 0, 0);

	if (now < (uintptr_t)end) {
		errno = ENOMEM;
		return -1;
	}
	heap_end = now;
	return 0;
}

void *sbrk(intptr_t increment)
{
	uintptr_t old;

	if (!heap_end)
		heap_end = (uintptr_t)__syscall(SYS_brk, 0, 0, 0, 0, 0, 0);
	old = heap_end;
	if (increment && brk((void *)(old + increment)) < 0)
		return (void *)-1;
	return (void *)old;
}

static void insert(struct block *block)
{
	struct block **p = &free_list;

	while (*p && *p < block)
		p = &(*p)->next;
	block->next = *p;
	*p = block;
	if (block->next && (char *)block + block->size == (char *)block->next) {
		block->size += block->next->size;
		block->next = block->next->next;
	}
	if (p != &free_list) {
		struct block *previous = (struct block *)((char *)p - offsetof(struct block, next));

		if ((char *)previous + previous->size == (char *)block) {
			previous->size += block->size;
			previous->next = block->next;
		}
	}
}

static int grow(size_t size)
{
	struct block *block;

	size = (size + GROWTH - 1) / GROWTH * GROWTH;
	if (((uintptr_t)sbrk(0) & 15) && sbrk(16 - ((uintptr_t)sbrk(0) & 15)) == (void *)-1)
		return -1;
	block = sbrk((intptr_t)size);
	if (block == (void *)-1)
		return -1;
	block->size = size;
	insert(block);
	return 0;
}

void *malloc(size_t size)
{
	size_t wanted = (size + sizeof(struct block) + 15) & ~15UL;
	struct block **p, *block;

	if (wanted < size || wanted > PTRDIFF_MAX) {
		errno = ENOMEM;
		return NULL;
	}
	do {
		for (p = &free_list; (block = *p) != NULL; p = &block->next) {
			if (block->size < wanted)
				continue;
			if (block->size >= wanted + 2 * sizeof(struct block)) {
				struct block *rest = (struct block *)((char *)block + wanted);

				rest->size = block->size - wanted;
				rest->next = block->next;
				*p = rest;
				block->size = wanted;
			} else {
				*p = block->next;
			}
			return block + 1;
		}
	} while (grow(wanted) == 0);
	errno = ENOMEM;
	return NULL;
}

void free(void *memory)
{
	if (memory)
		insert((struct block *)memory - 1);
}

void *calloc(size_t count, size_t size)
{
	void *memory;

	if (size && count > SIZE_MAX / size) {
		errno = ENOMEM;
		return NULL;
	}
	memory = malloc(count * size);
	if (memory)
		memset(memory, 0, count * size);
	return memory;
}

void *realloc(void *memory, size_t size)
{
	size_t old;
	void *moved;

	if (!memory)
		return malloc(size);
	old = ((struct block *)memory - 1)->size - sizeof(struct block);
	if (size <= old)
		return memory;
	moved = malloc(size);
	if (moved) {
		memcpy(moved, memory, old);
		free(memory);
	}
	return moved;
}

/* Alignments above 16 come from memory of their own that is never given back. */
void *aligned_alloc(size_t alignment, size_t size)
{
	uintptr_t start;

	if (alignment <= 16)
		return malloc(size);
	start = (uintptr_t)malloc(size + alignment);
	return start ? (void *)((start + alignment - 1) & ~(alignment - 1)) : NULL;
}

void *mmap(void *address, size_t length, int protection, int flags, int fd, off_t offset)
{
	return (void *)CALL6(mmap, address, length, protection, flags, fd, offset);
}

int munmap(void *address, size_t length)
{
	return (int)CALL2(munmap, address, length);
}

int mprotect(void *address, size_t length, int protection)
{
	return (int)CALL3(mprotect, address, length, protection);
}

int madvise(void *address, size_t length, int advice)
{
	return (int)CALL3(madvise, address, length, advice);
}

void *mremap(void *address, size_t old_size, size_t new_size, int flags, ...)
{
	return (void *)CALL4(mremap, address, old_size, new_size, flags);
}
