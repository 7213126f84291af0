/*
 * A task's open files: an array indexed by descriptor, and two bitmaps (which are taken, which close at exec).
 */
#ifndef _LINUX_FDTABLE_H
#define _LINUX_FDTABLE_H

#include <linux/types.h>
#include <linux/spinlock.h>
#include <linux/atomic.h>
#include <linux/rcupdate.h>

struct file;
struct task_struct;

#define NR_OPEN_DEFAULT	64

struct fdtable {
	unsigned int max_fds;
	struct file **fd;
	unsigned long *close_on_exec;
	unsigned long *open_fds;
};

struct files_struct {
	atomic_t count;
	struct fdtable *fdt;
	struct fdtable fdtab;			/* the table that most tasks never outgrow */
	spinlock_t file_lock;
	unsigned int next_fd;			/* no free descriptor lies below */
	unsigned long close_on_exec_init[1];
	unsigned long open_fds_init[1];
	struct file *fd_array[NR_OPEN_DEFAULT];
};

extern struct files_struct init_files;
extern unsigned int sysctl_nr_open;

#define files_fdtable(files)	((files)->fdt)

struct files_struct *dup_fd(struct files_struct *old, unsigned int max_fds, int *error);
void exit_files(struct task_struct *task);
void put_files_struct(struct files_struct *files);
struct file *files_lookup_fd_raw(struct files_struct *files, unsigned int fd);
void do_close_on_exec(struct files_struct *files);

static inline bool close_on_exec(unsigned int fd, const struct fdtable *fdt)
{
	return (fdt->close_on_exec[fd / 64] >> (fd % 64)) & 1;
}

static inline bool fd_is_open(unsigned int fd, const struct fdtable *fdt)
{
	return (fdt->open_fds[fd / 64] >> (fd % 64)) & 1;
}

#define fcheck_files(files, fd)	files_lookup_fd_raw(files, fd)

#endif
