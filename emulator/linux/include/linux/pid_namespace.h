/* There is one pid namespace. */
#ifndef _LINUX_PID_NAMESPACE_H
#define _LINUX_PID_NAMESPACE_H

#include <linux/pid.h>
#include <linux/sched.h>

#define task_active_pid_ns(tsk) (&init_pid_ns)
#define task_pid_nr_ns(tsk, ns) task_pid_nr(tsk)
#define task_tgid_nr_ns(tsk, ns) task_tgid_nr(tsk)

#endif
