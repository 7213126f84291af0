/* Memory that several address spaces share and that has no name. */
#ifndef _LINUX_SHMEM_FS_H
#define _LINUX_SHMEM_FS_H

struct vm_area_struct;
extern int shmem_zero_setup(struct vm_area_struct *vma);

#endif
