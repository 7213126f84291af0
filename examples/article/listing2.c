#include <linux/module.h>
#include <linux/kprobes.h>
#include <linux/sched.h>
static int count = 0;
static int handler_pre(struct kprobe *p, struct pt_regs *regs) {
char *filename = (char *)regs->di;
int flags = (int)regs->si;
printk(KERN_INFO "do_sys_open called with filename=%s, flags=%x\n", filename, flags);
count++;
return 0;
}
static struct kprobe kp = {
.symbol_name = "do_sys_open",
.pre_handler = handler_pre,
};
static int __init mymodule_init(void) {
int ret = register_kprobe(&kp);
if (ret < 0) {
printk(KERN_INFO "register_kprobe failed\n");
return ret;
}
printk(KERN_INFO "kprobe registered\n");
return 0;
}
static void __exit mymodule_exit(void) {
unregister_kprobe(&kp);
printk(KERN_INFO "kprobe unregistered\n");
printk(KERN_INFO "do_sys_open called %d times\n", count);
}
module_init(mymodule_init);
module_exit(mymodule_exit);
MODULE_LICENSE("GPL");
