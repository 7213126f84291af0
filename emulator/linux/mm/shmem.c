/*
 * Shared anonymous memory: an object that holds the pages, referenced by every area that maps it.
 */
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/refcount.h>
#include <linux/shmem_fs.h>
#include <linux/slab.h>

struct shmem_object {
	refcount_t count;
	struct mutex lock;
	unsigned long nr_pages;
	struct page *pages[];
};

static vm_fault_t shmem_fault(struct vm_fault *vmf)
{
	struct shmem_object *object = vmf->vma->vm_private_data;

	if (vmf->pgoff >= object->nr_pages)
		return VM_FAULT_SIGBUS;
	mutex_lock(&object->lock);
	if (!object->pages[vmf->pgoff])
		object->pages[vmf->pgoff] = alloc_page(GFP_HIGHUSER | __GFP_ZERO);
	vmf->page = object->pages[vmf->pgoff];
	if (vmf->page)
		get_page(vmf->page);
	mutex_unlock(&object->lock);
	return vmf->page ? 0 : VM_FAULT_OOM;
}

static void shmem_open(struct vm_area_struct *vma)
{
	struct shmem_object *object = vma->vm_private_data;

	refcount_inc(&object->count);
}

static void shmem_close(struct vm_area_struct *vma)
{
	struct shmem_object *object = vma->vm_private_data;
	unsigned long i;

	if (!refcount_dec_and_test(&object->count))
		return;
	for (i = 0; i < object->nr_pages; i++)
		if (object->pages[i])
			put_page(object->pages[i]);
	kvfree(object);
}

static const struct vm_operations_struct shmem_vm_ops = {
	.fault = shmem_fault,
	.open = shmem_open,
	.close = shmem_close,
};

/* mmap(MAP_SHARED | MAP_ANONYMOUS). */
int shmem_zero_setup(struct vm_area_struct *vma)
{
	unsigned long nr_pages = vma_pages(vma);
	struct shmem_object *object = kvzalloc(struct_size(object, pages, nr_pages), GFP_KERNEL);

	if (!object)
		return -ENOMEM;
	refcount_set(&object->count, 1);
	mutex_init(&object->lock);
	object->nr_pages = nr_pages;
	vma->vm_private_data = object;
	vma->vm_ops = &shmem_vm_ops;
	vma->vm_pgoff = 0;
	return 0;
}
