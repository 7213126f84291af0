/*
 * The kernel's random numbers: xorshift64* from a constant seed. The machine must do the same thing every time it is
 * run, so nothing here is secret and nothing may rely on it being so.
 */
#include <linux/random.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/syscalls.h>

static DEFINE_SPINLOCK(random_lock);
static u64 random_state = 0x853c49e6748fea9bULL;

u64 get_random_u64(void)
{
	unsigned long flags;
	u64 x;

	spin_lock_irqsave(&random_lock, flags);
	x = random_state;
	x ^= x >> 12;
	x ^= x << 25;
	x ^= x >> 27;
	random_state = x;
	spin_unlock_irqrestore(&random_lock, flags);
	return x * 0x2545f4914f6cdd1dULL;
}
EXPORT_SYMBOL(get_random_u64);

u32 get_random_u32(void)
{
	return get_random_u64() >> 32;
}
EXPORT_SYMBOL(get_random_u32);

void get_random_bytes(void *buf, size_t len)
{
	char *to = buf;

	while (len) {
		u64 value = get_random_u64();
		size_t chunk = len < sizeof(value) ? len : sizeof(value);

		memcpy(to, &value, chunk);
		to += chunk;
		len -= chunk;
	}
}
EXPORT_SYMBOL(get_random_bytes);

SYSCALL_DEFINE3(getrandom, char __user *, ubuf, size_t, len, unsigned int, flags)
{
	size_t done = 0;
	u64 value;

	if (flags & ~7U)
		return -EINVAL;
	while (done < len) {
		size_t chunk = len - done < sizeof(value) ? len - done : sizeof(value);

		value = get_random_u64();
		if (copy_to_user(ubuf + done, &value, chunk))
			return done ? (long)done : -EFAULT;
		done += chunk;
	}
	return done;
}
