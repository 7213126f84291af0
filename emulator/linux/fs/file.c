/*
 * The table of open files of a task: finding a free descriptor, growing the table, dup and close.
 *
 * files->file_lock guards the table. A task that does not share its table may borrow a file from it without counting
 * it (fdget), because nobody else can close it meanwhile.
 */
#include <linux/fs.h>
#include <linux/file.h>
#include <linux/fdtable.h>
#include <linux/bitops.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/mm.h>
#include <linux/resource.h>
#include <linux/export.h>
#include <linux/syscalls.h>

unsigned int sysctl_nr_open = 1024 * 64;

struct files_struct init_files = {
	.count = ATOMIC_INIT(1),
	.fdt = &init_files.fdtab,
	.fdtab = {
		.max_fds = NR_OPEN_DEFAULT,
		.fd = &init_files.fd_array[0],
		.close_on_exec = init_files.close_on_exec_init,
		.open_fds = init_files.open_fds_init,
	},
	.file_lock = __SPIN_LOCK_UNLOCKED(init_files.file_lock),
};

static void free_fdtable(struct files_struct *files, struct fdtable *fdt)
{
	if (fdt == &files->fdtab)
		return;
	kvfree(fdt->fd);
	kvfree(fdt->open_fds);
	kfree(fdt);
}

/* A table with room for at least nr descriptors; sizes are powers of two. */
static struct fdtable *alloc_fdtable(unsigned int nr)
{
	struct fdtable *fdt;
	unsigned int size = NR_OPEN_DEFAULT;

	while (size < nr)
		size *= 2;
	fdt = kmalloc(sizeof(*fdt), GFP_KERNEL);
	if (!fdt)
		return NULL;
	fdt->max_fds = size;
	fdt->fd = kvzalloc(size * sizeof(struct file *), GFP_KERNEL);
	/* Both bitmaps in one piece. */
	fdt->open_fds = kvzalloc(2 * (size / 8), GFP_KERNEL);
	if (!fdt->fd || !fdt->open_fds) {
		kvfree(fdt->fd);
		kvfree(fdt->open_fds);
		kfree(fdt);
		return NULL;
	}
	fdt->close_on_exec = fdt->open_fds + size / BITS_PER_LONG;
	return fdt;
}

static void copy_fdtable(struct fdtable *to, const struct fdtable *from)
{
	memcpy(to->fd, from->fd, from->max_fds * sizeof(struct file *));
	memcpy(to->open_fds, from->open_fds, from->max_fds / 8);
	memcpy(to->close_on_exec, from->close_on_exec, from->max_fds / 8);
}

/* Makes room for descriptor nr. Called with file_lock, which it drops meanwhile. Returns 1 if the table moved. */
static int expand_files(struct files_struct *files, unsigned int nr)
{
	struct fdtable *new_table, *old;

	if (nr < files->fdt->max_fds)
		return 0;
	if (nr >= sysctl_nr_open)
		return -EMFILE;
	spin_unlock(&files->file_lock);
	new_table = alloc_fdtable(nr + 1);
	spin_lock(&files->file_lock);
	if (!new_table)
		return -ENOMEM;
	old = files->fdt;
	if (nr < old->max_fds) {	/* another task was quicker */
		free_fdtable(files, new_table);
		return 1;
	}
	copy_fdtable(new_table, old);
	files->fdt = new_table;
	free_fdtable(files, old);
	return 1;
}

static void set_fd_bit(unsigned long *bits, unsigned int fd, bool on)
{
	if (on)
		bits[fd / BITS_PER_LONG] |= 1UL << (fd % BITS_PER_LONG);
	else
		bits[fd / BITS_PER_LONG] &= ~(1UL << (fd % BITS_PER_LONG));
}

static unsigned int find_next_fd(const struct fdtable *fdt, unsigned int start)
{
	while (start < fdt->max_fds && fd_is_open(start, fdt))
		start++;
	return start;
}

/* Takes the lowest free descriptor in start..end-1. Returns it, -EMFILE or -ENOMEM. */
static noinline int alloc_fd(unsigned int start, unsigned int end, unsigned int flags)
{
	struct files_struct *files = current->files;
	unsigned int fd;
	int error;

	spin_lock(&files->file_lock);
	do {
		fd = start > files->next_fd ? start : files->next_fd;
		fd = find_next_fd(files->fdt, fd);
		error = -EMFILE;
		if (fd >= end)
			goto out;
		error = expand_files(files, fd);
		if (error < 0)
			goto out;
	} while (error);
	if (start <= files->next_fd)
		files->next_fd = fd + 1;
	set_fd_bit(files->fdt->open_fds, fd, true);
	set_fd_bit(files->fdt->close_on_exec, fd, (flags & O_CLOEXEC) != 0);
	files->fdt->fd[fd] = NULL;
	error = fd;
out:
	spin_unlock(&files->file_lock);
	return error;
}

int get_unused_fd_flags(unsigned int flags)
{
	return alloc_fd(0, rlimit(RLIMIT_NOFILE), flags);
}
EXPORT_SYMBOL(get_unused_fd_flags);

static void __put_unused_fd(struct files_struct *files, unsigned int fd)
{
	set_fd_bit(files->fdt->open_fds, fd, false);
	set_fd_bit(files->fdt->close_on_exec, fd, false);
	if (fd < files->next_fd)
		files->next_fd = fd;
}

void put_unused_fd(unsigned int fd)
{
	struct files_struct *files = current->files;

	spin_lock(&files->file_lock);
	__put_unused_fd(files, fd);
	spin_unlock(&files->file_lock);
}
EXPORT_SYMBOL(put_unused_fd);

/* Publishes file under a descriptor that get_unused_fd_flags() has reserved. Takes over the caller's count. */
noinline void fd_install(unsigned int fd, struct file *file)
{
	struct files_struct *files = current->files;

	spin_lock(&files->file_lock);
	files->fdt->fd[fd] = file;
	spin_unlock(&files->file_lock);
}
EXPORT_SYMBOL(fd_install);

struct file *files_lookup_fd_raw(struct files_struct *files, unsigned int fd)
{
	struct fdtable *fdt = files->fdt;

	return fd < fdt->max_fds ? fdt->fd[fd] : NULL;
}
EXPORT_SYMBOL(files_lookup_fd_raw);

static struct file *__fget(unsigned int fd, fmode_t refused)
{
	struct files_struct *files = current->files;
	struct file *file;

	spin_lock(&files->file_lock);
	file = files_lookup_fd_raw(files, fd);
	if (file && (file->f_mode & refused))
		file = NULL;
	if (file)
		get_file(file);
	spin_unlock(&files->file_lock);
	return file;
}

/* The file behind a descriptor, counted; fput() it. Files opened with O_PATH are for fget_raw() only. */
struct file *fget(unsigned int fd)
{
	return __fget(fd, FMODE_PATH);
}
EXPORT_SYMBOL(fget);

struct file *fget_raw(unsigned int fd)
{
	return __fget(fd, 0);
}
EXPORT_SYMBOL(fget_raw);

static struct fd __fdget(unsigned int fd, fmode_t refused)
{
	struct files_struct *files = current->files;
	struct fd result = { .file = NULL, .flags = 0 };

	if (atomic_read(&files->count) == 1) {
		result.file = files_lookup_fd_raw(files, fd);
		if (result.file && (result.file->f_mode & refused))
			result.file = NULL;
	} else {
		result.file = __fget(fd, refused);
		if (result.file)
			result.flags = FDPUT_FPUT;
	}
	return result;
}

struct fd fdget(unsigned int fd)
{
	return __fdget(fd, FMODE_PATH);
}

struct fd fdget_raw(unsigned int fd)
{
	return __fdget(fd, 0);
}

/* As fdget(), for those who will move the file's position: two readers of one file take turns. */
struct fd fdget_pos(unsigned int fd)
{
	struct fd f = __fdget(fd, FMODE_PATH);

	if (f.file && (f.file->f_mode & FMODE_ATOMIC_POS) && atomic_long_read(&f.file->f_count) > 1) {
		f.flags |= FDPUT_POS_UNLOCK;
		mutex_lock(&f.file->f_pos_lock);
	}
	return f;
}

void fdput(struct fd fd)
{
	if (fd.flags & FDPUT_FPUT)
		fput(fd.file);
}

void fdput_pos(struct fd fd)
{
	if (fd.flags & FDPUT_POS_UNLOCK)
		mutex_unlock(&fd.file->f_pos_lock);
	fdput(fd);
}

static struct file *pick_file(struct files_struct *files, unsigned int fd)
{
	struct file *file;

	spin_lock(&files->file_lock);
	file = files_lookup_fd_raw(files, fd);
	if (file) {
		files->fdt->fd[fd] = NULL;
		__put_unused_fd(files, fd);
	}
	spin_unlock(&files->file_lock);
	return file;
}

noinline int close_fd(unsigned int fd)
{
	struct files_struct *files = current->files;
	struct file *file = pick_file(files, fd);

	if (!file)
		return -EBADF;
	return filp_close(file, files);
}
EXPORT_SYMBOL(close_fd);

void set_close_on_exec(unsigned int fd, int flag)
{
	struct files_struct *files = current->files;

	spin_lock(&files->file_lock);
	set_fd_bit(files->fdt->close_on_exec, fd, flag != 0);
	spin_unlock(&files->file_lock);
}

bool get_close_on_exec(unsigned int fd)
{
	return close_on_exec(fd, current->files->fdt);
}

noinline void do_close_on_exec(struct files_struct *files)
{
	unsigned int fd;

	for (fd = 0; fd < files->fdt->max_fds; fd++) {
		struct file *file;

		if (!fd_is_open(fd, files->fdt) || !close_on_exec(fd, files->fdt))
			continue;
		file = pick_file(files, fd);
		if (file)
			filp_close(file, files);
	}
}

/* Puts file at descriptor fd, whatever was there. Called with file_lock, which it drops. */
static int do_dup2(struct files_struct *files, struct file *file, unsigned int fd, unsigned int flags)
{
	struct fdtable *fdt = files->fdt;
	struct file *old = fdt->fd[fd];

	/* Reserved but not yet installed: another task is in the middle of open(). */
	if (!old && fd_is_open(fd, fdt)) {
		spin_unlock(&files->file_lock);
		return -EBUSY;
	}
	get_file(file);
	fdt->fd[fd] = file;
	set_fd_bit(fdt->open_fds, fd, true);
	set_fd_bit(fdt->close_on_exec, fd, (flags & O_CLOEXEC) != 0);
	spin_unlock(&files->file_lock);
	if (old)
		filp_close(old, files);
	return fd;
}

int replace_fd(unsigned int fd, struct file *file, unsigned int flags)
{
	struct files_struct *files = current->files;
	int error;

	if (!file)
		return close_fd(fd);
	if (fd >= rlimit(RLIMIT_NOFILE))
		return -EBADF;
	spin_lock(&files->file_lock);
	error = expand_files(files, fd);
	if (error < 0) {
		spin_unlock(&files->file_lock);
		return error;
	}
	return do_dup2(files, file, fd, flags);
}

int f_dupfd(unsigned int from, struct file *file, unsigned int flags)
{
	unsigned long limit = rlimit(RLIMIT_NOFILE);
	int fd;

	if (from >= limit)
		return -EINVAL;
	fd = alloc_fd(from, limit, flags);
	if (fd >= 0) {
		get_file(file);
		fd_install(fd, file);
	}
	return fd;
}

static int ksys_dup3(unsigned int oldfd, unsigned int newfd, int flags)
{
	struct files_struct *files = current->files;
	struct file *file;
	int error;

	if (flags & ~O_CLOEXEC)
		return -EINVAL;
	if (oldfd == newfd)
		return -EINVAL;
	if (newfd >= rlimit(RLIMIT_NOFILE))
		return -EBADF;
	spin_lock(&files->file_lock);
	error = expand_files(files, newfd);
	file = files_lookup_fd_raw(files, oldfd);
	if (!file)
		error = -EBADF;
	else if (error == -EMFILE)
		error = -EBADF;
	if (error < 0) {
		spin_unlock(&files->file_lock);
		return error;
	}
	return do_dup2(files, file, newfd, flags);
}

SYSCALL_DEFINE3(dup3, unsigned int, oldfd, unsigned int, newfd, int, flags)
{
	return ksys_dup3(oldfd, newfd, flags);
}

SYSCALL_DEFINE2(dup2, unsigned int, oldfd, unsigned int, newfd)
{
	if (oldfd == newfd) {
		struct file *file = fget_raw(oldfd);

		if (!file)
			return -EBADF;
		fput(file);
		return oldfd;
	}
	return ksys_dup3(oldfd, newfd, 0);
}

SYSCALL_DEFINE1(dup, unsigned int, fildes)
{
	struct file *file = fget_raw(fildes);
	int fd;

	if (!file)
		return -EBADF;
	fd = get_unused_fd_flags(0);
	if (fd >= 0)
		fd_install(fd, file);
	else
		fput(file);
	return fd;
}

/* fork's copy of the table: every open file gets one more user. */
noinline struct files_struct *dup_fd(struct files_struct *old, unsigned int max_fds, int *error)
{
	struct files_struct *files = kzalloc(sizeof(*files), GFP_KERNEL);
	struct fdtable *fdt;
	unsigned int fd;

	*error = -ENOMEM;
	if (!files)
		return NULL;
	atomic_set(&files->count, 1);
	spin_lock_init(&files->file_lock);
	fdt = &files->fdtab;
	fdt->max_fds = NR_OPEN_DEFAULT;
	fdt->fd = files->fd_array;
	fdt->open_fds = files->open_fds_init;
	fdt->close_on_exec = files->close_on_exec_init;

	spin_lock(&old->file_lock);
	while (old->fdt->max_fds > fdt->max_fds) {
		unsigned int wanted = old->fdt->max_fds;

		spin_unlock(&old->file_lock);
		free_fdtable(files, fdt);
		fdt = alloc_fdtable(wanted);
		if (!fdt) {
			kfree(files);
			return NULL;
		}
		spin_lock(&old->file_lock);
	}
	copy_fdtable(fdt, old->fdt);
	files->next_fd = old->next_fd;
	for (fd = 0; fd < fdt->max_fds; fd++) {
		if (fdt->fd[fd])
			get_file(fdt->fd[fd]);
		else
			set_fd_bit(fdt->open_fds, fd, false);	/* an open() in progress is not inherited */
	}
	spin_unlock(&old->file_lock);
	files->fdt = fdt;
	*error = 0;
	return files;
}

static void close_files(struct files_struct *files)
{
	struct fdtable *fdt = files->fdt;
	unsigned int fd;

	for (fd = 0; fd < fdt->max_fds; fd++) {
		struct file *file = fdt->fd[fd];

		fdt->fd[fd] = NULL;
		if (file)
			filp_close(file, files);
	}
}

void put_files_struct(struct files_struct *files)
{
	if (!atomic_dec_and_test(&files->count))
		return;
	close_files(files);
	free_fdtable(files, files->fdt);
	if (files != &init_files)
		kfree(files);
}

noinline void exit_files(struct task_struct *task)
{
	struct files_struct *files = task->files;

	if (files) {
		task->files = NULL;
		put_files_struct(files);
	}
}
