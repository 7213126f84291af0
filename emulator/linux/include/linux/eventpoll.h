/* epoll's hook in the life of files. */
#ifndef _LINUX_EVENTPOLL_H
#define _LINUX_EVENTPOLL_H

#include <linux/fs.h>

void eventpoll_release_file(struct file *file);

/* The last use of a file is over: no epoll watches it any more. */
static inline void eventpoll_release(struct file *file)
{
	if (unlikely(!hlist_empty(&file->f_ep)))
		eventpoll_release_file(file);
}

#endif
