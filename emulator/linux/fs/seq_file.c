/*
 * seq_file: text made of records, read in pieces of any size.
 *
 * A record is shown into a buffer. If it does not fit, the buffer is doubled and the record shown again; so show()
 * must not have side effects. What the reader did not take yet stays in the buffer for the next read().
 */
#include <linux/seq_file.h>
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <linux/export.h>
#include <linux/ctype.h>

#define SEQ_BUF_MAX	(4UL << 20)

static void seq_set_overflow(struct seq_file *m)
{
	m->count = m->size;
}

int seq_open(struct file *file, const struct seq_operations *op)
{
	struct seq_file *p = kzalloc(sizeof(*p), GFP_KERNEL);

	if (!p)
		return -ENOMEM;
	file->private_data = p;
	mutex_init(&p->lock);
	p->op = op;
	p->file = file;
	return 0;
}
EXPORT_SYMBOL(seq_open);

static int grow(struct seq_file *m)
{
	size_t size = m->size ? m->size * 2 : PAGE_SIZE;

	kvfree(m->buf);
	m->count = 0;
	m->size = 0;
	m->buf = NULL;
	if (size > SEQ_BUF_MAX)
		return -ENOMEM;
	m->buf = kvmalloc(size, GFP_KERNEL);
	if (!m->buf)
		return -ENOMEM;
	m->size = size;
	return 0;
}

/* Fills the buffer with records from m->index on: at least one, and as many more as fit and are wanted. */
static noinline int fill(struct seq_file *m, size_t wanted)
{
	void *p;
	int error = 0;

	m->from = 0;
	m->count = 0;
	if (!m->buf && (error = grow(m)))
		return error;
	p = m->op->start(m, &m->index);
	while (p) {
		size_t before = m->count;
		loff_t shown = m->index;

		error = PTR_ERR(p);
		if (IS_ERR(p))
			break;
		error = m->op->show(m, p);
		if (error < 0)
			break;
		if (error == SEQ_SKIP) {
			m->count = before;
			error = 0;
		}
		if (seq_has_overflowed(m)) {
			m->count = before;
			if (before)	/* the records so far will do for now */
				break;
			m->op->stop(m, p);
			error = grow(m);
			if (error)
				return error;
			p = m->op->start(m, &m->index);
			continue;
		}
		p = m->op->next(m, p, &m->index);
		if (m->index == shown)	/* next() forgot to move on: do it for it, or this never ends */
			m->index++;
		if (m->count >= wanted)
			break;
	}
	m->op->stop(m, p);
	return m->count ? 0 : error;
}

noinline ssize_t seq_read(struct file *file, char __user *buf, size_t size, loff_t *ppos)
{
	struct seq_file *m = file->private_data;
	ssize_t copied = 0;
	int error = 0;

	if (!size)
		return 0;
	mutex_lock(&m->lock);
	if (*ppos == 0) {
		m->index = 0;
		m->count = 0;
		m->read_pos = 0;
	}
	/* A read at a place that the last one did not end at: show everything before it and drop that. */
	if (*ppos != m->read_pos) {
		loff_t skipped = 0;

		m->index = 0;
		m->count = 0;
		while (skipped < *ppos) {
			error = fill(m, *ppos - skipped);
			if (error || !m->count)
				break;
			if (skipped + (loff_t)m->count > *ppos) {
				m->from = *ppos - skipped;
				m->count -= m->from;
				skipped = *ppos;
				break;
			}
			skipped += m->count;
			m->count = 0;
		}
		m->read_pos = *ppos;
	}
	while (!error && size) {
		size_t n;

		if (!m->count) {
			/* A terminal event file may show something new later: the end is not remembered. */
			error = fill(m, size);
			if (error || !m->count)
				break;
		}
		n = m->count < size ? m->count : size;
		if (copy_to_user(buf + copied, m->buf + m->from, n)) {
			error = -EFAULT;
			break;
		}
		m->from += n;
		m->count -= n;
		size -= n;
		copied += n;
	}
	if (copied) {
		*ppos += copied;
		m->read_pos = *ppos;
		error = 0;
	}
	mutex_unlock(&m->lock);
	return copied ? copied : error;
}
EXPORT_SYMBOL(seq_read);

loff_t seq_lseek(struct file *file, loff_t offset, int whence)
{
	if (whence == SEEK_CUR)
		offset += file->f_pos;
	else if (whence != SEEK_SET)
		return -EINVAL;
	if (offset < 0)
		return -EINVAL;
	file->f_pos = offset;
	return offset;
}
EXPORT_SYMBOL(seq_lseek);

int seq_release(struct inode *inode, struct file *file)
{
	struct seq_file *m = file->private_data;

	kvfree(m->buf);
	kfree(m);
	return 0;
}
EXPORT_SYMBOL(seq_release);

void *__seq_open_private(struct file *file, const struct seq_operations *op, int size)
{
	void *private = kzalloc(size, GFP_KERNEL);

	if (!private)
		return NULL;
	if (seq_open(file, op)) {
		kfree(private);
		return NULL;
	}
	((struct seq_file *)file->private_data)->private = private;
	return private;
}
EXPORT_SYMBOL(__seq_open_private);

int seq_open_private(struct file *file, const struct seq_operations *op, int size)
{
	return __seq_open_private(file, op, size) ? 0 : -ENOMEM;
}
EXPORT_SYMBOL(seq_open_private);

int seq_release_private(struct inode *inode, struct file *file)
{
	struct seq_file *m = file->private_data;

	kfree(m->private);
	return seq_release(inode, file);
}
EXPORT_SYMBOL(seq_release_private);

/* single_open(): a file of one record. */
static void *single_start(struct seq_file *m, loff_t *pos)
{
	return *pos == 0 ? SEQ_START_TOKEN : NULL;
}

static void *single_next(struct seq_file *m, void *v, loff_t *pos)
{
	++*pos;
	return NULL;
}

static void single_stop(struct seq_file *m, void *v)
{
	(void)m;
	(void)v;
}

int single_open(struct file *file, int (*show)(struct seq_file *, void *), void *data)
{
	struct seq_operations *op = kzalloc(sizeof(*op), GFP_KERNEL);
	int error;

	if (!op)
		return -ENOMEM;
	op->start = single_start;
	op->next = single_next;
	op->stop = single_stop;
	op->show = show;
	error = seq_open(file, op);
	if (error)
		kfree(op);
	else
		((struct seq_file *)file->private_data)->private = data;
	return error;
}
EXPORT_SYMBOL(single_open);

int single_open_size(struct file *file, int (*show)(struct seq_file *, void *), void *data, size_t size)
{
	struct seq_file *m;
	int error = single_open(file, show, data);

	if (error)
		return error;
	m = file->private_data;
	m->buf = kvmalloc(size, GFP_KERNEL);
	if (!m->buf) {
		single_release(NULL, file);
		return -ENOMEM;
	}
	m->size = size;
	return 0;
}
EXPORT_SYMBOL(single_open_size);

int single_release(struct inode *inode, struct file *file)
{
	const struct seq_operations *op = ((struct seq_file *)file->private_data)->op;
	int error = seq_release(inode, file);

	kfree(op);
	return error;
}
EXPORT_SYMBOL(single_release);

void seq_vprintf(struct seq_file *m, const char *fmt, va_list args)
{
	int length;

	if (m->count < m->size) {
		length = vsnprintf(m->buf + m->count, m->size - m->count, fmt, args);
		if (m->count + length < m->size) {
			m->count += length;
			return;
		}
	}
	seq_set_overflow(m);
}
EXPORT_SYMBOL(seq_vprintf);

noinline void seq_printf(struct seq_file *m, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	seq_vprintf(m, fmt, args);
	va_end(args);
}
EXPORT_SYMBOL(seq_printf);

int seq_write(struct seq_file *m, const void *data, size_t len)
{
	if (m->count + len < m->size) {
		memcpy(m->buf + m->count, data, len);
		m->count += len;
		return 0;
	}
	seq_set_overflow(m);
	return -1;
}
EXPORT_SYMBOL(seq_write);

noinline void seq_puts(struct seq_file *m, const char *s)
{
	seq_write(m, s, strlen(s));
}
EXPORT_SYMBOL(seq_puts);

void seq_putc(struct seq_file *m, char c)
{
	seq_write(m, &c, 1);
}
EXPORT_SYMBOL(seq_putc);

void seq_put_decimal_ull(struct seq_file *m, const char *delimiter, unsigned long long number)
{
	seq_printf(m, "%s%llu", delimiter ? delimiter : "", number);
}
EXPORT_SYMBOL(seq_put_decimal_ull);

void seq_put_decimal_ll(struct seq_file *m, const char *delimiter, long long number)
{
	seq_printf(m, "%s%lld", delimiter ? delimiter : "", number);
}
EXPORT_SYMBOL(seq_put_decimal_ll);

void seq_pad(struct seq_file *m, char c)
{
	while (m->count < m->pad_until && !seq_has_overflowed(m))
		seq_putc(m, ' ');
	if (c)
		seq_putc(m, c);
}
EXPORT_SYMBOL(seq_pad);

/* Prints s with every character of esc, and the backslash if it is among them, as three octal digits. */
void seq_escape(struct seq_file *m, const char *s, const char *esc)
{
	for (; *s; s++) {
		if (strchr(esc, *s))
			seq_printf(m, "\\%03o", (unsigned char)*s);
		else
			seq_putc(m, *s);
	}
}
EXPORT_SYMBOL(seq_escape);

int seq_path(struct seq_file *m, const struct path *path, const char *esc)
{
	char *page = kmalloc(PATH_MAX, GFP_KERNEL);
	char *name;
	int error = -ENOMEM;

	if (!page)
		return error;
	name = d_path(path, page, PATH_MAX);
	error = PTR_ERR(name);
	if (!IS_ERR(name)) {
		seq_escape(m, name, esc);
		error = 0;
	}
	kfree(page);
	return error;
}
EXPORT_SYMBOL(seq_path);

int seq_file_path(struct seq_file *m, struct file *file, const char *esc)
{
	return seq_path(m, &file->f_path, esc);
}
EXPORT_SYMBOL(seq_file_path);

struct list_head *seq_list_start(struct list_head *head, loff_t pos)
{
	struct list_head *entry;

	list_for_each(entry, head)
		if (pos-- == 0)
			return entry;
	return NULL;
}
EXPORT_SYMBOL(seq_list_start);

struct list_head *seq_list_start_head(struct list_head *head, loff_t pos)
{
	return pos ? seq_list_start(head, pos - 1) : head;
}
EXPORT_SYMBOL(seq_list_start_head);

struct list_head *seq_list_next(void *v, struct list_head *head, loff_t *ppos)
{
	struct list_head *next = ((struct list_head *)v)->next;

	++*ppos;
	return next == head ? NULL : next;
}
EXPORT_SYMBOL(seq_list_next);
