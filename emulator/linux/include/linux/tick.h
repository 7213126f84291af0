/* The scheduler's heartbeat, and its absence while a CPU is idle. */
#ifndef _LINUX_TICK_H
#define _LINUX_TICK_H

#include <linux/types.h>

struct pt_regs;
extern void tick_init(void);
extern void tick_setup_cpu(void);
extern void tick_handle(struct pt_regs *regs);
extern void tick_nohz_idle_stop_tick(void);
extern void tick_nohz_idle_restart_tick(void);
extern void tick_program_event(void);
extern void update_process_times(int user_tick);

#endif
