/*
 * The bodies of the gates (include/lab/gates.h): vmcall hands the call to the host, which looks at the symbol.
 */
#include <linux/linkage.h>

	.section ".kprobes.text", "ax"

.macro LAB_GATE name
	.globl \name
	.type \name, @function
	.p2align 4
\name:
	vmcall
	ret
	.size \name, .-\name
.endm

LAB_GATE lab_console_write
LAB_GATE lab_tty_write
LAB_GATE lab_start_cpu
LAB_GATE lab_power_off
LAB_GATE lab_task_exit
LAB_GATE lab_tick
LAB_GATE lab_free_init
LAB_GATE lab_oops
LAB_GATE lab_undefined
LAB_GATE lab_warn
LAB_GATE lab_panic
LAB_GATE lab_sleep_in_atomic

LAB_GATE lab_kallsyms_lookup_name
LAB_GATE lab_sprint_symbol
LAB_GATE lab_lookup_size_offset

LAB_GATE kprobe_next
LAB_GATE kretprobe_next
LAB_GATE optprobe_next
LAB_GATE ftrace_next
LAB_GATE kprobe_fault_next
LAB_GATE lab_kretprobe_missed
LAB_GATE lab_recover_return_address
LAB_GATE kprobe_flush_task
LAB_GATE register_kprobe
LAB_GATE unregister_kprobe
LAB_GATE register_kprobes
LAB_GATE unregister_kprobes
LAB_GATE register_kretprobe
LAB_GATE unregister_kretprobe
LAB_GATE register_kretprobes
LAB_GATE unregister_kretprobes
LAB_GATE register_jprobe
LAB_GATE unregister_jprobe
LAB_GATE register_jprobes
LAB_GATE unregister_jprobes
LAB_GATE jprobe_return
LAB_GATE enable_kprobe
LAB_GATE disable_kprobe
LAB_GATE enable_kretprobe
LAB_GATE disable_kretprobe
LAB_GATE get_kprobe
LAB_GATE kprobe_busy_begin
LAB_GATE kprobe_busy_end
LAB_GATE within_kprobe_blacklist
LAB_GATE kprobe_on_func_entry
LAB_GATE dump_kprobe
LAB_GATE kretprobe_find_ret_addr
LAB_GATE is_kretprobe_trampoline

LAB_GATE lab_module_begin
LAB_GATE lab_module_link
LAB_GATE lab_module_uses
LAB_GATE lab_module_coming
LAB_GATE lab_module_live
LAB_GATE lab_module_going
LAB_GATE lab_module_free

LAB_GATE lab_fs_open
LAB_GATE lab_fs_read
LAB_GATE lab_fs_write
LAB_GATE lab_fs_release
LAB_GATE lab_fs_stat
LAB_GATE lab_fs_readdir
LAB_GATE lab_fs_truncate
LAB_GATE lab_fs_mkdir
LAB_GATE lab_fs_rmdir
LAB_GATE lab_fs_unlink
