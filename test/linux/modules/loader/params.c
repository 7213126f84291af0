/* Parameters of every type: from the command line, seen and changed in /sys/module, with a callback of their own. */
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/string.h>

static bool flag;
static bool upside_down;
static unsigned char small = 7;
static short shorty = -3;
static unsigned short ushorty = 3;
static int number = 42;
static unsigned int unumber = 43;
static long longish = -44;
static unsigned long ulongish = 45;
static unsigned long long huge = 46;
static unsigned int mask = 0xff;
static char *word = "none";
static char text[12] = "text";
static int list[4] = { 1, 2, 3, 4 };
static int listed = 2;
static int secret = 5;
static int level = 1;

module_param(flag, bool, 0644);
module_param(upside_down, invbool, 0644);
module_param(small, byte, 0644);
module_param(shorty, short, 0644);
module_param(ushorty, ushort, 0644);
module_param(number, int, 0644);
MODULE_PARM_DESC(number, "Any number");
module_param(unumber, uint, 0644);
module_param(longish, long, 0644);
module_param(ulongish, ulong, 0644);
module_param(huge, ullong, 0644);
module_param(mask, hexint, 0644);
module_param(word, charp, 0644);
module_param_string(line, text, sizeof(text), 0444);
module_param_array(list, int, &listed, 0644);
module_param(secret, int, 0);

static int set_level(const char *val, const struct kernel_param *kp)
{
	int old = level, err = param_set_int(val, kp);

	if (!err && (level < 0 || level > 9)) {
		level = old;
		return -ERANGE;
	}
	pr_info("level %d -> %d\n", old, level);
	return err;
}

static const struct kernel_param_ops level_ops = { .set = set_level, .get = param_get_int };
module_param_cb(level, &level_ops, &level, 0644);

static int __init params_init(void)
{
	pr_info("flag %d upside_down %d small %u secret %d word %s list %d:%d\n", flag, upside_down, small, secret, word, listed,
		list[0]);
	return 0;
}

static void __exit params_exit(void)
{
	pr_info("number %d text %s list %d:%d,%d\n", number, text, listed, list[0], list[1]);
}

module_init(params_init);
module_exit(params_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("All kinds of parameters");
MODULE_AUTHOR("The lab");
MODULE_VERSION("1.2");

/* console
 * $ insmod /root/params.ko flag upside_down=1 small=0x10 secret=6 word="a word" list=9 level=3
 * level 1 -> 3
 * flag 1 upside_down 0 small 16 secret 6 word a word list 1:9
 * $ cd /sys/module/params/parameters; ls | tr '\n' ' '; cat flag upside_down small shorty ushorty number unumber longish ulongish huge mask word line list level
 * flag huge level line list longish mask number shorty small ulongish unumber upside_down ushorty word Y
 * Y
 * 16
 * -3
 * 3
 * 42
 * 43
 * -44
 * 45
 * 46
 * 0x0000ff
 * a word
 * text
 * 9
 * 3
 * $ echo 0 > flag; cat flag; echo 1,2,3 > list; cat list; echo 300 > small; cat small; echo nonsense > number; echo -8 > number; cat number
 * N
 * 1,2,3
 * echo: write error: Numerical result out of range
 * 16
 * echo: write error: Invalid argument
 * -8
 * $ echo 12 > level; echo 4 > level; cat level; echo x > line; cd /root
 * echo: write error: Numerical result out of range
 * level 3 -> 4
 * 4
 * sh: line: Permission denied
 * $ rmmod params
 * number -8 text text list 3:1,2
 * $ insmod /root/params.ko number=many; insmod /root/params.ko line=much_too_long_for_it; insmod /root/params.ko list=1,2,3,4,5
 * params: `many' invalid for parameter `number'
 * insmod: can't insert '/root/params.ko': Invalid parameters
 * line: string doesn't fit in 11 chars.
 * params: `much_too_long_for_it' too large for parameter `line'
 * insmod: can't insert '/root/params.ko': No space left on device
 * list: can only take 4 arguments
 * params: `1,2,3,4,5' invalid for parameter `list'
 * insmod: can't insert '/root/params.ko': Invalid parameters
 * $ insmod /root/params.ko unheard=1; rmmod params
 * params: unknown parameter 'unheard' ignored
 * …
 * $ modinfo /root/params.ko
 * filename:       /root/params.ko
 * …
 */
