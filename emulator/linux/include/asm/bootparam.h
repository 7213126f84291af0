/* What the host tells the kernel at boot; rdi holds its physical address at startup_64. */
#ifndef _ASM_BOOTPARAM_H
#define _ASM_BOOTPARAM_H

#define BOOT_PARAMS_MAGIC 0x4b50524f42454c42UL
#define COMMAND_LINE_SIZE 256

struct boot_params {
	unsigned long magic;
	unsigned long memory_size;	/* bytes of RAM that the kernel may use */
	unsigned long cpu_count;
	unsigned long initrd_start;	/* physical */
	unsigned long initrd_size;
	char command_line[COMMAND_LINE_SIZE];
};

extern struct boot_params boot_params;

#endif
