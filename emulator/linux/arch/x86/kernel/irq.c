/*
 * Device interrupts: the common way in, and the list of handlers of each line.
 */
#include <linux/interrupt.h>
#include <linux/kernel.h>
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <asm/apic.h>
#include <asm/irq_vectors.h>

struct irqaction *irq_actions[NR_IRQS];
static DEFINE_SPINLOCK(irq_lock);
static DECLARE_BITMAP(irq_disabled, NR_IRQS);
static DEFINE_PER_CPU(unsigned int, irq_counts[NR_IRQS]);

irqreturn_t handle_irq_event(unsigned int irq)
{
	struct irqaction *action;
	irqreturn_t retval = IRQ_NONE;

	for (action = irq_actions[irq]; action; action = action->next)
		retval |= action->handler(irq, action->dev_id);
	return retval;
}

void common_interrupt(struct pt_regs *regs, unsigned long vector)
{
	unsigned int irq = (unsigned int)vector - IRQ0_VECTOR;

	ack_APIC_irq();
	irq_enter();
	(*this_cpu_ptr(&irq_counts))[irq]++;
	if (!test_bit(irq, irq_disabled))
		handle_irq_event(irq);
	irq_exit();
}
NOKPROBE_SYMBOL(common_interrupt);

int request_irq(unsigned int irq, irq_handler_t handler, unsigned long flags, const char *name, void *dev)
{
	struct irqaction *action, **link;
	unsigned long irqflags;

	if (irq >= NR_IRQS || !handler)
		return -EINVAL;
	action = kzalloc(sizeof(*action), GFP_KERNEL);
	if (!action)
		return -ENOMEM;
	action->handler = handler;
	action->dev_id = dev;
	action->irq = irq;
	action->flags = (unsigned int)flags;
	action->name = name;
	spin_lock_irqsave(&irq_lock, irqflags);
	if (irq_actions[irq] && !(irq_actions[irq]->flags & flags & IRQF_SHARED)) {
		spin_unlock_irqrestore(&irq_lock, irqflags);
		kfree(action);
		return -EBUSY;
	}
	for (link = &irq_actions[irq]; *link; link = &(*link)->next)
		;
	*link = action;
	spin_unlock_irqrestore(&irq_lock, irqflags);
	return 0;
}
EXPORT_SYMBOL(request_irq);

const void *free_irq(unsigned int irq, void *dev_id)
{
	struct irqaction **link, *action = NULL;
	const void *name = NULL;
	unsigned long flags;

	if (irq >= NR_IRQS)
		return NULL;
	spin_lock_irqsave(&irq_lock, flags);
	for (link = &irq_actions[irq]; *link; link = &(*link)->next) {
		if ((*link)->dev_id == dev_id) {
			action = *link;
			*link = action->next;
			break;
		}
	}
	spin_unlock_irqrestore(&irq_lock, flags);
	if (action) {
		name = action->name;
		kfree(action);
	}
	return name;
}
EXPORT_SYMBOL(free_irq);

void disable_irq(unsigned int irq)
{
	set_bit(irq, irq_disabled);
}
EXPORT_SYMBOL(disable_irq);

void enable_irq(unsigned int irq)
{
	clear_bit(irq, irq_disabled);
}
EXPORT_SYMBOL(enable_irq);

/* Handlers run with interrupts off on the one CPU that devices are wired to: none is running if we are. */
void synchronize_irq(unsigned int irq)
{
	synchronize_rcu();
}

unsigned int kstat_irqs_cpu(unsigned int irq, int cpu)
{
	return (*per_cpu_ptr(&irq_counts, cpu))[irq];
}

EXPORT_SYMBOL(synchronize_irq);
