/*
 * Static 64-bit ELF executables: maps what the program headers ask for and builds the stack that a program starts on.
 *
 * There is no dynamic linker here: a program that names an interpreter is refused with ENOEXEC.
 */
#include <linux/fs.h>
#include <linux/binfmts.h>
#include <linux/cred.h>
#include <linux/elf.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <asm/processor.h>

#define ELF_ET_DYN_BASE	0x555555554000UL	/* where position independent executables go */
#define MAX_PROGRAM_HEADERS 64

#define page_start(v)	((v) & PAGE_MASK)
#define page_offset(v)	((v) & ~PAGE_MASK)

static int protection(const struct elf64_phdr *segment)
{
	return ((segment->p_flags & PF_R) ? PROT_READ : 0) | ((segment->p_flags & PF_W) ? PROT_WRITE : 0) |
	       ((segment->p_flags & PF_X) ? PROT_EXEC : 0);
}

static struct elf64_phdr *load_elf_phdrs(const struct elf64_hdr *header, struct file *file)
{
	size_t size = header->e_phnum * sizeof(struct elf64_phdr);
	struct elf64_phdr *segments;
	loff_t pos = header->e_phoff;

	if (header->e_phentsize != sizeof(struct elf64_phdr) || !header->e_phnum ||
	    header->e_phnum > MAX_PROGRAM_HEADERS)
		return NULL;
	segments = kmalloc(size, GFP_KERNEL);
	if (segments && kernel_read(file, segments, size, &pos) != (ssize_t)size) {
		kfree(segments);
		segments = NULL;
	}
	return segments;
}

/* Maps a segment's part of the file at bias + p_vaddr. Returns the address or a negative errno. */
static noinline unsigned long elf_map(struct file *file, unsigned long bias, const struct elf64_phdr *segment)
{
	unsigned long addr = bias + segment->p_vaddr;
	unsigned long size = segment->p_filesz + page_offset(addr);

	if (!segment->p_filesz)
		return addr;
	if (page_offset(segment->p_vaddr) != page_offset(segment->p_offset))
		return -ENOEXEC;
	return vm_mmap(file, page_start(addr), PAGE_ALIGN(size), protection(segment), MAP_PRIVATE | MAP_FIXED,
		       page_start(segment->p_offset));
}

/* Zeroes what a segment has in memory beyond its part of the file. */
static noinline int set_brk(unsigned long bias, const struct elf64_phdr *segment)
{
	unsigned long start = bias + segment->p_vaddr + segment->p_filesz;
	unsigned long end = bias + segment->p_vaddr + segment->p_memsz;
	unsigned long mapped = PAGE_ALIGN(start);

	if (start >= end)
		return 0;
	/* A read-only segment has no tail that could be cleared. */
	if (segment->p_filesz && page_offset(start) && (segment->p_flags & PF_W)) {
		unsigned long tail = mapped < end ? mapped - start : end - start;

		if (clear_user((void __user *)start, tail))
			return -EFAULT;
	}
	if (!segment->p_filesz)
		mapped = page_start(start);
	if (mapped < end)
		return vm_brk_flags(mapped, PAGE_ALIGN(end) - mapped, (segment->p_flags & PF_X) ? VM_EXEC : 0);
	return 0;
}

/* One word after the other onto the user's stack. */
struct stack_writer {
	unsigned long __user *sp;
	int error;
};

static void push(struct stack_writer *w, unsigned long value)
{
	w->error |= put_user(value, w->sp);
	w->sp++;
}

static void push_aux(struct stack_writer *w, unsigned long id, unsigned long value)
{
	push(w, id);
	push(w, value);
}

/* Writes pointers to n strings that lie one behind the other from p on, and a NULL. Returns where they end, 0: fault. */
static unsigned long push_pointers(struct stack_writer *w, int n, unsigned long p)
{
	while (n-- > 0) {
		long length = strnlen_user((const char __user *)p, MAX_ARG_STRLEN);

		if (!length || length > (long)MAX_ARG_STRLEN)
			return 0;
		push(w, p);
		p += length;
	}
	push(w, 0);
	return p;
}

#define AUX_ENTRIES 18

/*
 * The start of a program's stack, upwards from its stack pointer: argc, argv[], NULL, envp[], NULL, the auxiliary
 * vector, and above that the strings themselves.
 */
static noinline int create_elf_tables(struct linux_binprm *bprm, const struct elf64_hdr *header,
				      unsigned long phdr_addr, unsigned long entry)
{
	/* AT_RANDOM wants 16 bytes that differ from program to program; equal runs must stay equal. */
	unsigned long random[2] = {
		0x9e3779b97f4a7c15UL * (current->pid + 1), 0xbf58476d1ce4e5b9UL ^ current->start_time,
	};
	static const char platform[] = "x86_64";
	struct mm_struct *mm = current->mm;
	const struct cred *cred = current_cred();
	unsigned long p = bprm->p, u_platform, u_random;
	struct stack_writer w = { .error = 0 };
	unsigned long words;

	u_platform = (p & ~15UL) - 16;
	u_random = u_platform - 16;
	if (copy_to_user((void __user *)u_platform, platform, sizeof(platform)) ||
	    copy_to_user((void __user *)u_random, random, sizeof(random)))
		return -EFAULT;

	words = 1 + (bprm->argc + 1) + (bprm->envc + 1) + 2 * AUX_ENTRIES;
	w.sp = (unsigned long __user *)((u_random - words * sizeof(long)) & ~15UL);
	bprm->p = (unsigned long)w.sp;

	push(&w, bprm->argc);
	mm->arg_start = p;
	p = push_pointers(&w, bprm->argc, p);
	if (!p)
		return -EFAULT;
	mm->arg_end = mm->env_start = p;
	p = push_pointers(&w, bprm->envc, p);
	if (!p)
		return -EFAULT;
	mm->env_end = p;

	push_aux(&w, AT_HWCAP, 0);
	push_aux(&w, AT_PAGESZ, PAGE_SIZE);
	push_aux(&w, AT_CLKTCK, 100);
	push_aux(&w, AT_PHDR, phdr_addr);
	push_aux(&w, AT_PHENT, sizeof(struct elf64_phdr));
	push_aux(&w, AT_PHNUM, header->e_phnum);
	push_aux(&w, AT_BASE, 0);
	push_aux(&w, AT_FLAGS, 0);
	push_aux(&w, AT_ENTRY, entry);
	push_aux(&w, AT_UID, __kuid_val(cred->uid));
	push_aux(&w, AT_EUID, __kuid_val(cred->euid));
	push_aux(&w, AT_GID, __kgid_val(cred->gid));
	push_aux(&w, AT_EGID, __kgid_val(cred->egid));
	push_aux(&w, AT_SECURE, bprm->secureexec);
	push_aux(&w, AT_RANDOM, u_random);
	push_aux(&w, AT_EXECFN, p);	/* the file's name lies behind the environment */
	push_aux(&w, AT_PLATFORM, u_platform);
	push_aux(&w, AT_NULL, 0);
	return w.error ? -EFAULT : 0;
}

static bool is_loadable(const struct elf64_hdr *header)
{
	return !memcmp(header->e_ident, ELFMAG, SELFMAG) && header->e_ident[EI_CLASS] == ELFCLASS64 &&
	       (header->e_type == ET_EXEC || header->e_type == ET_DYN) && header->e_machine == EM_X86_64;
}

/* Maps all segments and notes in mm where code, data and heap lie. */
static noinline int map_segments(struct linux_binprm *bprm, const struct elf64_hdr *header,
				 const struct elf64_phdr *segments, unsigned long bias, unsigned long *phdr_addr)
{
	struct mm_struct *mm = current->mm;
	unsigned long brk = 0;
	int i, error;

	mm->start_code = ~0UL;
	mm->end_code = mm->start_data = mm->end_data = 0;
	*phdr_addr = 0;
	for (i = 0; i < header->e_phnum; i++) {
		const struct elf64_phdr *segment = &segments[i];
		unsigned long start = bias + segment->p_vaddr;
		unsigned long mapped;

		if (segment->p_type != PT_LOAD)
			continue;
		if (segment->p_filesz > segment->p_memsz || start >= TASK_SIZE || segment->p_memsz > TASK_SIZE - start)
			return -EINVAL;
		mapped = elf_map(bprm->file, bias, segment);
		if (IS_ERR_VALUE(mapped))
			return (int)mapped;
		error = set_brk(bias, segment);
		if (error)
			return error;
		if (segment->p_offset <= header->e_phoff && header->e_phoff < segment->p_offset + segment->p_filesz)
			*phdr_addr = header->e_phoff - segment->p_offset + start;
		if ((segment->p_flags & PF_X) && start < mm->start_code)
			mm->start_code = start;
		if ((segment->p_flags & PF_X) && start + segment->p_filesz > mm->end_code)
			mm->end_code = start + segment->p_filesz;
		if (start > mm->start_data)
			mm->start_data = start;
		if (start + segment->p_filesz > mm->end_data)
			mm->end_data = start + segment->p_filesz;
		if (start + segment->p_memsz > brk)
			brk = start + segment->p_memsz;
	}
	mm->start_brk = mm->brk = PAGE_ALIGN(brk);
	return 0;
}

static noinline int load_elf_binary(struct linux_binprm *bprm)
{
	const struct elf64_hdr *header = (const struct elf64_hdr *)bprm->buf;
	struct elf64_phdr *segments;
	unsigned long bias, phdr_addr;
	int i, retval;

	if (!is_loadable(header))
		return -ENOEXEC;
	segments = load_elf_phdrs(header, bprm->file);
	if (!segments)
		return -ENOEXEC;
	retval = -ENOEXEC;
	for (i = 0; i < header->e_phnum; i++)
		if (segments[i].p_type == PT_INTERP)
			goto out;

	retval = begin_new_exec(bprm);
	if (retval)
		goto out;
	setup_new_exec(bprm);
	retval = setup_arg_pages(bprm, STACK_TOP, 0);
	if (retval)
		goto out;
	bias = header->e_type == ET_DYN ? ELF_ET_DYN_BASE : 0;
	retval = map_segments(bprm, header, segments, bias, &phdr_addr);
	if (retval)
		goto out;
	retval = create_elf_tables(bprm, header, phdr_addr, bias + header->e_entry);
	if (retval)
		goto out;
	finalize_exec(bprm);
	start_thread(current_pt_regs(), bias + header->e_entry, bprm->p);
out:
	kfree(segments);
	return retval;
}

static struct linux_binfmt elf_format = {
	.module = THIS_MODULE,
	.load_binary = load_elf_binary,
};

static int __init init_elf_binfmt(void)
{
	register_binfmt(&elf_format);
	return 0;
}
core_initcall(init_elf_binfmt);
