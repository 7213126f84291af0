/*
 * The heap: blocks with a header on one list in address order, first fit, neighbours joined when they are free. It grows
 * by brk.
 */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define GRAIN 16UL
#define GROWTH 65536UL

struct block {
	size_t size; /* of the payload */
	struct block *next;
	int free;
};

#define HEADER ((sizeof(struct block) + GRAIN - 1) & ~(GRAIN - 1))

static struct block *first;
static struct block *last;

static struct block *grow(size_t size)
{
	size_t wanted = (size + HEADER + GROWTH - 1) & ~(GROWTH - 1);
	struct block *block = sbrk(wanted);

	if (block == (void *)-1)
		return NULL;
	block->size = wanted - HEADER;
	block->next = NULL;
	block->free = 1;
	if (last)
		last->next = block;
	else
		first = block;
	last = block;
	return block;
}

static void split(struct block *block, size_t size)
{
	struct block *rest;

	if (block->size < size + HEADER + GRAIN)
		return;
	rest = (struct block *)((char *)block + HEADER + size);
	rest->size = block->size - size - HEADER;
	rest->next = block->next;
	rest->free = 1;
	block->size = size;
	block->next = rest;
	if (last == block)
		last = rest;
}

static void join(struct block *block)
{
	while (block->next && block->next->free && (char *)block + HEADER + block->size == (char *)block->next) {
		if (last == block->next)
			last = block;
		block->size += HEADER + block->next->size;
		block->next = block->next->next;
	}
}

void *malloc(size_t size)
{
	struct block *block;

	if (size > SIZE_MAX / 2) {
		errno = ENOMEM;
		return NULL;
	}
	size = (size + GRAIN - 1) & ~(GRAIN - 1);
	if (size == 0)
		size = GRAIN;
	for (block = first; block; block = block->next) {
		if (!block->free)
			continue;
		join(block);
		if (block->size >= size)
			break;
	}
	if (!block)
		block = grow(size);
	if (!block) {
		errno = ENOMEM;
		return NULL;
	}
	split(block, size);
	block->free = 0;
	return (char *)block + HEADER;
}

void free(void *memory)
{
	if (memory)
		((struct block *)((char *)memory - HEADER))->free = 1;
}

void *calloc(size_t count, size_t size)
{
	void *memory;

	if (size && count > SIZE_MAX / size) {
		errno = ENOMEM;
		return NULL;
	}
	memory = malloc(count * size);
	return memory ? memset(memory, 0, count * size) : NULL;
}

void *realloc(void *memory, size_t size)
{
	struct block *block = (struct block *)((char *)memory - HEADER);
	void *moved;

	if (!memory)
		return malloc(size);
	if (block->size >= size)
		return memory;
	moved = malloc(size);
	if (moved) {
		memcpy(moved, memory, block->size);
		free(memory);
	}
	return moved;
}
