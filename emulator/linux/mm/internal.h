/*
 * Between the files of mm.
 */
#ifndef _MM_INTERNAL_H
#define _MM_INTERNAL_H

#include <linux/mm.h>

extern vm_flags_t calc_vm_prot_bits(unsigned long prot);
extern int __split_vma(struct mm_struct *mm, struct vm_area_struct *vma, unsigned long addr);

#endif
