/*
 * From the boot stub to start_kernel: keep what the host told us, and give CPU 0 its descriptor tables.
 */
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/percpu.h>
#include <linux/start_kernel.h>
#include <linux/string.h>
#include <asm/bootparam.h>
#include <asm/msr.h>
#include <asm/page.h>
#include <asm/processor.h>

struct boot_params boot_params;

void __init x86_64_start_kernel(unsigned long params_phys)
{
	wrmsrl(MSR_GS_BASE, 0); /* CPU 0 uses the image's own copy of the per-CPU variables */
	memcpy(&boot_params, __va(params_phys), sizeof(boot_params));
	cpu_init(0);
	start_kernel();
}
