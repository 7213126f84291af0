/* Probes in many places that modules name, each with the way there: registered, and hit when the console works. */
#include <linux/interrupt.h>
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/smp.h>

static const char *const places[] = {
	"do_mount", "umount_tree", "kmem_cache_create", "vfs_mkdir", "__x64_sys_mkdir", "__x64_sys_clone", "__x64_sys_fork",
	"__x64_sys_flock", "kill_something_info", "commit_creds", "find_get_page", "kmem_cache_alloc", "kmem_cache_free",
	"finish_task_switch", "do_sys_open", "vfs_unlink", "exit_task_namespaces", "security_bprm_check", "do_fork", "mutex_lock",
	"free_nsproxy", "unix_stream_connect", "ip4_datagram_connect", "blk_update_request", "submit_bio",
};
static struct kprobe probes[ARRAY_SIZE(places)];
static atomic_t hits[ARRAY_SIZE(places)];
static int in_irq_context;

static int hit(struct kprobe *p, struct pt_regs *regs)
{
	atomic_inc(&hits[p - probes]);
	if (in_interrupt() && printk_ratelimit())
		in_irq_context++;
	return 0;
}

static int __init quiet_corners_init(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(places); i++) {
		int err;

		probes[i].symbol_name = places[i];
		probes[i].pre_handler = hit;
		err = register_kprobe(&probes[i]);
		if (err)
			pr_info("%s: %d on cpu %d\n", places[i], err, smp_processor_id() < 8);
	}
	return 0;
}

static void __exit quiet_corners_exit(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(places); i++) {
		if (probes[i].addr)
			unregister_kprobe(&probes[i]);
		if (!atomic_read(&hits[i]))
			pr_info("%s: never\n", places[i]);
	}
}

module_init(quiet_corners_init);
module_exit(quiet_corners_exit);
MODULE_LICENSE("GPL");

