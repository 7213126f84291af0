/*
 * /proc/PID/maps: the areas of a process's address space.
 */
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/seq_file.h>
#include "internal.h"

static const char *area_name(const struct vm_area_struct *vma, const struct mm_struct *mm)
{
	if (vma->vm_start <= mm->brk && vma->vm_end >= mm->start_brk && mm->brk != mm->start_brk)
		return "[heap]";
	if (vma->vm_start <= mm->start_stack && vma->vm_end >= mm->start_stack)
		return "[stack]";
	return NULL;
}

static void show_map_vma(struct seq_file *m, struct vm_area_struct *vma, const struct mm_struct *mm)
{
	struct file *file = vma->vm_file;
	const struct inode *inode = file ? file_inode(file) : NULL;
	size_t line_start = m->count;
	const char *name;

	seq_printf(m, "%08lx-%08lx %c%c%c%c %08llx %02x:%02x %lu", vma->vm_start, vma->vm_end,
		   vma->vm_flags & VM_READ ? 'r' : '-', vma->vm_flags & VM_WRITE ? 'w' : '-',
		   vma->vm_flags & VM_EXEC ? 'x' : '-', vma->vm_flags & VM_MAYSHARE ? 's' : 'p',
		   file ? (unsigned long long)vma->vm_pgoff << PAGE_SHIFT : 0,
		   inode ? MAJOR(inode->i_sb->s_dev) : 0, inode ? MINOR(inode->i_sb->s_dev) : 0,
		   inode ? inode->i_ino : 0);
	name = area_name(vma, mm);
	if (file || name) {
		m->pad_until = line_start + 73;
		seq_pad(m, ' ');
		if (file)
			seq_file_path(m, file, "\n");
		else
			seq_puts(m, name);
	}
	seq_putc(m, '\n');
}

int proc_pid_maps(struct seq_file *m, struct task_struct *task)
{
	struct mm_struct *mm = get_task_mm(task);
	struct vm_area_struct *vma;

	if (!mm)
		return 0;
	mmap_read_lock(mm);
	for (vma = mm->mmap; vma; vma = vma->vm_next)
		show_map_vma(m, vma, mm);
	mmap_read_unlock(mm);
	mmput(mm);
	return 0;
}
