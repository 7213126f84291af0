/*
 * Walking a kernel stack by the chain of frame pointers. Entry code leaves an odd frame pointer where a struct pt_regs
 * lies, so the walk goes through interrupts and traps; return probes' trampolines are translated to where the call
 * will really return.
 */
#include <linux/kernel.h>
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/stacktrace.h>
#include <linux/uaccess.h>
#include <lab/gates.h>
#include <asm/stacktrace.h>
#include <asm/switch_to.h>

static bool on_stack(struct unwind_state *state, unsigned long address, unsigned long size)
{
	return address >= state->stack_start && address + size <= state->stack_end && !(address & 7);
}

static bool set_regs(struct unwind_state *state, struct pt_regs *regs)
{
	state->regs = regs;
	state->ip = regs->ip;
	state->bp = regs->bp;
	if (user_mode(regs))
		state->done = true;
	return !state->done;
}

/* Go to the caller's frame. False at the end of the stack. */
bool unwind_next_frame(struct unwind_state *state)
{
	unsigned long *frame = (unsigned long *)state->bp;
	unsigned long address;

	if (state->done)
		return false;
	if (state->bp & 1) {
		struct pt_regs *regs = (struct pt_regs *)(state->bp - 1);

		if (!on_stack(state, (unsigned long)regs, sizeof(*regs)))
			goto end;
		return set_regs(state, regs);
	}
	if (!on_stack(state, state->bp, 16))
		goto end;
	address = lab_recover_return_address(state->task, frame[1], &frame[1]);
	if (!__kernel_text_address(address))
		goto end;
	if (frame[0] && !(frame[0] & 1) && frame[0] <= state->bp)
		goto end; /* frames grow towards the caller, or the chain is broken */
	state->regs = NULL;
	state->ip = address;
	state->bp = frame[0];
	state->stack_start = (unsigned long)frame + 16;
	return true;
end:
	state->done = true;
	return false;
}

/*
 * Start at given registers, at a given frame, or (for another task) where it was switched away from. After this the
 * state describes the first frame, unless it is done at once.
 */
void unwind_start(struct unwind_state *state, struct task_struct *task, struct pt_regs *regs, unsigned long *frame)
{
	unsigned long stack = (unsigned long)task_stack_page(task), sp;

	state->task = task;
	state->regs = NULL;
	state->done = false;
	state->reliable = true;
	sp = regs ? regs->sp : frame ? (unsigned long)frame : task->thread.sp;
	state->stack_start = max(sp & ~7UL, stack); /* of an overflown stack: its end */
	state->stack_end = stack + THREAD_SIZE;
	if (sp + PAGE_SIZE < stack || sp >= state->stack_end) {
		state->stack_start = sp & ~7UL;
		state->stack_end = PAGE_ALIGN(sp + 1); /* an exception's own stack */
	}
	if (regs) {
		state->regs = regs;
		state->ip = regs->ip;
		state->bp = regs->bp;
		state->done = user_mode(regs);
		return;
	}
	if (frame) {
		state->bp = (unsigned long)frame;
		unwind_next_frame(state);
		return;
	}
	if (task == current || task->on_cpu) {
		state->done = true;
		return;
	}
	state->bp = ((struct inactive_task_frame *)sp)->bp;
	state->ip = ((struct inactive_task_frame *)sp)->ret_addr;
}

void arch_stack_walk(stack_trace_consume_fn consume_entry, void *cookie, struct task_struct *task, struct pt_regs *regs)
{
	struct unwind_state state;

	unwind_start(&state, task, regs, task == current && !regs ? __builtin_frame_address(0) : NULL);
	for (; !unwind_done(&state); unwind_next_frame(&state))
		if (!consume_entry(cookie, state.ip))
			break;
}
