/*
 * epoll(7): waiting for many files, told once which.
 *
 * An eventpoll holds one item for each watched file. The item stays on the file's wait queues; a wake-up there puts it
 * on the ready list, and epoll_wait() asks only those files that are on it. A level-triggered item that still has
 * something goes back on the list.
 *
 * Locks, in this order: epmutex (making and breaking ties between files and eventpolls), ep->mtx (the items), ep->lock
 * (the ready list; taken in wake-ups). An eventpoll may watch another one; cycles are refused.
 */
#include <linux/anon_inodes.h>
#include <linux/eventpoll.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/mutex.h>
#include <linux/poll.h>
#include <linux/rbtree.h>
#include <linux/sched.h>
#include <linux/signal.h>
#include <linux/slab.h>
#include <linux/syscalls.h>
#include <linux/time64.h>
#include <linux/uaccess.h>
#include <linux/wait.h>

#define EPOLL_CTL_ADD	1
#define EPOLL_CTL_DEL	2
#define EPOLL_CTL_MOD	3

#define EPOLLEXCLUSIVE	(1U << 28)
#define EPOLLWAKEUP	(1U << 29)
#define EPOLLONESHOT	(1U << 30)
#define EPOLLET		(1U << 31)
#define EP_PRIVATE_BITS	(EPOLLEXCLUSIVE | EPOLLWAKEUP | EPOLLONESHOT | EPOLLET)

#define EP_MAX_EVENTS	(0x7fffffff / (int)sizeof(struct epoll_event))
#define EP_MAX_NESTS	4

struct epoll_event {
	u32 events;
	u64 data;
} __packed;

struct eventpoll {
	struct mutex mtx;
	wait_queue_head_t wq;		/* who is in epoll_wait() */
	wait_queue_head_t poll_wait;	/* who watches this eventpoll */
	spinlock_t lock;
	struct list_head rdllist;
	struct rb_root rbr;		/* items by file and descriptor */
};

struct epitem {
	struct rb_node rbn;
	struct list_head rdllink;
	struct hlist_node fllink;	/* on the file's f_ep */
	struct eppoll_entry *pwqlist;
	struct eventpoll *ep;
	struct file *file;
	int fd;
	struct epoll_event event;
};

/* One wait queue that an item is on. */
struct eppoll_entry {
	struct eppoll_entry *next;
	struct epitem *base;
	wait_queue_entry_t wait;
	wait_queue_head_t *whead;	/* NULL once the queue has gone */
};

struct ep_pqueue {
	poll_table pt;
	struct epitem *epi;
	int error;
};

static DEFINE_MUTEX(epmutex);
static const struct file_operations eventpoll_fops;

static int ep_cmp(const struct epitem *epi, const struct file *file, int fd)
{
	if (epi->file != file)
		return epi->file < file ? -1 : 1;
	return epi->fd - fd;
}

static struct epitem *ep_find(struct eventpoll *ep, const struct file *file, int fd)
{
	struct rb_node *node = ep->rbr.rb_node;

	while (node) {
		struct epitem *epi = rb_entry(node, struct epitem, rbn);
		int order = ep_cmp(epi, file, fd);

		if (!order)
			return epi;
		node = order > 0 ? node->rb_left : node->rb_right;
	}
	return NULL;
}

static void ep_rbtree_insert(struct eventpoll *ep, struct epitem *new)
{
	struct rb_node **link = &ep->rbr.rb_node, *parent = NULL;

	while (*link) {
		struct epitem *epi = rb_entry(*link, struct epitem, rbn);

		parent = *link;
		link = ep_cmp(epi, new->file, new->fd) > 0 ? &parent->rb_left : &parent->rb_right;
	}
	rb_link_node(&new->rbn, parent, link);
	rb_insert_color(&new->rbn, &ep->rbr);
}

/* Puts an item on the ready list, and wakes those who wait for that. */
static void ep_make_ready(struct eventpoll *ep, struct epitem *epi)
{
	unsigned long flags;

	spin_lock_irqsave(&ep->lock, flags);
	if (list_empty(&epi->rdllink))
		list_add_tail(&epi->rdllink, &ep->rdllist);
	spin_unlock_irqrestore(&ep->lock, flags);
	wake_up(&ep->wq);
	wake_up_poll(&ep->poll_wait, EPOLLIN);
}

/* A watched file's wait queue is woken; key: what has happened, 0 if the waker did not say. */
static int ep_poll_callback(wait_queue_entry_t *wait, unsigned int mode, int sync, void *key)
{
	struct eppoll_entry *pwq = container_of(wait, struct eppoll_entry, wait);
	struct epitem *epi = pwq->base;
	unsigned int events = (unsigned int)(unsigned long)key;

	if (events & POLLFREE) {	/* the queue goes away under us */
		list_del_init(&wait->entry);
		WRITE_ONCE(pwq->whead, NULL);
		return 0;
	}
	if ((epi->event.events & ~EP_PRIVATE_BITS) && (!events || (events & epi->event.events)))
		ep_make_ready(epi->ep, epi);
	return 1;
}

static void ep_ptable_queue_proc(struct file *file, wait_queue_head_t *whead, poll_table *pt)
{
	struct ep_pqueue *epq = container_of(pt, struct ep_pqueue, pt);
	struct eppoll_entry *pwq = kmalloc(sizeof(*pwq), GFP_KERNEL);

	if (!pwq) {
		epq->error = -ENOMEM;
		return;
	}
	init_waitqueue_func_entry(&pwq->wait, ep_poll_callback);
	pwq->whead = whead;
	pwq->base = epq->epi;
	pwq->next = epq->epi->pwqlist;
	epq->epi->pwqlist = pwq;
	if (epq->epi->event.events & EPOLLEXCLUSIVE)
		add_wait_queue_exclusive(whead, &pwq->wait);
	else
		add_wait_queue(whead, &pwq->wait);
}

static unsigned int ep_item_poll(const struct epitem *epi, poll_table *pt)
{
	return vfs_poll(epi->file, pt) & epi->event.events;
}

/* Takes an item out and frees it. ep->mtx is held. */
static void ep_remove(struct eventpoll *ep, struct epitem *epi)
{
	while (epi->pwqlist) {
		struct eppoll_entry *pwq = epi->pwqlist;

		epi->pwqlist = pwq->next;
		if (READ_ONCE(pwq->whead))
			remove_wait_queue(pwq->whead, &pwq->wait);
		kfree(pwq);
	}
	spin_lock(&epi->file->f_lock);
	hlist_del_init(&epi->fllink);
	spin_unlock(&epi->file->f_lock);
	rb_erase(&epi->rbn, &ep->rbr);
	spin_lock_irq(&ep->lock);
	list_del_init(&epi->rdllink);
	spin_unlock_irq(&ep->lock);
	kfree(epi);
}

void eventpoll_release_file(struct file *file)
{
	mutex_lock(&epmutex);
	while (!hlist_empty(&file->f_ep)) {
		struct epitem *epi = hlist_entry(file->f_ep.first, struct epitem, fllink);
		struct eventpoll *ep = epi->ep;

		mutex_lock(&ep->mtx);
		ep_remove(ep, epi);
		mutex_unlock(&ep->mtx);
	}
	mutex_unlock(&epmutex);
}

static int ep_eventpoll_release(struct inode *inode, struct file *file)
{
	struct eventpoll *ep = file->private_data;
	struct rb_node *node;

	mutex_lock(&epmutex);
	mutex_lock(&ep->mtx);
	while ((node = rb_first(&ep->rbr)) != NULL)
		ep_remove(ep, rb_entry(node, struct epitem, rbn));
	mutex_unlock(&ep->mtx);
	mutex_unlock(&epmutex);
	kfree(ep);
	return 0;
}

/* An eventpoll is readable when one of the files on its ready list really has something. */
static unsigned int ep_eventpoll_poll(struct file *file, poll_table *wait)
{
	struct eventpoll *ep = file->private_data;
	struct epitem *epi, *next;
	unsigned int mask = 0;
	LIST_HEAD(ready);

	poll_wait(file, &ep->poll_wait, wait);
	mutex_lock(&ep->mtx);
	spin_lock_irq(&ep->lock);
	list_splice_init(&ep->rdllist, &ready);
	spin_unlock_irq(&ep->lock);
	list_for_each_entry_safe(epi, next, &ready, rdllink) {
		bool has = ep_item_poll(epi, NULL) != 0;

		spin_lock_irq(&ep->lock);
		if (has)
			list_move_tail(&epi->rdllink, &ep->rdllist);
		else
			list_del_init(&epi->rdllink);
		spin_unlock_irq(&ep->lock);
		if (has)
			mask = EPOLLIN | EPOLLRDNORM;
	}
	mutex_unlock(&ep->mtx);
	return mask;
}

static const struct file_operations eventpoll_fops = {
	.release = ep_eventpoll_release,
	.poll = ep_eventpoll_poll,
	.llseek = noop_llseek,
};

/* How deep eventpolls lie below this one, EP_MAX_NESTS + 1 if `target` is among them. epmutex is held. */
static int ep_depth(struct eventpoll *ep, const struct eventpoll *target, int depth)
{
	struct rb_node *node;
	int deepest = depth;

	if (ep == target || depth > EP_MAX_NESTS)
		return EP_MAX_NESTS + 1;
	for (node = rb_first(&ep->rbr); node; node = rb_next(node)) {
		struct epitem *epi = rb_entry(node, struct epitem, rbn);

		if (epi->file->f_op == &eventpoll_fops)
			deepest = max(deepest, ep_depth(epi->file->private_data, target, depth + 1));
	}
	return deepest;
}

static int ep_insert(struct eventpoll *ep, const struct epoll_event *event, struct file *file, int fd)
{
	struct epitem *epi = kzalloc(sizeof(*epi), GFP_KERNEL);
	struct ep_pqueue epq;

	if (!epi)
		return -ENOMEM;
	INIT_LIST_HEAD(&epi->rdllink);
	epi->ep = ep;
	epi->file = file;
	epi->fd = fd;
	epi->event = *event;
	spin_lock(&file->f_lock);
	hlist_add_head(&epi->fllink, &file->f_ep);
	spin_unlock(&file->f_lock);
	ep_rbtree_insert(ep, epi);
	epq.epi = epi;
	epq.error = 0;
	epq.pt._qproc = ep_ptable_queue_proc;
	if (ep_item_poll(epi, &epq.pt))
		ep_make_ready(ep, epi);
	if (epq.error)
		ep_remove(ep, epi);
	return epq.error;
}

static int ep_modify(struct eventpoll *ep, struct epitem *epi, const struct epoll_event *event)
{
	spin_lock_irq(&ep->lock);
	epi->event = *event;
	spin_unlock_irq(&ep->lock);
	if (ep_item_poll(epi, NULL))
		ep_make_ready(ep, epi);
	return 0;
}

static int do_epoll_ctl(struct file *epfile, struct file *file, int op, int fd, struct epoll_event *event)
{
	struct eventpoll *ep = epfile->private_data;
	bool nested = file->f_op == &eventpoll_fops;
	struct epitem *epi;
	int error = -EINVAL;

	if (epfile->f_op != &eventpoll_fops || file == epfile)
		return -EINVAL;
	if (!file->f_op->poll)
		return -EPERM;
	if (op == EPOLL_CTL_MOD && (event->events & EPOLLEXCLUSIVE))
		return -EINVAL;
	if (op == EPOLL_CTL_ADD && (event->events & EPOLLEXCLUSIVE) && nested)
		return -EINVAL;
	if (nested)
		mutex_lock(&epmutex);
	if (nested && op == EPOLL_CTL_ADD && ep_depth(file->private_data, ep, 1) > EP_MAX_NESTS) {
		mutex_unlock(&epmutex);
		return -ELOOP;
	}
	mutex_lock(&ep->mtx);
	epi = ep_find(ep, file, fd);
	switch (op) {
	case EPOLL_CTL_ADD:
		event->events |= EPOLLERR | EPOLLHUP;
		error = epi ? -EEXIST : ep_insert(ep, event, file, fd);
		break;
	case EPOLL_CTL_DEL:
		error = epi ? 0 : -ENOENT;
		if (epi)
			ep_remove(ep, epi);
		break;
	case EPOLL_CTL_MOD:
		event->events |= EPOLLERR | EPOLLHUP;
		error = epi ? ep_modify(ep, epi, event) : -ENOENT;
		break;
	}
	mutex_unlock(&ep->mtx);
	if (nested)
		mutex_unlock(&epmutex);
	return error;
}

SYSCALL_DEFINE4(epoll_ctl, int, epfd, int, op, int, fd, struct epoll_event __user *, event)
{
	struct epoll_event epds = { 0, 0 };
	int error = -EBADF;
	struct fd f, tf;

	if (op != EPOLL_CTL_DEL && copy_from_user(&epds, event, sizeof(epds)))
		return -EFAULT;
	f = fdget(epfd);
	if (!f.file)
		return -EBADF;
	tf = fdget(fd);
	if (tf.file) {
		error = do_epoll_ctl(f.file, tf.file, op, fd, &epds);
		fdput(tf);
	}
	fdput(f);
	return error;
}

/* Hands out what is ready, at most maxevents. Returns how many, or -EFAULT if not even the first could be told. */
static int ep_send_events(struct eventpoll *ep, struct epoll_event __user *events, int maxevents)
{
	struct epitem *epi, *next;
	LIST_HEAD(ready);
	int count = 0;

	mutex_lock(&ep->mtx);
	spin_lock_irq(&ep->lock);
	list_splice_init(&ep->rdllist, &ready);
	spin_unlock_irq(&ep->lock);
	list_for_each_entry_safe(epi, next, &ready, rdllink) {
		struct epoll_event out;

		if (count >= maxevents)
			break;
		spin_lock_irq(&ep->lock);
		list_del_init(&epi->rdllink);
		spin_unlock_irq(&ep->lock);
		out.events = ep_item_poll(epi, NULL);
		if (!out.events)
			continue;
		out.data = epi->event.data;
		if (copy_to_user(&events[count], &out, sizeof(out))) {
			spin_lock_irq(&ep->lock);
			list_add(&epi->rdllink, &ready);
			spin_unlock_irq(&ep->lock);
			count = count ? count : -EFAULT;
			break;
		}
		count++;
		spin_lock_irq(&ep->lock);
		if (epi->event.events & EPOLLONESHOT)
			epi->event.events &= EP_PRIVATE_BITS;
		else if (!(epi->event.events & EPOLLET) && list_empty(&epi->rdllink))
			list_add_tail(&epi->rdllink, &ep->rdllist);
		spin_unlock_irq(&ep->lock);
	}
	spin_lock_irq(&ep->lock);
	list_splice(&ready, &ep->rdllist);	/* those that there was no room for come first */
	spin_unlock_irq(&ep->lock);
	mutex_unlock(&ep->mtx);
	return count;
}

/* timeout: ticks, negative for ever. */
static int ep_poll(struct eventpoll *ep, struct epoll_event __user *events, int maxevents, long timeout)
{
	for (;;) {
		int count = ep_send_events(ep, events, maxevents);
		long left;

		if (count || !timeout)
			return count;
		left = wait_event_interruptible_timeout(ep->wq, !list_empty(&ep->rdllist),
							timeout < 0 ? MAX_SCHEDULE_TIMEOUT : timeout);
		if (left < 0)
			return -EINTR;
		if (timeout > 0)
			timeout = left;
	}
}

static int do_epoll_wait(int epfd, struct epoll_event __user *events, int maxevents, long timeout)
{
	int error = -EINVAL;
	struct fd f;

	if (maxevents <= 0 || maxevents > EP_MAX_EVENTS)
		return -EINVAL;
	if (!access_ok(events, maxevents * sizeof(*events)))
		return -EFAULT;
	f = fdget(epfd);
	if (!f.file)
		return -EBADF;
	if (f.file->f_op == &eventpoll_fops)
		error = ep_poll(f.file->private_data, events, maxevents, timeout);
	fdput(f);
	return error;
}

static long ticks_of_ms(int timeout)
{
	return timeout < 0 ? -1 : (long)msecs_to_jiffies(timeout);
}

SYSCALL_DEFINE4(epoll_wait, int, epfd, struct epoll_event __user *, events, int, maxevents, int, timeout)
{
	return do_epoll_wait(epfd, events, maxevents, ticks_of_ms(timeout));
}

static int do_epoll_pwait(int epfd, struct epoll_event __user *events, int maxevents, long timeout,
			  const sigset_t __user *sigmask, size_t sigsetsize)
{
	int error = set_user_sigmask(sigmask, sigsetsize);

	if (error)
		return error;
	error = do_epoll_wait(epfd, events, maxevents, timeout);
	restore_user_sigmask(sigmask, error == -EINTR);
	return error;
}

SYSCALL_DEFINE6(epoll_pwait, int, epfd, struct epoll_event __user *, events, int, maxevents, int, timeout,
		const sigset_t __user *, sigmask, size_t, sigsetsize)
{
	return do_epoll_pwait(epfd, events, maxevents, ticks_of_ms(timeout), sigmask, sigsetsize);
}

SYSCALL_DEFINE6(epoll_pwait2, int, epfd, struct epoll_event __user *, events, int, maxevents,
		const struct timespec64 __user *, timeout, const sigset_t __user *, sigmask, size_t, sigsetsize)
{
	struct timespec64 ts;
	long ticks = -1;

	if (timeout) {
		if (copy_from_user(&ts, timeout, sizeof(ts)))
			return -EFAULT;
		if (ts.tv_sec < 0 || (unsigned long)ts.tv_nsec >= NSEC_PER_SEC)
			return -EINVAL;
		ticks = timespec64_to_ticks(&ts);
	}
	return do_epoll_pwait(epfd, events, maxevents, ticks, sigmask, sigsetsize);
}

static int do_epoll_create(int flags)
{
	struct eventpoll *ep;
	int fd;

	if (flags & ~O_CLOEXEC)
		return -EINVAL;
	ep = kzalloc(sizeof(*ep), GFP_KERNEL);
	if (!ep)
		return -ENOMEM;
	mutex_init(&ep->mtx);
	spin_lock_init(&ep->lock);
	init_waitqueue_head(&ep->wq);
	init_waitqueue_head(&ep->poll_wait);
	INIT_LIST_HEAD(&ep->rdllist);
	ep->rbr = RB_ROOT;
	fd = anon_inode_getfd("[eventpoll]", &eventpoll_fops, ep, O_RDWR | flags);
	if (fd < 0)
		kfree(ep);
	return fd;
}

SYSCALL_DEFINE1(epoll_create1, int, flags)
{
	return do_epoll_create(flags);
}

SYSCALL_DEFINE1(epoll_create, int, size)
{
	return size <= 0 ? -EINVAL : do_epoll_create(0);
}
