/*
 * Sleepable RCU.
 */
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/srcu.h>

int init_srcu_struct(struct srcu_struct *ssp)
{
	*ssp = (struct srcu_struct) { .idx = 0 };
	mutex_init(&ssp->mutex);
	return 0;
}
EXPORT_SYMBOL_GPL(init_srcu_struct);

void cleanup_srcu_struct(struct srcu_struct *ssp)
{
	WARN_ON(atomic_read(&ssp->readers[0]) || atomic_read(&ssp->readers[1]));
}
EXPORT_SYMBOL_GPL(cleanup_srcu_struct);

/*
 * Twice, because a reader may have read the index before the first flip and counted itself in after it: the second
 * round waits for those.
 */
void synchronize_srcu(struct srcu_struct *ssp)
{
	int round;

	might_sleep();
	mutex_lock(&ssp->mutex);
	for (round = 0; round < 2; round++) {
		unsigned int old = ssp->idx & 1;

		WRITE_ONCE(ssp->idx, ssp->idx + 1);
		smp_mb();
		while (atomic_read(&ssp->readers[old]))
			schedule_timeout_uninterruptible(1);
	}
	mutex_unlock(&ssp->mutex);
}
EXPORT_SYMBOL_GPL(synchronize_srcu);
