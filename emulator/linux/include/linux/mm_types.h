/* Pages, areas of an address space, and the address space itself. */
#ifndef _LINUX_MM_TYPES_H
#define _LINUX_MM_TYPES_H

#include <linux/cpumask.h>
#include <linux/list.h>
#include <linux/rbtree.h>
#include <linux/rwsem.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <asm/page.h>

struct address_space;
struct file;
struct kmem_cache;
struct linux_binfmt;
struct mm_struct;
struct vm_fault;
struct vm_operations_struct;

typedef struct { unsigned long pte; } pte_t;
typedef struct { unsigned long pmd; } pmd_t;
typedef struct { unsigned long pud; } pud_t;
typedef struct { unsigned long p4d; } p4d_t;
typedef struct { unsigned long pgd; } pgd_t;
typedef struct { unsigned long pgprot; } pgprot_t;
typedef unsigned int vm_fault_t;
typedef unsigned long vm_flags_t;

/* One for each page frame. What the words in the union mean depends on who owns the page. */
struct page {
	unsigned long flags;
	union {
		struct {			/* page cache, anonymous memory, and the buddy's free lists */
			struct list_head lru;
			struct address_space *mapping;
			pgoff_t index;
			unsigned long private;	/* order, while the page heads a free block */
		};
		struct {			/* slab */
			struct list_head slab_list;
			struct kmem_cache *slab_cache;
			void *freelist;
			unsigned int inuse;
			unsigned int objects;
		};
		struct {			/* tail of a block of pages */
			struct page *compound_head;
		};
	};
	atomic_t _mapcount;	/* page table entries that map it, minus one */
	atomic_t _refcount;
};

/* One contiguous range of an address space with one set of rights and one source of pages. */
struct vm_area_struct {
	unsigned long vm_start;
	unsigned long vm_end;			/* the first byte after it */
	struct vm_area_struct *vm_next, *vm_prev;	/* sorted by address */
	struct rb_node vm_rb;
	struct mm_struct *vm_mm;
	pgprot_t vm_page_prot;
	unsigned long vm_flags;
	const struct vm_operations_struct *vm_ops;
	unsigned long vm_pgoff;			/* offset in vm_file, in pages */
	struct file *vm_file;
	void *vm_private_data;
	void *anon_vma;				/* non-NULL once the area has anonymous pages */
};

struct mm_rss_stat {
	atomic_long_t count[4];
};
enum {
	MM_FILEPAGES,
	MM_ANONPAGES,
	MM_SWAPENTS,
	MM_SHMEMPAGES,
	NR_MM_COUNTERS
};

struct mm_struct {
	struct vm_area_struct *mmap;		/* list of areas */
	struct rb_root mm_rb;
	unsigned long mmap_base;		/* mappings without a given address grow down from here */
	unsigned long task_size;
	pgd_t *pgd;
	atomic_t mm_users;			/* tasks that use it as theirs */
	atomic_t mm_count;			/* references to the structure: all users together count once */
	atomic_long_t pgtables_bytes;
	struct list_head pgtable_pages;		/* the pages of the tables below pgd */
	int map_count;
	spinlock_t page_table_lock;
	struct rw_semaphore mmap_lock;
	struct list_head mmlist;
	unsigned long hiwater_rss, hiwater_vm;
	unsigned long total_vm, locked_vm, data_vm, exec_vm, stack_vm;
	unsigned long def_flags;
	spinlock_t arg_lock;
	unsigned long start_code, end_code, start_data, end_data;
	unsigned long start_brk, brk, start_stack;
	unsigned long arg_start, arg_end, env_start, env_end;
	unsigned long saved_auxv[48];
	struct mm_rss_stat rss_stat;
	struct linux_binfmt *binfmt;
	unsigned long flags;
	struct task_struct *owner;
	struct file *exe_file;
	cpumask_t cpu_bitmap;			/* CPUs whose TLB may hold entries of it */
	bool dumpable;		/* prctl(PR_SET_DUMPABLE) */
};

extern struct mm_struct init_mm;

static inline cpumask_t *mm_cpumask(struct mm_struct *mm)
{
	return &mm->cpu_bitmap;
}

enum vm_fault_reason {
	VM_FAULT_OOM = 0x000001,
	VM_FAULT_SIGBUS = 0x000002,
	VM_FAULT_MAJOR = 0x000004,
	VM_FAULT_WRITE = 0x000008,
	VM_FAULT_SIGSEGV = 0x000040,
	VM_FAULT_NOPAGE = 0x000100,
	VM_FAULT_LOCKED = 0x000200,
	VM_FAULT_RETRY = 0x000400,
	VM_FAULT_DONE_COW = 0x001000,
};
#define VM_FAULT_ERROR (VM_FAULT_OOM | VM_FAULT_SIGBUS | VM_FAULT_SIGSEGV)

enum fault_flag {
	FAULT_FLAG_WRITE = 1 << 0,
	FAULT_FLAG_MKWRITE = 1 << 1,
	FAULT_FLAG_ALLOW_RETRY = 1 << 2,
	FAULT_FLAG_RETRY_NOWAIT = 1 << 3,
	FAULT_FLAG_KILLABLE = 1 << 4,
	FAULT_FLAG_TRIED = 1 << 5,
	FAULT_FLAG_USER = 1 << 6,
	FAULT_FLAG_REMOTE = 1 << 7,
	FAULT_FLAG_INSTRUCTION = 1 << 8,
	FAULT_FLAG_INTERRUPTIBLE = 1 << 9,
};

#endif
