/*
 * A pipe: a ring of page-sized buffers between writers and readers.
 */
#ifndef _LINUX_PIPE_FS_I_H
#define _LINUX_PIPE_FS_I_H

#include <linux/types.h>
#include <linux/mutex.h>
#include <linux/wait.h>

#define PIPE_DEF_BUFFERS 16
#define PIPE_MAX_SIZE (1UL << 20)

struct page;

/* One slot of the ring: len bytes from offset on in a page. */
struct pipe_buffer {
	struct page *page;
	unsigned int offset, len;
	unsigned int flags;
};

struct pipe_inode_info {
	struct mutex mutex;
	wait_queue_head_t rd_wait, wr_wait;
	unsigned int head;		/* where writers put the next buffer: counts up, used modulo ring_size */
	unsigned int tail;		/* the buffer that readers take from */
	unsigned int max_usage;
	unsigned int ring_size;
	unsigned int readers;
	unsigned int writers;
	unsigned int files;		/* open files that refer to this pipe */
	unsigned int r_counter;		/* readers and writers there have ever been: fifo_open waits for a change */
	unsigned int w_counter;
	struct pipe_buffer *bufs;
};

struct file;
int create_pipe_files(struct file **res, int flags);
int do_pipe_flags(int *fd, int flags);
struct pipe_inode_info *alloc_pipe_info(void);
void free_pipe_info(struct pipe_inode_info *pipe);
long pipe_set_size(struct pipe_inode_info *pipe, unsigned long size);

static inline bool pipe_empty(unsigned int head, unsigned int tail)
{
	return head == tail;
}

static inline unsigned int pipe_occupancy(unsigned int head, unsigned int tail)
{
	return head - tail;
}

static inline bool pipe_full(unsigned int head, unsigned int tail, unsigned int limit)
{
	return pipe_occupancy(head, tail) >= limit;
}

#endif
