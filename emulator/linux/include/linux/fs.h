/*
 * The virtual file system's four objects and what can be done with each:
 *
 *   super_block   a file system that is mounted somewhere
 *   inode         a file, whatever its names are
 *   dentry        a name for an inode in a directory (linux/dcache.h)
 *   file          an open file: an inode, a position and a mode of access
 *
 * Members that no code here or in modules looks at are left out; those that remain have Linux's names.
 */
#ifndef _LINUX_FS_H
#define _LINUX_FS_H

#include <linux/types.h>
#include <linux/list.h>
#include <linux/spinlock.h>
#include <linux/mutex.h>
#include <linux/rwsem.h>
#include <linux/atomic.h>
#include <linux/errno.h>
#include <linux/err.h>
#include <linux/limits.h>
#include <linux/kdev_t.h>
#include <linux/dcache.h>
#include <linux/path.h>
#include <linux/stat.h>
#include <linux/fcntl.h>
#include <linux/time.h>
#include <linux/cred.h>
#include <linux/uidgid.h>
#include <linux/wait.h>

struct address_space;
struct cdev;
struct file;
struct inode;
struct dir_context;
struct file_system_type;
struct iov_iter;
struct kiocb;
struct kstatfs;
struct module;
struct page;
struct pipe_inode_info;
struct poll_table_struct;
struct pt_regs;
struct seq_file;
struct super_operations;
struct user_namespace;
struct vfsmount;
struct vm_area_struct;

#define SEEK_SET	0
#define SEEK_CUR	1
#define SEEK_END	2

/* What inode_permission() is asked about. */
#define MAY_EXEC	0x01
#define MAY_WRITE	0x02
#define MAY_READ	0x04
#define MAY_APPEND	0x08
#define MAY_ACCESS	0x10
#define MAY_OPEN	0x20
#define MAY_CHDIR	0x40

typedef unsigned int fmode_t;

#define FMODE_READ	((fmode_t)0x1)
#define FMODE_WRITE	((fmode_t)0x2)
#define FMODE_LSEEK	((fmode_t)0x4)
#define FMODE_PREAD	((fmode_t)0x8)
#define FMODE_PWRITE	((fmode_t)0x10)
#define FMODE_EXEC	((fmode_t)0x20)
#define FMODE_PATH	((fmode_t)0x4000)
#define FMODE_ATOMIC_POS ((fmode_t)0x8000)
#define FMODE_WRITER	((fmode_t)0x10000)
#define FMODE_CAN_READ	((fmode_t)0x20000)
#define FMODE_CAN_WRITE	((fmode_t)0x40000)
#define FMODE_OPENED	((fmode_t)0x80000)
#define FMODE_CREATED	((fmode_t)0x100000)
#define FMODE_STREAM	((fmode_t)0x200000)

/* O_RDONLY 0, O_WRONLY 1, O_RDWR 2 -> FMODE_READ, FMODE_WRITE, both. */
#define OPEN_FMODE(flags)	((fmode_t)(((flags) + 1) & O_ACCMODE))
#define ACC_MODE(flags)		("\004\002\006\006"[(flags) & O_ACCMODE])

/* Mount flags of mount(2). */
#define SB_RDONLY	1
#define SB_NOSUID	2
#define SB_NODEV	4
#define SB_NOEXEC	8
#define MS_RDONLY	1
#define MS_NOSUID	2
#define MS_NODEV	4
#define MS_NOEXEC	8
#define MS_REMOUNT	32
#define MS_NOATIME	1024
#define MS_BIND		4096
#define MS_MOVE		8192
#define MS_SILENT	32768
#define MS_MGC_VAL	0xC0ED0000
#define MS_MGC_MSK	0xffff0000
#define MNT_FORCE	1
#define MNT_DETACH	2
#define UMOUNT_NOFOLLOW	8

/* A path name copied from user space. */
struct filename {
	const char *name;		/* the copy in the kernel */
	const char __user *uptr;	/* where user space keeps it */
	int refcnt;
	const char iname[];
};

/* The page cache of one file: its data, page by page. */
struct address_space {
	struct inode *host;
	struct page **i_pages;		/* indexed by page number; NULL is a hole */
	unsigned long i_pages_size;	/* length of i_pages */
	unsigned long nrpages;
	spinlock_t tree_lock;
	const struct address_space_operations *a_ops;
};

struct address_space_operations {
	int (*readpage)(struct file *file, struct page *page);
	int (*writepage)(struct page *page);
};

#define IOP_FASTPERM	0x0001

struct inode {
	umode_t i_mode;
	unsigned short i_opflags;
	kuid_t i_uid;
	kgid_t i_gid;
	unsigned int i_flags;
	const struct inode_operations *i_op;
	struct super_block *i_sb;
	struct address_space *i_mapping;
	unsigned long i_ino;
	union {
		const unsigned int i_nlink;
		unsigned int __i_nlink;		/* changed by set_nlink() and its kin only */
	};
	dev_t i_rdev;
	loff_t i_size;
	struct timespec64 i_atime;
	struct timespec64 i_mtime;
	struct timespec64 i_ctime;
	spinlock_t i_lock;
	u8 i_blkbits;
	unsigned long i_blocks;		/* in units of 512 bytes */
	unsigned long i_state;
	struct rw_semaphore i_rwsem;	/* held for writing while a file is written or a directory changed */
	struct list_head i_sb_list;
	struct hlist_head i_dentry;	/* the names this inode has */
	u64 i_version;
	atomic_t i_count;
	atomic_t i_writecount;		/* open for writing: > 0, being executed: < 0 */
	const struct file_operations *i_fop;
	struct address_space i_data;
	struct list_head i_devices;
	union {
		struct pipe_inode_info *i_pipe;
		struct cdev *i_cdev;
		char *i_link;
	};
	u32 i_generation;
	void *i_private;
};

struct fown_struct {
	int pid;
	int signum;
};

struct file {
	struct path f_path;
	struct inode *f_inode;
	const struct file_operations *f_op;
	spinlock_t f_lock;
	atomic_long_t f_count;
	unsigned int f_flags;
	fmode_t f_mode;
	struct mutex f_pos_lock;
	loff_t f_pos;
	struct fown_struct f_owner;
	const struct cred *f_cred;
	u64 f_version;
	void *private_data;
	struct address_space *f_mapping;
	struct hlist_head f_ep;		/* the items of eventpolls that watch it */
};

#define IOCB_APPEND	0x02
#define IOCB_NOWAIT	0x08

/* One read or write in progress. */
struct kiocb {
	struct file *ki_filp;
	loff_t ki_pos;
	int ki_flags;
};

/* getdents' call back: return false to stop. */
typedef bool (*filldir_t)(struct dir_context *, const char *, int, loff_t, u64, unsigned int);

struct dir_context {
	filldir_t actor;
	loff_t pos;
};

#define DT_UNKNOWN	0
#define DT_FIFO		1
#define DT_CHR		2
#define DT_DIR		4
#define DT_BLK		6
#define DT_REG		8
#define DT_LNK		10
#define DT_SOCK		12

typedef void *fl_owner_t;

struct file_operations {
	struct module *owner;
	loff_t (*llseek)(struct file *, loff_t, int);
	ssize_t (*read)(struct file *, char __user *, size_t, loff_t *);
	ssize_t (*write)(struct file *, const char __user *, size_t, loff_t *);
	ssize_t (*read_iter)(struct kiocb *, struct iov_iter *);
	ssize_t (*write_iter)(struct kiocb *, struct iov_iter *);
	int (*iterate)(struct file *, struct dir_context *);
	int (*iterate_shared)(struct file *, struct dir_context *);
	unsigned int (*poll)(struct file *, struct poll_table_struct *);
	long (*unlocked_ioctl)(struct file *, unsigned int, unsigned long);
	long (*compat_ioctl)(struct file *, unsigned int, unsigned long);
	int (*mmap)(struct file *, struct vm_area_struct *);
	int (*open)(struct inode *, struct file *);
	int (*flush)(struct file *, fl_owner_t id);
	int (*release)(struct inode *, struct file *);
	int (*fsync)(struct file *, loff_t, loff_t, int datasync);
	int (*fasync)(int, struct file *, int);
};

#define ATTR_MODE	(1 << 0)
#define ATTR_UID	(1 << 1)
#define ATTR_GID	(1 << 2)
#define ATTR_SIZE	(1 << 3)
#define ATTR_ATIME	(1 << 4)
#define ATTR_MTIME	(1 << 5)
#define ATTR_CTIME	(1 << 6)
#define ATTR_ATIME_SET	(1 << 7)
#define ATTR_MTIME_SET	(1 << 8)
#define ATTR_FILE	(1 << 13)
#define ATTR_OPEN	(1 << 15)

/* A wish to change an inode's attributes: ia_valid tells which members count. */
struct iattr {
	unsigned int ia_valid;
	umode_t ia_mode;
	kuid_t ia_uid;
	kgid_t ia_gid;
	loff_t ia_size;
	struct timespec64 ia_atime;
	struct timespec64 ia_mtime;
	struct timespec64 ia_ctime;
	struct file *ia_file;
};

/* Frees what get_link() returned, once the walk is done with it. */
struct delayed_call {
	void (*fn)(void *);
	void *arg;
};

struct inode_operations {
	struct dentry *(*lookup)(struct inode *, struct dentry *, unsigned int);
	const char *(*get_link)(struct dentry *, struct inode *, struct delayed_call *);
	int (*get_jump)(struct dentry *, struct path *);	/* /proc's links: the place itself, not its name */
	int (*permission)(struct user_namespace *, struct inode *, int);
	int (*readlink)(struct dentry *, char __user *, int);
	int (*create)(struct user_namespace *, struct inode *, struct dentry *, umode_t, bool);
	int (*link)(struct dentry *, struct inode *, struct dentry *);
	int (*unlink)(struct inode *, struct dentry *);
	int (*symlink)(struct user_namespace *, struct inode *, struct dentry *, const char *);
	int (*mkdir)(struct user_namespace *, struct inode *, struct dentry *, umode_t);
	int (*rmdir)(struct inode *, struct dentry *);
	int (*mknod)(struct user_namespace *, struct inode *, struct dentry *, umode_t, dev_t);
	int (*rename)(struct user_namespace *, struct inode *, struct dentry *, struct inode *, struct dentry *,
		      unsigned int);
	int (*setattr)(struct user_namespace *, struct dentry *, struct iattr *);
	int (*getattr)(struct user_namespace *, const struct path *, struct kstat *, u32, unsigned int);
};

struct super_block {
	struct list_head s_list;
	dev_t s_dev;
	unsigned char s_blocksize_bits;
	unsigned long s_blocksize;
	loff_t s_maxbytes;
	struct file_system_type *s_type;
	const struct super_operations *s_op;
	unsigned long s_flags;
	unsigned long s_magic;
	struct dentry *s_root;
	atomic_t s_active;		/* mounts that use it */
	struct list_head s_inodes;
	spinlock_t s_inode_list_lock;
	char s_id[32];
	void *s_fs_info;
	const struct dentry_operations *s_d_op;
	unsigned int s_time_gran;
	struct mutex s_vfs_rename_mutex;
};

struct super_operations {
	struct inode *(*alloc_inode)(struct super_block *sb);
	void (*free_inode)(struct inode *);
	int (*drop_inode)(struct inode *);
	void (*evict_inode)(struct inode *);
	void (*put_super)(struct super_block *);
	int (*statfs)(struct dentry *, struct kstatfs *);
	int (*show_options)(struct seq_file *, struct dentry *);
};

#define FS_REQUIRES_DEV	1
#define FS_USERNS_MOUNT	8

struct file_system_type {
	const char *name;
	int fs_flags;
	struct dentry *(*mount)(struct file_system_type *, int, const char *, void *);
	void (*kill_sb)(struct super_block *);
	struct module *owner;
	struct file_system_type *next;
	struct list_head fs_supers;
};

/* What rename needs to know, in one piece. */
struct renamedata {
	struct user_namespace *old_mnt_userns;
	struct inode *old_dir;
	struct dentry *old_dentry;
	struct user_namespace *new_mnt_userns;
	struct inode *new_dir;
	struct dentry *new_dentry;
	struct inode **delegated_inode;
	unsigned int flags;
};

#define RENAME_NOREPLACE	1
#define RENAME_EXCHANGE		2

#define FIOCLEX		0x5451
#define FIONCLEX	0x5450
#define FIONBIO		0x5421
#define FIONREAD	0x541B

extern struct user_namespace init_user_ns;
extern struct super_block *rootfs_sb;

/* fs/open.c */
struct open_flags;
long do_sys_open(int dfd, const char __user *filename, int flags, umode_t mode);
struct file *filp_open(const char *filename, int flags, umode_t mode);
struct file *dentry_open(const struct path *path, int flags, const struct cred *cred);
int filp_close(struct file *filp, fl_owner_t id);
int vfs_open(const struct path *path, struct file *file);
int finish_open(struct file *file, struct dentry *dentry, int (*open)(struct inode *, struct file *));
int do_truncate(struct user_namespace *mnt_userns, struct dentry *dentry, loff_t length, unsigned int time_attrs,
		struct file *filp);
int nonseekable_open(struct inode *inode, struct file *filp);
int stream_open(struct inode *inode, struct file *filp);
int generic_file_open(struct inode *inode, struct file *filp);

/* fs/namei.c */
struct filename *getname(const char __user *filename);
struct filename *getname_flags(const char __user *filename, int flags, int *empty);
struct filename *getname_kernel(const char *filename);
void putname(struct filename *name);
struct file *do_filp_open(int dfd, struct filename *pathname, const struct open_flags *op);
int inode_permission(struct user_namespace *mnt_userns, struct inode *inode, int mask);
int generic_permission(struct user_namespace *mnt_userns, struct inode *inode, int mask);
int vfs_create(struct user_namespace *mnt_userns, struct inode *dir, struct dentry *dentry, umode_t mode,
	       bool want_excl);
int vfs_mkdir(struct user_namespace *mnt_userns, struct inode *dir, struct dentry *dentry, umode_t mode);
int vfs_mknod(struct user_namespace *mnt_userns, struct inode *dir, struct dentry *dentry, umode_t mode, dev_t dev);
int vfs_symlink(struct user_namespace *mnt_userns, struct inode *dir, struct dentry *dentry, const char *oldname);
int vfs_link(struct dentry *old_dentry, struct user_namespace *mnt_userns, struct inode *dir,
	     struct dentry *new_dentry, struct inode **delegated_inode);
int vfs_rmdir(struct user_namespace *mnt_userns, struct inode *dir, struct dentry *dentry);
int vfs_unlink(struct user_namespace *mnt_userns, struct inode *dir, struct dentry *dentry,
	       struct inode **delegated_inode);
int vfs_rename(struct renamedata *rd);
int vfs_readlink(struct dentry *dentry, char __user *buffer, int length);
const char *vfs_get_link(struct dentry *dentry, struct delayed_call *done);
int do_unlinkat(int dfd, struct filename *name);
int do_rmdir(int dfd, struct filename *name);
int do_mkdirat(int dfd, struct filename *name, umode_t mode);
int do_renameat2(int olddfd, struct filename *from, int newdfd, struct filename *to, unsigned int flags);

/* fs/read_write.c */
ssize_t vfs_read(struct file *file, char __user *buf, size_t count, loff_t *pos);
ssize_t vfs_write(struct file *file, const char __user *buf, size_t count, loff_t *pos);
ssize_t kernel_read(struct file *file, void *buf, size_t count, loff_t *pos);
ssize_t kernel_write(struct file *file, const void *buf, size_t count, loff_t *pos);
ssize_t ksys_read(unsigned int fd, char __user *buf, size_t count);
ssize_t ksys_write(unsigned int fd, const char __user *buf, size_t count);
loff_t vfs_llseek(struct file *file, loff_t offset, int whence);
loff_t generic_file_llseek(struct file *file, loff_t offset, int whence);
loff_t default_llseek(struct file *file, loff_t offset, int whence);
loff_t noop_llseek(struct file *file, loff_t offset, int whence);
loff_t no_llseek(struct file *file, loff_t offset, int whence);
loff_t fixed_size_llseek(struct file *file, loff_t offset, int whence, loff_t size);

/* mm/filemap.c: the page cache */
struct page *find_get_page(struct address_space *mapping, unsigned long index);
struct page *find_or_create_page(struct address_space *mapping, unsigned long index, gfp_t gfp);
ssize_t generic_file_read_iter(struct kiocb *iocb, struct iov_iter *iter);
ssize_t generic_file_write_iter(struct kiocb *iocb, struct iov_iter *from);
int generic_file_mmap(struct file *file, struct vm_area_struct *vma);
void truncate_setsize(struct inode *inode, loff_t newsize);
void truncate_inode_pages(struct address_space *mapping, loff_t start);
void truncate_inode_pages_range(struct address_space *mapping, loff_t start, loff_t end);

/* fs/inode.c */
void inode_init_caches(void);
struct inode *new_inode(struct super_block *sb);
void iput(struct inode *inode);
void ihold(struct inode *inode);
void inode_init_owner(struct user_namespace *mnt_userns, struct inode *inode, const struct inode *dir, umode_t mode);
void init_special_inode(struct inode *inode, umode_t mode, dev_t rdev);
unsigned int get_next_ino(void);
void clear_inode(struct inode *inode);
void set_nlink(struct inode *inode, unsigned int nlink);
void inc_nlink(struct inode *inode);
void drop_nlink(struct inode *inode);
void clear_nlink(struct inode *inode);
struct timespec64 current_time(struct inode *inode);
void touch_atime(const struct path *path);
int file_update_time(struct file *file);
bool inode_owner_or_capable(struct user_namespace *mnt_userns, const struct inode *inode);

/* fs/attr.c, fs/stat.c */
int notify_change(struct user_namespace *mnt_userns, struct dentry *dentry, struct iattr *attr,
		  struct inode **delegated_inode);
int setattr_prepare(struct user_namespace *mnt_userns, struct dentry *dentry, struct iattr *attr);
void setattr_copy(struct user_namespace *mnt_userns, struct inode *inode, const struct iattr *attr);
int vfs_getattr(const struct path *path, struct kstat *stat, u32 request_mask, unsigned int query_flags);
void generic_fillattr(struct user_namespace *mnt_userns, struct inode *inode, struct kstat *stat);

/* fs/readdir.c */
int iterate_dir(struct file *file, struct dir_context *ctx);

/* fs/ioctl.c */
long vfs_ioctl(struct file *filp, unsigned int cmd, unsigned long arg);

/* fs/filesystems.c, fs/super.c, fs/namespace.c */
int register_filesystem(struct file_system_type *type);
int unregister_filesystem(struct file_system_type *type);
struct file_system_type *get_fs_type(const char *name);
struct super_block *sget(struct file_system_type *type, int flags);
struct dentry *mount_nodev(struct file_system_type *type, int flags, void *data,
			   int (*fill_super)(struct super_block *, void *, int));
struct dentry *mount_single(struct file_system_type *type, int flags, void *data,
			    int (*fill_super)(struct super_block *, void *, int));
void kill_litter_super(struct super_block *sb);
void kill_anon_super(struct super_block *sb);
void deactivate_super(struct super_block *sb);
long do_mount(const char *dev_name, const char __user *dir_name, const char *type_page, unsigned long flags,
	      void *data_page);

/* fs/libfs.c */
struct dentry *simple_lookup(struct inode *dir, struct dentry *dentry, unsigned int flags);
int dcache_dir_open(struct inode *inode, struct file *file);
int dcache_dir_close(struct inode *inode, struct file *file);
loff_t dcache_dir_lseek(struct file *file, loff_t offset, int whence);
int dcache_readdir(struct file *file, struct dir_context *ctx);
int simple_link(struct dentry *old_dentry, struct inode *dir, struct dentry *dentry);
int simple_unlink(struct inode *dir, struct dentry *dentry);
int simple_rmdir(struct inode *dir, struct dentry *dentry);
int simple_rename(struct user_namespace *mnt_userns, struct inode *old_dir, struct dentry *old_dentry,
		  struct inode *new_dir, struct dentry *new_dentry, unsigned int flags);
int simple_empty(struct dentry *dentry);
int simple_setattr(struct user_namespace *mnt_userns, struct dentry *dentry, struct iattr *iattr);
int simple_getattr(struct user_namespace *mnt_userns, const struct path *path, struct kstat *stat, u32 request_mask,
		   unsigned int query_flags);
int simple_statfs(struct dentry *dentry, struct kstatfs *buf);
int simple_open(struct inode *inode, struct file *file);
int always_delete_dentry(const struct dentry *dentry);
const char *simple_get_link(struct dentry *dentry, struct inode *inode, struct delayed_call *done);
ssize_t generic_read_dir(struct file *filp, char __user *buf, size_t size, loff_t *ppos);
ssize_t simple_read_from_buffer(void __user *to, size_t count, loff_t *ppos, const void *from, size_t available);
ssize_t simple_write_to_buffer(void *to, size_t available, loff_t *ppos, const void __user *from, size_t count);
extern const struct file_operations simple_dir_operations;
extern const struct inode_operations simple_dir_inode_operations;
extern const struct inode_operations simple_symlink_inode_operations;
extern const struct super_operations simple_super_operations;

/* fs/char_dev.c */
int alloc_chrdev_region(dev_t *dev, unsigned int baseminor, unsigned int count, const char *name);
int register_chrdev_region(dev_t from, unsigned int count, const char *name);
void unregister_chrdev_region(dev_t from, unsigned int count);
int __register_chrdev(unsigned int major, unsigned int baseminor, unsigned int count, const char *name,
		      const struct file_operations *fops);
void __unregister_chrdev(unsigned int major, unsigned int baseminor, unsigned int count, const char *name);
extern const struct file_operations def_chr_fops;
extern const struct file_operations def_blk_fops;	/* block/fops.c */
extern const struct file_operations pipefifo_fops;

static inline int register_chrdev(unsigned int major, const char *name, const struct file_operations *fops)
{
	return __register_chrdev(major, 0, 256, name, fops);
}

static inline void unregister_chrdev(unsigned int major, const char *name)
{
	__unregister_chrdev(major, 0, 256, name);
}

/* fs/exec.c */
int kernel_execve(const char *filename, const char *const *argv, const char *const *envp);
struct file *open_exec(const char *name);

/* fs/ramfs/inode.c */
struct inode *ramfs_get_inode(struct super_block *sb, const struct inode *dir, umode_t mode, dev_t dev);

/* Set-up at boot, in this order: fs/dcache.c (all caches), fs/namespace.c, init/initramfs.c. */
void vfs_caches_init(void);
void mnt_init(void);
void populate_rootfs(unsigned long start, unsigned long size);
void mount_initial_filesystems(void);

static inline struct inode *file_inode(const struct file *file)
{
	return file->f_inode;
}

static inline struct dentry *file_dentry(const struct file *file)
{
	return file->f_path.dentry;
}

static inline struct file *get_file(struct file *file)
{
	atomic_long_inc(&file->f_count);
	return file;
}

#define file_count(file)	atomic_long_read(&(file)->f_count)

static inline loff_t i_size_read(const struct inode *inode)
{
	return inode->i_size;
}

static inline void i_size_write(struct inode *inode, loff_t size)
{
	inode->i_size = size;
}

static inline unsigned int iminor(const struct inode *inode)
{
	return MINOR(inode->i_rdev);
}

static inline unsigned int imajor(const struct inode *inode)
{
	return MAJOR(inode->i_rdev);
}

static inline void inode_lock(struct inode *inode)
{
	down_write(&inode->i_rwsem);
}

static inline void inode_unlock(struct inode *inode)
{
	up_write(&inode->i_rwsem);
}

static inline void inode_lock_shared(struct inode *inode)
{
	down_read(&inode->i_rwsem);
}

static inline void inode_unlock_shared(struct inode *inode)
{
	up_read(&inode->i_rwsem);
}

static inline bool dir_emit(struct dir_context *ctx, const char *name, int length, u64 ino, unsigned int type)
{
	return ctx->actor(ctx, name, length, ctx->pos, ino, type);
}

/* The DT_ type that getdents reports for a mode. */
static inline unsigned char fs_umode_to_dtype(umode_t mode)
{
	return (mode & S_IFMT) >> 12;
}

static inline void set_delayed_call(struct delayed_call *call, void (*fn)(void *), void *arg)
{
	call->fn = fn;
	call->arg = arg;
}

static inline void do_delayed_call(struct delayed_call *call)
{
	if (call->fn)
		call->fn(call->arg);
}

/* i_writecount: writers and the execution of a file exclude each other (ETXTBSY). */
static inline int get_write_access(struct inode *inode)
{
	return atomic_inc_unless_negative(&inode->i_writecount) ? 0 : -ETXTBSY;
}

static inline void put_write_access(struct inode *inode)
{
	atomic_dec(&inode->i_writecount);
}

static inline int deny_write_access(struct file *file)
{
	return atomic_dec_unless_positive(&file_inode(file)->i_writecount) ? 0 : -ETXTBSY;
}

static inline void allow_write_access(struct file *file)
{
	if (file)
		atomic_inc(&file_inode(file)->i_writecount);
}

static inline struct user_namespace *mnt_user_ns(const struct vfsmount *mnt)
{
	(void)mnt;
	return &init_user_ns;
}

static inline struct user_namespace *file_mnt_user_ns(const struct file *file)
{
	(void)file;
	return &init_user_ns;
}

#define IS_RDONLY(inode)	(((inode)->i_sb->s_flags & SB_RDONLY) != 0)
#define IS_APPEND(inode)	0

#define fops_get(fops)		(fops)
#define fops_put(fops)		((void)(fops))
#define replace_fops(file, fops)	((file)->f_op = (fops))

/* An attribute file of libfs: a number with a get and a set function and a printf format. */
#define DEFINE_SIMPLE_ATTRIBUTE(__fops, __get, __set, __fmt)					\
static int __fops ## _open(struct inode *inode, struct file *file)				\
{												\
	return simple_attr_open(inode, file, __get, __set, __fmt);				\
}												\
static const struct file_operations __fops = {							\
	.open = __fops ## _open,								\
	.release = simple_attr_release,								\
	.read = simple_attr_read,								\
	.write = simple_attr_write,								\
	.llseek = generic_file_llseek,								\
}

int simple_attr_open(struct inode *inode, struct file *file, int (*get)(void *, u64 *), int (*set)(void *, u64),
		     const char *fmt);
int simple_attr_release(struct inode *inode, struct file *file);
ssize_t simple_attr_read(struct file *file, char __user *buf, size_t len, loff_t *ppos);
ssize_t simple_attr_write(struct file *file, const char __user *buf, size_t len, loff_t *ppos);

#endif
