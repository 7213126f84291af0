/*
 * Waiting for one of many files: a file's poll() names the wait queue it would wake, and the events that hold now.
 */
#ifndef _LINUX_POLL_H
#define _LINUX_POLL_H

#include <linux/types.h>
#include <linux/wait.h>
#include <linux/fs.h>
#include <linux/signal.h>

#define POLLIN		0x0001
#define POLLPRI		0x0002
#define POLLOUT		0x0004
#define POLLERR		0x0008
#define POLLHUP		0x0010
#define POLLNVAL	0x0020
#define POLLRDNORM	0x0040
#define POLLRDBAND	0x0080
#define POLLWRNORM	0x0100
#define POLLWRBAND	0x0200
#define POLLRDHUP	0x2000
#define POLLFREE	0x4000	/* to those on a wait queue: it goes away */

#define EPOLLIN		POLLIN
#define EPOLLOUT	POLLOUT
#define EPOLLERR	POLLERR
#define EPOLLHUP	POLLHUP
#define EPOLLRDNORM	POLLRDNORM
#define EPOLLWRNORM	POLLWRNORM
#define EPOLLRDHUP	POLLRDHUP

#define DEFAULT_POLLMASK (POLLIN | POLLOUT | POLLRDNORM | POLLWRNORM)

typedef unsigned int __poll_t;

struct pollfd {
	int fd;
	short events;
	short revents;
};

struct poll_table_struct;
typedef void (*poll_queue_proc)(struct file *, wait_queue_head_t *, struct poll_table_struct *);

typedef struct poll_table_struct {
	poll_queue_proc _qproc;
	unsigned int _key;
} poll_table;

/* Called by a file's poll(): the caller of poll(2) wants to be woken by this queue. */
static inline void poll_wait(struct file *filp, wait_queue_head_t *wait_address, poll_table *p)
{
	if (p && p->_qproc && wait_address)
		p->_qproc(filp, wait_address, p);
}

static inline unsigned int vfs_poll(struct file *file, poll_table *table)
{
	if (!file->f_op->poll)
		return DEFAULT_POLLMASK;
	return file->f_op->poll(file, table);
}

/* fs/select.c: what the waits with a timeout and a signal mask share. */
struct timespec64;
long timespec64_to_ticks(const struct timespec64 *ts);
int set_user_sigmask(const sigset_t __user *umask, size_t sigsetsize);
void restore_user_sigmask(const sigset_t __user *umask, bool interrupted);

#endif
