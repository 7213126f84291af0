/*
 * flock(2): a lock on a whole file, held by an open file and all its duplicates, shared or exclusive.
 */
#include <linux/fs.h>
#include <linux/file.h>
#include <linux/list.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/wait.h>
#include <linux/syscalls.h>
#include "internal.h"

struct flock_lock {
	struct list_head list;
	struct file *file;
	bool exclusive;
};

static LIST_HEAD(flock_list);
static DEFINE_SPINLOCK(flock_lock_lock);
static DECLARE_WAIT_QUEUE_HEAD(flock_wait);

/* Drops file's lock. Called with the list's lock. */
static struct flock_lock *take_out(struct file *file)
{
	struct flock_lock *lock;

	list_for_each_entry(lock, &flock_list, list) {
		if (lock->file == file) {
			list_del(&lock->list);
			return lock;
		}
	}
	return NULL;
}

static bool conflicts(struct file *file, bool exclusive)
{
	struct flock_lock *lock;

	list_for_each_entry(lock, &flock_list, list)
		if (file_inode(lock->file) == file_inode(file) && lock->file != file &&
		    (lock->exclusive || exclusive))
			return true;
	return false;
}

/* Called when the last descriptor of an open file is closed. */
void locks_remove_file(struct file *file)
{
	struct flock_lock *lock;

	spin_lock(&flock_lock_lock);
	lock = take_out(file);
	spin_unlock(&flock_lock_lock);
	if (lock) {
		kfree(lock);
		wake_up_interruptible_all(&flock_wait);
	}
}

static bool try_lock(struct file *file, struct flock_lock *fresh)
{
	bool free;

	spin_lock(&flock_lock_lock);
	free = !conflicts(file, fresh->exclusive);
	if (free)
		list_add(&fresh->list, &flock_list);
	spin_unlock(&flock_lock_lock);
	return free;
}

SYSCALL_DEFINE2(flock, unsigned int, fd, unsigned int, cmd)
{
	struct fd f = fdget(fd);
	struct flock_lock *fresh;
	long error = 0;

	if (!f.file)
		return -EBADF;
	/* A conversion gives the old lock up first, as on Linux: somebody may get in between. */
	locks_remove_file(f.file);
	switch (cmd & ~LOCK_NB) {
	case LOCK_UN:
		break;
	case LOCK_SH:
	case LOCK_EX:
		fresh = kmalloc(sizeof(*fresh), GFP_KERNEL);
		if (!fresh) {
			error = -ENOMEM;
			break;
		}
		fresh->file = f.file;
		fresh->exclusive = (cmd & LOCK_EX) != 0;
		if (try_lock(f.file, fresh))
			break;
		error = -EWOULDBLOCK;
		if (!(cmd & LOCK_NB))
			error = wait_event_interruptible(flock_wait, try_lock(f.file, fresh));
		if (error)
			kfree(fresh);
		break;
	default:
		error = -EINVAL;
	}
	fdput(f);
	return error;
}
