/*
 * From descriptors to files and back.
 */
#ifndef _LINUX_FILE_H
#define _LINUX_FILE_H

#include <linux/types.h>

struct file;
struct path;
struct file_operations;

/* A borrowed file and whether fdput() has a reference to give back. */
struct fd {
	struct file *file;
	unsigned int flags;
};

#define FDPUT_FPUT		1
#define FDPUT_POS_UNLOCK	2

void fput(struct file *file);
struct file *fget(unsigned int fd);
struct file *fget_raw(unsigned int fd);
struct fd fdget(unsigned int fd);
struct fd fdget_raw(unsigned int fd);
struct fd fdget_pos(unsigned int fd);
void fdput(struct fd fd);
void fdput_pos(struct fd fd);

int get_unused_fd_flags(unsigned int flags);
void put_unused_fd(unsigned int fd);
void fd_install(unsigned int fd, struct file *file);
int close_fd(unsigned int fd);
int replace_fd(unsigned int fd, struct file *file, unsigned int flags);
void set_close_on_exec(unsigned int fd, int flag);
bool get_close_on_exec(unsigned int fd);
int f_dupfd(unsigned int from, struct file *file, unsigned int flags);

struct file *alloc_empty_file(int flags);
struct file *alloc_file(const struct path *path, int flags, const struct file_operations *fop);
struct file *alloc_file_clone(struct file *base, int flags, const struct file_operations *fop);

#endif
