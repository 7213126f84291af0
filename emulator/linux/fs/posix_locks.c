/*
 * fcntl's locks on ranges of bytes. A process owns those of F_SETLK: they are the same through all its descriptors of a
 * file, and go when it closes any of them. Those of F_OFD_SETLK belong to an open file. Cycles of waiters are not found.
 */
#include <linux/fs.h>
#include <linux/file.h>
#include <linux/list.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/uaccess.h>
#include <linux/wait.h>
#include "internal.h"

#define OFFSET_MAX 0x7fffffffffffffffLL

/* fcntl(2)'s argument. */
struct flock {
	short l_type;
	short l_whence;
	long l_start;
	long l_len;
	int l_pid;
};

struct posix_lock {
	struct list_head list;
	struct inode *inode;
	const void *owner;	/* a files_struct, or a file */
	pid_t pid;
	short type;
	loff_t start, end;	/* the end is in it */
};

static LIST_HEAD(posix_locks);
static DEFINE_SPINLOCK(posix_lock_lock);
static DECLARE_WAIT_QUEUE_HEAD(posix_lock_wait);

static bool overlaps(const struct posix_lock *a, const struct posix_lock *b)
{
	return a->inode == b->inode && a->start <= b->end && b->start <= a->end;
}

/* The lock that keeps another one from being set. */
static struct posix_lock *conflicting(const struct posix_lock *wanted)
{
	struct posix_lock *lock;

	list_for_each_entry(lock, &posix_locks, list)
		if (overlaps(lock, wanted) && lock->owner != wanted->owner &&
		    (lock->type == F_WRLCK || wanted->type == F_WRLCK))
			return lock;
	return NULL;
}

/* Takes a range away from the owner's locks. A lock that it cuts in two needs *spare, which is used up then. */
static void cut(const struct posix_lock *range, struct posix_lock **spare)
{
	struct posix_lock *lock, *next;

	list_for_each_entry_safe(lock, next, &posix_locks, list) {
		if (!overlaps(lock, range) || lock->owner != range->owner)
			continue;
		if (lock->start < range->start && lock->end > range->end) {
			struct posix_lock *rest = *spare;

			*spare = NULL;
			*rest = *lock;
			rest->start = range->end + 1;
			lock->end = range->start - 1;
			list_add(&rest->list, &lock->list);
		} else if (lock->start < range->start) {
			lock->end = range->start - 1;
		} else if (lock->end > range->end) {
			lock->start = range->end + 1;
		} else {
			list_del(&lock->list);
			kfree(lock);
		}
	}
}

/* Neighbours of the same kind are one lock: F_GETLK tells them as one. */
static void merge(struct posix_lock *new)
{
	struct posix_lock *lock, *next;

	list_for_each_entry_safe(lock, next, &posix_locks, list) {
		if (lock == new || lock->inode != new->inode || lock->owner != new->owner || lock->type != new->type)
			continue;
		if (lock->end != OFFSET_MAX && lock->end + 1 == new->start)
			new->start = lock->start;
		else if (new->end != OFFSET_MAX && new->end + 1 == lock->start)
			new->end = lock->end;
		else
			continue;
		list_del(&lock->list);
		kfree(lock);
	}
}

/* Sets or drops a lock if nobody else's is in the way. *spare and *fresh are used up as needed. */
static bool try_posix_lock(const struct posix_lock *wanted, struct posix_lock **spare, struct posix_lock **fresh)
{
	bool done;

	spin_lock(&posix_lock_lock);
	done = wanted->type == F_UNLCK || !conflicting(wanted);
	if (done)
		cut(wanted, spare);
	if (done && wanted->type != F_UNLCK) {
		struct posix_lock *new = *fresh;

		*fresh = NULL;
		*new = *wanted;
		list_add_tail(&new->list, &posix_locks);
		merge(new);
	}
	spin_unlock(&posix_lock_lock);
	if (done)
		wake_up_interruptible_all(&posix_lock_wait);
	return done;
}

/* Where the range lies in the file. */
static int flock_to_posix(struct file *filp, const struct flock *l, struct posix_lock *lock, bool ofd)
{
	loff_t start = l->l_whence == SEEK_CUR ? filp->f_pos : l->l_whence == SEEK_END ? i_size_read(file_inode(filp)) : 0;

	if (l->l_whence != SEEK_SET && l->l_whence != SEEK_CUR && l->l_whence != SEEK_END)
		return -EINVAL;
	if (l->l_type != F_RDLCK && l->l_type != F_WRLCK && l->l_type != F_UNLCK)
		return -EINVAL;
	start += l->l_start;
	if (l->l_len < 0)
		start += l->l_len;
	if (start < 0)
		return -EINVAL;
	lock->start = start;
	lock->end = l->l_len > 0 ? start + l->l_len - 1 : l->l_len < 0 ? start - l->l_len - 1 : OFFSET_MAX;
	if (lock->end < start)
		return -EOVERFLOW;
	lock->inode = file_inode(filp);
	lock->owner = ofd ? (const void *)filp : (const void *)current->files;
	lock->pid = ofd ? -1 : task_tgid_vnr(current);
	lock->type = l->l_type;
	return 0;
}

/* F_GETLK and F_OFD_GETLK. */
int fcntl_getlk(struct file *filp, bool ofd, struct flock __user *arg)
{
	struct posix_lock wanted, *found;
	struct flock l;
	int error;

	if (copy_from_user(&l, arg, sizeof(l)))
		return -EFAULT;
	if (l.l_type == F_UNLCK || (ofd && l.l_pid))
		return -EINVAL;
	error = flock_to_posix(filp, &l, &wanted, ofd);
	if (error)
		return error;
	spin_lock(&posix_lock_lock);
	found = conflicting(&wanted);
	l.l_type = found ? found->type : F_UNLCK;
	if (found) {
		l.l_whence = SEEK_SET;
		l.l_start = found->start;
		l.l_len = found->end == OFFSET_MAX ? 0 : found->end - found->start + 1;
		l.l_pid = found->pid;
	}
	spin_unlock(&posix_lock_lock);
	return copy_to_user(arg, &l, sizeof(l)) ? -EFAULT : 0;
}

/* F_SETLK, F_SETLKW and their forms for open files. */
int fcntl_setlk(struct file *filp, bool ofd, bool wait, struct flock __user *arg)
{
	struct posix_lock wanted, *spare, *fresh;
	struct flock l;
	int error;

	if (copy_from_user(&l, arg, sizeof(l)))
		return -EFAULT;
	if (ofd && l.l_pid)
		return -EINVAL;
	error = flock_to_posix(filp, &l, &wanted, ofd);
	if (error)
		return error;
	if ((l.l_type == F_RDLCK && !(filp->f_mode & FMODE_READ)) || (l.l_type == F_WRLCK && !(filp->f_mode & FMODE_WRITE)))
		return -EBADF;
	spare = kmalloc(sizeof(*spare), GFP_KERNEL);
	fresh = kmalloc(sizeof(*fresh), GFP_KERNEL);
	if (!spare || !fresh)
		error = -ENOLCK;
	else if (!try_posix_lock(&wanted, &spare, &fresh))
		error = wait ? wait_event_interruptible(posix_lock_wait, try_posix_lock(&wanted, &spare, &fresh)) : -EAGAIN;
	kfree(spare);
	kfree(fresh);
	return error;
}

static void remove_locks(struct inode *inode, const void *owner)
{
	struct posix_lock all = { .inode = inode, .owner = owner, .end = OFFSET_MAX };

	if (list_empty(&posix_locks))
		return;
	spin_lock(&posix_lock_lock);
	cut(&all, NULL);
	spin_unlock(&posix_lock_lock);
	wake_up_interruptible_all(&posix_lock_wait);
}

/* A process closes a descriptor. */
void locks_remove_posix(struct file *filp, const void *owner)
{
	remove_locks(file_inode(filp), owner);
}

/* An open file ends. */
void locks_remove_ofd(struct file *filp)
{
	remove_locks(file_inode(filp), filp);
}
