/*
 * A terminal: a driver that can write, a line discipline that edits lines, and the process groups around it.
 */
#ifndef _LINUX_TTY_H
#define _LINUX_TTY_H

#include <linux/types.h>
#include <linux/mutex.h>
#include <linux/spinlock.h>
#include <linux/wait.h>
#include <linux/kdev_t.h>
#include <linux/termios.h>

struct file;
struct poll_table_struct;

#define N_TTY_BUF_SIZE	4096

/* What the host writes and console_input_interrupt() reads: a ring with free-running indices. */
struct console_input {
	unsigned int head;
	unsigned int tail;
	char buf[4096];
};

extern struct console_input console_input;

struct n_tty_data {
	unsigned int read_head;		/* where the next edited byte goes */
	unsigned int canon_head;	/* end of the last complete line */
	unsigned int read_tail;		/* the reader's position */
	unsigned int column;
	char read_buf[N_TTY_BUF_SIZE];
	unsigned long line_ends[N_TTY_BUF_SIZE / 64];	/* bytes that end a line: a reader stops after one */
};

struct tty_struct {
	char name[64];
	int index;
	dev_t dev;
	struct ktermios termios;
	struct winsize winsize;
	int pgrp;			/* the foreground process group: ^C goes there */
	int session;
	spinlock_t lock;
	struct mutex atomic_read_lock;
	wait_queue_head_t read_wait;
	wait_queue_head_t write_wait;
	struct n_tty_data ldisc_data;
	void (*write)(struct tty_struct *tty, const char *buf, size_t count);
};

extern struct tty_struct console_tty;

void console_input_interrupt(void);
void n_tty_receive_buf(struct tty_struct *tty, const char *data, size_t count);
ssize_t n_tty_read(struct tty_struct *tty, struct file *file, char __user *buf, size_t nr);
ssize_t n_tty_write(struct tty_struct *tty, struct file *file, const char __user *buf, size_t nr);
unsigned int n_tty_poll(struct tty_struct *tty, struct file *file, struct poll_table_struct *wait);
struct tty_struct *get_current_tty(void);
void tty_kref_put(struct tty_struct *tty);

#endif
