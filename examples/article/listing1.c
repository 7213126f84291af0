#include <linux/module.h>
#include <linux/kprobes.h>
static int handler_pre(struct kprobe *p, struct pt_regs *regs) {
pr_info("<%s> pre_handler: p->addr = %p, ip = %lx, flags = %lx\n",
p->symbol_name, p->addr, regs->ip, regs->flags);
return 0;
}
static void handler_post(struct kprobe *p, struct pt_regs *regs, unsigned long flags) {
pr_info("<%s> post_handler: p->addr = %p, flags = %lx\n",
p->symbol_name, p->addr, flags);
}
static int handler_fault(struct kprobe *p, struct pt_regs *regs, int trapnr) {
pr_info("fault_handler: p->addr = %p, trap #%d\n", p->addr, trapnr);
return 0;
}
static struct kprobe kp = {
.symbol_name = "do_fork",
.pre_handler = handler_pre,
.post_handler = handler_post,
.fault_handler = handler_fault,
};
static int __init kprobe_init(void) {
int ret = register_kprobe(&kp);
if (ret < 0) {
pr_err("register_kprobe failed, returned %d\n", ret);
return ret;
}
pr_info("Planted kprobe at %p\n", kp.addr);
return 0;
}
static void __exit kprobe_exit(void) {
unregister_kprobe(&kp);
pr_info("kprobe at %p unregistered\n", kp.addr);
}
module_init(kprobe_init);
module_exit(kprobe_exit);
MODULE_LICENSE("GPL");
