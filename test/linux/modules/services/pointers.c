/* What %p can be followed by, as Documentation/core-api/printk-formats.rst says; and how lines are put together. */
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/in.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/socket.h>

static noinline void variadic(const char *format, ...)
{
	struct va_format vaf = { .fmt = format };
	va_list args;

	va_start(args, format);
	vaf.va = &args;
	pr_info("[%pV]\n", &vaf);
	va_end(args);
}

static int __init pointers_init(void)
{
	static const u8 mac[] = { 0, 0x1b, 0x2c, 0x3d, 0x4e, 0x5f }, ip4[] = { 10, 0, 200, 7 };
	static const u8 ip6[16] = { 0xfe, 0x80, [14] = 0x12, [15] = 0x34 }, loop[16] = { [15] = 1 };
	static const u8 uuid[16] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 0xff };
	struct sockaddr_in in = { .sin_family = AF_INET, .sin_port = htons(8080), .sin_addr.s_addr = htonl(0x7f000001) };
	unsigned long bits[2] = { 0xf0f1, 1 };
	phys_addr_t physical = 0x1234;
	struct file *file = filp_open("/etc/hostname", O_RDONLY, 0);
	char text[8];
	int i, n;

	pr_info("%ps %pS\n", kfree, kfree + 4);
	pr_info("%pB after the call\n", kfree + 5);
	pr_info("%px %p\n", (void *)0x1234, NULL);
	pr_info("%pI4 %pi4 %pI4h\n", ip4, ip4, ip4);
	pr_info("%pI6 %pi6\n", ip6, loop);
	pr_info("%pI6c %pI6c\n", ip6, loop);
	pr_info("%pIS %pISp %pISpc\n", &in, &in, &in);
	pr_info("%pM %pMF %pMR %pm\n", mac, mac, mac, mac);
	pr_info("%3ph %6phC %6phD %6phN %*ph\n", mac, mac, mac, mac, 2, mac);
	pr_info("%pUb %pUB %pUl\n", uuid, uuid, uuid);
	pr_info("%16pb %*pb %*pbl\n", bits, 65, bits, 65, bits);
	pr_info("%pd %pd2 %pD %pD2\n", file->f_path.dentry, file->f_path.dentry, file, file);
	pr_info("%pe %pe %d\n", ERR_PTR(-ENOMEM), ERR_PTR(-EINTR), PTR_ERR_OR_ZERO(file));
	pr_info("%pa %pK hashed %d\n", &physical, NULL, snprintf(text, sizeof(text), "%p", text) == 16);
	pr_info("%pI4 %pM\n", NULL, (void *)8);
	variadic("%s of %d", "nested", 3);
	filp_close(file, NULL);
	pr_info("a line");
	for (i = 0; i < 3; i++)
		pr_cont(" %d", i);
	pr_cont("\n");
	n = snprintf(text, sizeof(text), "%s", "much too long");
	pr_info("%d %s %d\n", n, text, scnprintf(text, sizeof(text), "much too long"));
	pr_debug("not seen without DEBUG\n");
	for (i = 0; i < 12; i++)
		pr_info_ratelimited("limited %d\n", i);
	printk(KERN_ERR "%s%c%5d|%-5d|%05d|%x|%#x|%lu|%lld|%hhu|%zu|%*d\n", "s", 'c', 1, 2, 3, 255, 255, 4UL, -5LL, (u8)300, sizeof(int),
	       4, 7);
	return 0;
}

static void __exit pointers_exit(void)
{
}

module_init(pointers_init);
module_exit(pointers_exit);
MODULE_LICENSE("GPL");

/* console
 * $ insmod /root/pointers.ko; rmmod pointers
 * kfree kfree+0x4/0x…
 * kfree+0x5/0x… after the call
 * 0000000000001234 0000000000000000
 * 10.0.200.7 010.000.200.007 7.200.0.10
 * fe80:0000:0000:0000:0000:0000:0000:1234 00000000000000000000000000000001
 * fe80::1234 ::1
 * 127.0.0.1 127.0.0.1:8080 127.0.0.1:8080
 * 00:1b:2c:3d:4e:5f 00-1b-2c-3d-4e-5f 5f:4e:3d:2c:1b:00 001b2c3d4e5f
 * 00 1b 2c 00:1b:2c:3d:4e:5f 00-1b-2c-3d-4e-5f 001b2c3d4e5f 00 1b
 * 01020304-0506-0708-090a-0b0c0d0e0fff 01020304-0506-0708-090A-0B0C0D0E0FFF 04030201-0605-0807-090a-0b0c0d0e0fff
 * f0f1 1,00000000,0000f0f1 0,4-7,12-15,64
 * hostname etc/hostname hostname etc/hostname
 * -ENOMEM -EINTR 0
 * 0x0000000000001234 0000000000000000 hashed 1
 * (null) (efault)
 * [nested of 3]
 * a line 0 1 2
 * 13 much to 7
 * limited 0
 * limited 1
 * limited 2
 * limited 3
 * limited 4
 * limited 5
 * limited 6
 * limited 7
 * limited 8
 * limited 9
 * sc    1|2    |00003|ff|0xff|4|-5|44|4|   7
 */
