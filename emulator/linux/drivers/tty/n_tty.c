/*
 * The line discipline: turns keystrokes into lines that can be edited before a program reads them.
 *
 * In canonical mode a reader gets whole lines, and an empty read for ^D. Erase (DEL, ^H), word erase (^W) and kill
 * (^U) edit the line in the making; ^C and ^\ signal the foreground process group. Without ICANON every byte is there
 * to be read at once.
 */
#include <linux/tty.h>
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/pid.h>
#include <linux/poll.h>
#include <linux/sched.h>
#include <linux/signal.h>
#include <linux/uaccess.h>
#include <linux/ctype.h>

#define MASK	(N_TTY_BUF_SIZE - 1)

static bool l_flag(const struct tty_struct *tty, unsigned int flag)
{
	return (tty->termios.c_lflag & flag) != 0;
}

static void echo(struct tty_struct *tty, const char *text, size_t count)
{
	if (l_flag(tty, ECHO))
		tty->write(tty, text, count);
}

/* Control characters show as ^X. */
static void echo_char(struct tty_struct *tty, char c)
{
	char shown[2] = { '^', c ^ 0x40 };

	if (c == '\n')
		echo(tty, "\r\n", 2);
	else if ((unsigned char)c < ' ' && c != '\t' && l_flag(tty, ECHOCTL))
		echo(tty, shown, 2);
	else
		echo(tty, &c, 1);
}

static bool ends_line(const struct n_tty_data *ldata, unsigned int at)
{
	return (ldata->line_ends[(at & MASK) / 64] >> (at & 63)) & 1;
}

static void put_byte(struct n_tty_data *ldata, char c, bool line_end)
{
	unsigned int at = ldata->read_head;
	unsigned long bit = 1UL << (at & 63);

	if (ldata->read_head - ldata->read_tail >= N_TTY_BUF_SIZE - 1 && !line_end)
		return;		/* a line that long loses its tail */
	if (ldata->read_head - ldata->read_tail >= N_TTY_BUF_SIZE)
		return;
	ldata->read_buf[at & MASK] = c;
	if (line_end)
		ldata->line_ends[(at & MASK) / 64] |= bit;
	else
		ldata->line_ends[(at & MASK) / 64] &= ~bit;
	ldata->read_head++;
}

static void erase_one(struct tty_struct *tty)
{
	struct n_tty_data *ldata = &tty->ldisc_data;

	if (ldata->read_head == ldata->canon_head)
		return;
	ldata->read_head--;
	if (l_flag(tty, ECHOE))
		echo(tty, "\b \b", 3);
}

static void erase_word(struct tty_struct *tty)
{
	struct n_tty_data *ldata = &tty->ldisc_data;
	bool seen = false;

	while (ldata->read_head != ldata->canon_head) {
		char c = ldata->read_buf[(ldata->read_head - 1) & MASK];

		if (isspace(c) && seen)
			break;
		seen |= !isspace(c);
		erase_one(tty);
	}
}

/* A key that stands for a signal: what was typed of the line is forgotten. */
static void isig(struct tty_struct *tty, int sig)
{
	struct n_tty_data *ldata = &tty->ldisc_data;
	struct pid *pgrp = tty->pgrp ? find_vpid(tty->pgrp) : NULL;

	ldata->read_head = ldata->canon_head;
	if (pgrp)
		kill_pgrp(pgrp, sig, 1);
}

static void finish_line(struct tty_struct *tty, char c)
{
	struct n_tty_data *ldata = &tty->ldisc_data;

	put_byte(ldata, c, true);
	ldata->canon_head = ldata->read_head;
}

/* Returns the signal that c asks for, or 0. */
static int n_tty_receive_char(struct tty_struct *tty, char c)
{
	const unsigned char *cc = tty->termios.c_cc;
	unsigned char key = c;

	if (c == '\r' && (tty->termios.c_iflag & ICRNL))
		c = '\n';
	if (l_flag(tty, ISIG) && key && (key == cc[VINTR] || key == cc[VQUIT])) {
		echo_char(tty, c);
		echo(tty, "\r\n", 2);
		return key == cc[VINTR] ? SIGINT : SIGQUIT;
	}
	if (!l_flag(tty, ICANON)) {
		put_byte(&tty->ldisc_data, c, false);
		tty->ldisc_data.canon_head = tty->ldisc_data.read_head;
		echo_char(tty, c);
	} else if (key == cc[VERASE] || key == '\b') {
		erase_one(tty);
	} else if (key == cc[VWERASE]) {
		erase_word(tty);
	} else if (key == cc[VKILL]) {
		while (tty->ldisc_data.read_head != tty->ldisc_data.canon_head)
			erase_one(tty);
	} else if (key == cc[VEOF]) {
		finish_line(tty, '\0');
	} else if (c == '\n') {
		echo_char(tty, c);
		finish_line(tty, c);
	} else {
		echo_char(tty, c);
		put_byte(&tty->ldisc_data, c, false);
	}
	return 0;
}

/* Bytes from the keyboard. May be called from an interrupt. */
noinline void n_tty_receive_buf(struct tty_struct *tty, const char *data, size_t count)
{
	unsigned long flags;

	while (count--) {
		int sig;

		spin_lock_irqsave(&tty->lock, flags);
		sig = n_tty_receive_char(tty, *data++);
		spin_unlock_irqrestore(&tty->lock, flags);
		if (sig)
			isig(tty, sig);
	}
	wake_up_interruptible(&tty->read_wait);
}

static bool input_available(const struct tty_struct *tty)
{
	return tty->ldisc_data.canon_head != tty->ldisc_data.read_tail;
}

/*
 * Takes bytes into buf, in canonical mode at most to the end of a line. Returns how many; *line_done tells that a line
 * has ended.
 */
static size_t take(struct tty_struct *tty, char *buf, size_t room, bool *line_done)
{
	struct n_tty_data *ldata = &tty->ldisc_data;
	unsigned long flags;
	size_t n = 0;

	*line_done = false;
	spin_lock_irqsave(&tty->lock, flags);
	while (n < room && ldata->read_tail != ldata->canon_head && !*line_done) {
		unsigned int at = ldata->read_tail++;
		char c = ldata->read_buf[at & MASK];

		*line_done = ends_line(ldata, at);
		if (*line_done && c == '\0')	/* ^D: the end of the line, and no byte of it */
			break;
		buf[n++] = c;
	}
	spin_unlock_irqrestore(&tty->lock, flags);
	return n;
}

noinline ssize_t n_tty_read(struct tty_struct *tty, struct file *file, char __user *buf, size_t nr)
{
	ssize_t total = 0;
	bool line_done = false;
	char chunk[128];

	if (mutex_lock_interruptible(&tty->atomic_read_lock))
		return -ERESTARTSYS;
	while (!line_done && (size_t)total < nr) {
		size_t n;

		if (!input_available(tty)) {
			if (total)
				break;
			if (file->f_flags & O_NONBLOCK) {
				total = -EAGAIN;
				break;
			}
			if (wait_event_interruptible(tty->read_wait, input_available(tty))) {
				total = -ERESTARTSYS;
				break;
			}
		}
		n = take(tty, chunk, min_t(size_t, nr - total, sizeof(chunk)), &line_done);
		if (copy_to_user(buf + total, chunk, n)) {
			total = total ? total : -EFAULT;
			break;
		}
		total += n;
	}
	mutex_unlock(&tty->atomic_read_lock);
	return total;
}

noinline ssize_t n_tty_write(struct tty_struct *tty, struct file *file, const char __user *buf, size_t nr)
{
	char chunk[256];
	size_t done = 0;

	while (done < nr) {
		size_t n = min_t(size_t, nr - done, sizeof(chunk));

		if (copy_from_user(chunk, buf + done, n))
			return done ? (ssize_t)done : -EFAULT;
		tty->write(tty, chunk, n);
		done += n;
		cond_resched();
	}
	return done;
}

unsigned int n_tty_poll(struct tty_struct *tty, struct file *file, struct poll_table_struct *wait)
{
	poll_wait(file, &tty->read_wait, wait);
	return (input_available(tty) ? EPOLLIN | EPOLLRDNORM : 0) | EPOLLOUT | EPOLLWRNORM;
}
