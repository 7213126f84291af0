/*
 * poll(2) and select(2): sleeping until one of several files has something to say.
 *
 * Each file's poll() puts the caller on its wait queues at the first round (poll_wait -> __pollwait) and tells what
 * holds now. A wake-up starts another round; the queues are left at the end.
 */
#include <linux/poll.h>
#include <linux/fs.h>
#include <linux/file.h>
#include <linux/fdtable.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/sched.h>
#include <linux/signal.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/time.h>
#include <linux/uaccess.h>
#include <linux/wait.h>
#include <linux/syscalls.h>

#define POLL_MAX_FDS	1024

/* One queue that the caller waits on, and the file that keeps the queue alive. */
struct poll_table_entry {
	struct file *filp;
	wait_queue_entry_t wait;
	wait_queue_head_t *wait_address;
	struct poll_wqueues *owner;
	unsigned int key;
	struct poll_table_entry *next;
};

struct poll_wqueues {
	poll_table pt;
	struct poll_table_entry *entries;
	struct task_struct *polling_task;
	int triggered;		/* woken since the last round began */
	int error;
};

static int pollwake(wait_queue_entry_t *wait, unsigned int mode, int sync, void *key)
{
	struct poll_table_entry *entry = container_of(wait, struct poll_table_entry, wait);

	/* Only what was asked for, if the waker says what there is. */
	if (key && !((unsigned long)key & entry->key))
		return 0;
	WRITE_ONCE(entry->owner->triggered, 1);
	return wake_up_process(entry->owner->polling_task);
}

static void __pollwait(struct file *filp, wait_queue_head_t *wait_address, poll_table *p)
{
	struct poll_wqueues *pwq = container_of(p, struct poll_wqueues, pt);
	struct poll_table_entry *entry = kmalloc(sizeof(*entry), GFP_KERNEL);

	if (!entry) {
		pwq->error = -ENOMEM;
		return;
	}
	entry->filp = get_file(filp);
	entry->wait_address = wait_address;
	entry->owner = pwq;
	entry->key = p->_key;
	entry->next = pwq->entries;
	pwq->entries = entry;
	init_waitqueue_func_entry(&entry->wait, pollwake);
	add_wait_queue(wait_address, &entry->wait);
}

static void poll_initwait(struct poll_wqueues *pwq)
{
	memset(pwq, 0, sizeof(*pwq));
	pwq->pt._qproc = __pollwait;
	pwq->polling_task = current;
}

static void poll_freewait(struct poll_wqueues *pwq)
{
	while (pwq->entries) {
		struct poll_table_entry *entry = pwq->entries;

		pwq->entries = entry->next;
		remove_wait_queue(entry->wait_address, &entry->wait);
		fput(entry->filp);
		kfree(entry);
	}
}

/* What holds of what is wanted of one file. */
static short do_pollfd(const struct pollfd *pollfd, poll_table *pt)
{
	struct fd f;
	unsigned int mask;

	if (pollfd->fd < 0)
		return 0;
	f = fdget(pollfd->fd);
	if (!f.file)
		return POLLNVAL;
	pt->_key = (unsigned short)pollfd->events | POLLERR | POLLHUP;
	mask = vfs_poll(f.file, pt) & pt->_key;
	fdput(f);
	return mask;
}

/* Rounds over the files until one has something, the time (in ticks, negative: for ever) is up, or a signal comes. */
static noinline int do_poll(struct pollfd *fds, unsigned int nfds, struct poll_wqueues *pwq, long timeout)
{
	if (!timeout)
		pwq->pt._qproc = NULL;
	for (;;) {
		unsigned int i;
		int count = 0;

		WRITE_ONCE(pwq->triggered, 0);
		for (i = 0; i < nfds; i++) {
			fds[i].revents = do_pollfd(&fds[i], &pwq->pt);
			if (fds[i].revents) {
				count++;
				pwq->pt._qproc = NULL;
			}
		}
		/* One round is enough to be on all queues. */
		pwq->pt._qproc = NULL;
		if (!count) {
			count = pwq->error;
			if (signal_pending(current))
				count = -EINTR;
		}
		if (count || !timeout)
			return count;
		set_current_state(TASK_INTERRUPTIBLE);
		if (READ_ONCE(pwq->triggered))
			__set_current_state(TASK_RUNNING);
		else
			timeout = timeout < 0 ? (schedule(), -1) : schedule_timeout(timeout);
		__set_current_state(TASK_RUNNING);
	}
}

/* Rounded up; what no sleep can last is for ever. */
long timespec64_to_ticks(const struct timespec64 *ts)
{
	if (ts->tv_sec > MAX_SCHEDULE_TIMEOUT / (2 * HZ))
		return MAX_SCHEDULE_TIMEOUT;
	return ts->tv_sec * HZ + (ts->tv_nsec * HZ + NSEC_PER_SEC - 1) / NSEC_PER_SEC;
}

/* The signal mask for the time of a wait, as ppoll and its like take it. A NULL mask changes nothing. */
int set_user_sigmask(const sigset_t __user *umask, size_t sigsetsize)
{
	sigset_t mask;

	if (!umask)
		return 0;
	if (sigsetsize != sizeof(mask))
		return -EINVAL;
	if (copy_from_user(&mask, umask, sizeof(mask)))
		return -EFAULT;
	current->saved_sigmask = current->blocked;
	set_current_blocked(&mask);
	return 0;
}

/* After the wait. When a signal ended it, its handler runs under the temporary mask, and the old one comes back then. */
void restore_user_sigmask(const sigset_t __user *umask, bool interrupted)
{
	if (!umask)
		return;
	if (interrupted)
		current->restore_sigmask = true;
	else
		set_current_blocked(&current->saved_sigmask);
}

static noinline int do_sys_poll(struct pollfd __user *ufds, unsigned int nfds, long timeout)
{
	struct poll_wqueues table;
	struct pollfd *fds;
	int count;

	if (nfds > POLL_MAX_FDS)
		return -EINVAL;
	fds = kmalloc_array(nfds + 1, sizeof(*fds), GFP_KERNEL);
	if (!fds)
		return -ENOMEM;
	if (copy_from_user(fds, ufds, nfds * sizeof(*fds))) {
		kfree(fds);
		return -EFAULT;
	}
	poll_initwait(&table);
	count = do_poll(fds, nfds, &table, timeout);
	poll_freewait(&table);
	if (count >= 0 && copy_to_user(ufds, fds, nfds * sizeof(*fds)))
		count = -EFAULT;
	kfree(fds);
	return count;
}

SYSCALL_DEFINE3(poll, struct pollfd __user *, ufds, unsigned int, nfds, int, timeout_msecs)
{
	return do_sys_poll(ufds, nfds, timeout_msecs < 0 ? -1 : (long)msecs_to_jiffies(timeout_msecs));
}

/* The timeout of ppoll and pselect in ticks, negative: for ever. */
static long user_timeout(const struct timespec64 __user *tsp, long *timeout)
{
	struct timespec64 ts;

	*timeout = -1;
	if (!tsp)
		return 0;
	if (copy_from_user(&ts, tsp, sizeof(ts)))
		return -EFAULT;
	if (ts.tv_sec < 0 || (unsigned long)ts.tv_nsec >= NSEC_PER_SEC)
		return -EINVAL;
	*timeout = timespec64_to_ticks(&ts);
	return 0;
}

SYSCALL_DEFINE5(ppoll, struct pollfd __user *, ufds, unsigned int, nfds, struct timespec64 __user *, tsp,
		const sigset_t __user *, sigmask, size_t, sigsetsize)
{
	long timeout, ret = user_timeout(tsp, &timeout);

	if (!ret)
		ret = set_user_sigmask(sigmask, sigsetsize);
	if (ret)
		return ret;
	ret = do_sys_poll(ufds, nfds, timeout);
	restore_user_sigmask(sigmask, ret == -EINTR);
	return ret;
}

#define FD_WORDS(n)	(((n) + 63) / 64)

/* select(2) in terms of poll(2): a pollfd for each descriptor that is in one of the sets. */
static noinline int core_sys_select(int n, unsigned long __user *in, unsigned long __user *out,
				    unsigned long __user *ex, long timeout)
{
	unsigned long __user *const user[3] = { in, out, ex };
	static const short wanted[3] = { POLLIN, POLLOUT, POLLPRI };
	static const short seen[3] = { POLLIN | POLLHUP | POLLERR, POLLOUT | POLLERR, POLLPRI };
	unsigned long sets[3][FD_WORDS(POLL_MAX_FDS)];
	struct poll_wqueues table;
	struct pollfd *fds;
	int ret, set, fd, nfds = 0, count = 0;

	if (n < 0)
		return -EINVAL;
	if (n > POLL_MAX_FDS)
		n = POLL_MAX_FDS;
	memset(sets, 0, sizeof(sets));
	for (set = 0; set < 3; set++)
		if (user[set] && copy_from_user(sets[set], user[set], FD_WORDS(n) * sizeof(long)))
			return -EFAULT;
	fds = kmalloc_array(n + 1, sizeof(*fds), GFP_KERNEL);
	if (!fds)
		return -ENOMEM;
	for (fd = 0; fd < n; fd++) {
		short events = 0;

		for (set = 0; set < 3; set++)
			if (sets[set][fd / 64] >> (fd % 64) & 1)
				events |= wanted[set];
		if (events)
			fds[nfds++] = (struct pollfd) { .fd = fd, .events = events };
	}
	poll_initwait(&table);
	ret = do_poll(fds, nfds, &table, timeout);
	poll_freewait(&table);
	if (ret < 0)
		goto out;
	for (fd = 0; fd < nfds; fd++) {
		int number = fds[fd].fd;

		if (fds[fd].revents & POLLNVAL) {
			ret = -EBADF;
			goto out;
		}
		for (set = 0; set < 3; set++) {
			unsigned long *word = &sets[set][number / 64], bit = 1UL << (number % 64);

			if (!(*word & bit))
				continue;
			if (fds[fd].revents & seen[set])
				count++;
			else
				*word &= ~bit;
		}
	}
	ret = count;
	for (set = 0; set < 3; set++)
		if (user[set] && copy_to_user(user[set], sets[set], FD_WORDS(n) * sizeof(long)))
			ret = -EFAULT;
out:
	kfree(fds);
	return ret;
}

SYSCALL_DEFINE5(select, int, n, unsigned long __user *, inp, unsigned long __user *, outp, unsigned long __user *, exp,
		struct timeval __user *, tvp)
{
	struct timeval tv;
	struct timespec64 ts;
	long timeout = -1;

	if (tvp) {
		if (copy_from_user(&tv, tvp, sizeof(tv)))
			return -EFAULT;
		if (tv.tv_sec < 0 || tv.tv_usec < 0)
			return -EINVAL;
		ts.tv_sec = tv.tv_sec + tv.tv_usec / 1000000;
		ts.tv_nsec = tv.tv_usec % 1000000 * 1000;
		timeout = timespec64_to_ticks(&ts);
	}
	return core_sys_select(n, inp, outp, exp, timeout);
}

/* pselect's sixth argument: a mask and its size, because there are only six arguments. */
struct sigset_argpack {
	sigset_t __user *p;
	size_t size;
};

SYSCALL_DEFINE6(pselect6, int, n, unsigned long __user *, inp, unsigned long __user *, outp, unsigned long __user *, exp,
		struct timespec64 __user *, tsp, struct sigset_argpack __user *, sig)
{
	struct sigset_argpack x = { NULL, 0 };
	long timeout, ret = user_timeout(tsp, &timeout);

	if (!ret && sig && copy_from_user(&x, sig, sizeof(x)))
		ret = -EFAULT;
	if (!ret)
		ret = set_user_sigmask(x.p, x.size);
	if (ret)
		return ret;
	ret = core_sys_select(n, inp, outp, exp, timeout);
	restore_user_sigmask(x.p, ret == -EINTR);
	return ret;
}
