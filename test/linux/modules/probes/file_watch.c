/* What happens to files: created, written, renamed, removed, with the names that the arguments lead to. */
#include <linux/dcache.h>
#include <linux/fs.h>
#include <linux/hashtable.h>
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/namei.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/timekeeping.h>

static DEFINE_HASHTABLE(watched, 4);
static DEFINE_RWLOCK(lock);

struct seen {
	unsigned long ino;
	unsigned int writes;
	loff_t bytes;
	struct hlist_node hash;
};

static struct seen *find(unsigned long ino)
{
	struct seen *s;

	hash_for_each_possible(watched, s, hash, ino)
		if (s->ino == ino)
			return s;
	return NULL;
}

static int on_write(struct kprobe *p, struct pt_regs *regs)
{
	struct file *file = (struct file *)regs->di;
	struct inode *inode = file_inode(file);
	struct seen *s;

	if (!S_ISREG(inode->i_mode) || strncmp(file->f_path.dentry->d_name.name, "watched", 7))
		return 0;
	write_lock(&lock);
	s = find(inode->i_ino);
	if (!s) {
		s = kzalloc(sizeof(*s), GFP_ATOMIC);
		if (s) {
			s->ino = inode->i_ino;
			hash_add(watched, &s->hash, s->ino);
		}
	}
	if (s) {
		s->writes++;
		s->bytes += regs->dx;
	}
	write_unlock(&lock);
	return 0;
}

static int on_open(struct kprobe *p, struct pt_regs *regs)
{
	struct file *file = (struct file *)regs->di;
	char text[64], *path;

	path = dentry_path_raw(file->f_path.dentry, text, sizeof(text));
	if (!IS_ERR_OR_NULL(path) && strstr(path, "watched"))
		pr_alert("open %s by uid %u at %d, mode %x\n", path, from_kuid(&init_user_ns, current_uid()),
			 ktime_get_real_seconds() > 1000000000, file->f_mode & (FMODE_READ | FMODE_WRITE));
	return 0;
}

static int on_rename(struct kprobe *p, struct pt_regs *regs)
{
	const struct path *old_dir = (const struct path *)regs->di, *new_dir = (const struct path *)regs->dx;
	struct dentry *old = (struct dentry *)regs->si, *new = (struct dentry *)regs->cx;

	(void)old_dir;
	(void)new_dir;
	pr_info("rename %pd to %pd\n", old, new);
	return 0;
}

static int on_unlink(struct kprobe *p, struct pt_regs *regs)
{
	struct dentry *victim = (struct dentry *)regs->si;
	const char *name = victim->d_name.name;

	pr_info("unlink %s in %pd, inode %d, length %u\n", name, victim->d_parent, d_inode(victim)->i_ino > 0,
		victim->d_name.len);
	return 0;
}

static int on_do_unlinkat(struct kprobe *p, struct pt_regs *regs)
{
	struct filename *f = (struct filename *)regs->si;

	pr_info("do_unlinkat(%d, %s)\n", (int)regs->di, f->name);
	return 0;
}

static struct kprobe probes[] = {
	{ .symbol_name = "vfs_write", .pre_handler = on_write },
	{ .symbol_name = "security_file_open", .pre_handler = on_open },
	{ .symbol_name = "security_inode_rename", .pre_handler = on_rename },
	{ .symbol_name = "security_inode_unlink", .pre_handler = on_unlink },
	{ .symbol_name = "do_unlinkat", .pre_handler = on_do_unlinkat },
};

static int __init file_watch_init(void)
{
	unsigned int i;
	int err = 0;

	hash_init(watched);
	for (i = 0; i < ARRAY_SIZE(probes) && !err; i++)
		err = register_kprobe(&probes[i]);
	return err;
}

static void __exit file_watch_exit(void)
{
	struct hlist_node *next;
	struct seen *s;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(probes); i++)
		unregister_kprobe(&probes[i]);
	read_lock(&lock);
	hash_for_each_safe(watched, i, next, s, hash) {
		pr_info("written %u times, %lld bytes\n", s->writes, s->bytes);
		hash_del(&s->hash);
		kfree(s);
	}
	read_unlock(&lock);
}

module_init(file_watch_init);
module_exit(file_watch_exit);
MODULE_LICENSE("GPL");

/* console
 * $ insmod /root/file_watch.ko; echo one > /tmp/watched; echo two >> /tmp/watched; mv /tmp/watched /tmp/renamed; rm /tmp/renamed
 * open /tmp/watched by uid 0 at 1, mode 2
 * open /tmp/watched by uid 0 at 1, mode 2
 * rename watched to renamed
 * do_unlinkat(-100, /tmp/renamed)
 * unlink renamed in tmp, inode 1, length 7
 * $ rmmod file_watch
 * written 2 times, 8 bytes
 */
