/*
 * The console's driver: what the host types arrives through a ring and an interrupt, what programs write goes out
 * through a gate.
 */
#include <linux/tty.h>
#include <linux/kernel.h>
#include <linux/spinlock.h>
#include <linux/wait.h>
#include <lab/gates.h>

struct console_input console_input;

static void console_write_text(struct tty_struct *tty, const char *buf, size_t count)
{
	lab_tty_write(buf, count);
}

struct tty_struct console_tty = {
	.name = "console",
	.dev = MKDEV(5, 1),
	.termios = {
		.c_iflag = ICRNL | IXON,
		.c_oflag = OPOST | ONLCR,
		.c_cflag = B38400 | CS8 | CREAD,
		/* No ECHO: whoever types at the host's console already sees it. */
		.c_lflag = ISIG | ICANON | ECHOE | ECHOK | ECHOCTL | IEXTEN,
		.c_cc = {
			[VINTR] = 'C' & 0x1f,
			[VQUIT] = '\\' & 0x1f,
			[VERASE] = 0x7f,
			[VKILL] = 'U' & 0x1f,
			[VEOF] = 'D' & 0x1f,
			[VMIN] = 1,
			[VWERASE] = 'W' & 0x1f,
		},
	},
	.winsize = { .ws_row = 24, .ws_col = 80 },
	.lock = __SPIN_LOCK_UNLOCKED(console_tty.lock),
	.atomic_read_lock = __MUTEX_INITIALIZER(console_tty.atomic_read_lock),
	.read_wait = __WAIT_QUEUE_HEAD_INITIALIZER(console_tty.read_wait),
	.write_wait = __WAIT_QUEUE_HEAD_INITIALIZER(console_tty.write_wait),
	.write = console_write_text,
};

/* The handler of the console's interrupt: drains the ring into the line discipline. */
void console_input_interrupt(void)
{
	while (READ_ONCE(console_input.tail) != READ_ONCE(console_input.head)) {
		char c = console_input.buf[console_input.tail % sizeof(console_input.buf)];

		console_input.tail++;
		n_tty_receive_buf(&console_tty, &c, 1);
	}
}
