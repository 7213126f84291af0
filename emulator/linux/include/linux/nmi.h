/* The soft lockup detector. */
#ifndef LINUX_NMI_H
#define LINUX_NMI_H

#include <linux/types.h>

/* From the tick, and when the scheduler has run: the detector's two ends. */
extern void watchdog_tick(bool user);
extern void watchdog_note_switch(void);

/* "I know that this takes long." */
extern void touch_softlockup_watchdog(void);
#define touch_nmi_watchdog() touch_softlockup_watchdog()

#endif
