/*
 * The kernel log. Each printk makes one record in a ring of fixed size; the record goes to the console at once, and
 * stays for dmesg until newer ones need its place. A record that does not end in a newline can be continued by the
 * task that began it (pr_cont).
 *
 * printk may be called from anywhere, a probe handler included, so it takes nothing but its own spin lock.
 */
#include <linux/capability.h>
#include <linux/kernel.h>
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/printk.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <linux/wait.h>
#include <lab/gates.h>

#define LOG_LINE_MAX 1024
#define LOG_TEXT_SIZE (1 << 17)
#define LOG_RECORDS 4096 /* a power of two */

struct printk_record {
	u64 ts_nsec;
	u64 text_pos;	/* position in the endless text; modulo LOG_TEXT_SIZE it is in the ring */
	unsigned short len;
	u8 level;
	bool open;	/* may still be continued */
	pid_t caller_pid;
};

int console_printk[4] = { 7, 4, 1, 7 };
EXPORT_SYMBOL_GPL(console_printk);
bool ignore_loglevel;

static char log_text[LOG_TEXT_SIZE];
static struct printk_record log_records[LOG_RECORDS];
static u64 log_first_seq, log_next_seq, log_next_pos, syslog_seq, clear_seq;
static raw_spinlock_t logbuf_lock = __RAW_SPIN_LOCK_UNLOCKED(logbuf_lock);
static int logbuf_cpu = -1;
DECLARE_WAIT_QUEUE_HEAD(log_wait);

static struct printk_record *record_at(u64 seq)
{
	return &log_records[seq & (LOG_RECORDS - 1)];
}

/* Copy text into the ring, pushing out the oldest records that are in the way. */
static void log_append(struct printk_record *r, const char *text, unsigned int len)
{
	unsigned int i;

	while (log_first_seq < log_next_seq && record_at(log_first_seq)->text_pos + LOG_TEXT_SIZE < log_next_pos + len)
		log_first_seq++;
	for (i = 0; i < len; i++)
		log_text[(log_next_pos + i) & (LOG_TEXT_SIZE - 1)] = text[i];
	log_next_pos += len;
	r->len += len;
}

/* "\0016message": the level, and how many bytes of prefix there are. */
static int printk_parse_prefix(const char *text, int *level, bool *cont)
{
	int skip = 0;

	while (text[skip] == KERN_SOH_ASCII && text[skip + 1]) {
		char c = text[skip + 1];

		if (c >= '0' && c <= '7')
			*level = c - '0';
		else if (c == 'c')
			*cont = true;
		skip += 2;
	}
	return skip;
}

/*
 * Format and store one record, and hand it to the console. A CPU that faults while it holds the lock (in a bad %s, say)
 * may print again: the lock is skipped then.
 */
int vprintk_emit(int facility, int level, const void *caller, const char *fmt, va_list args)
{
	char buffer[LOG_LINE_MAX];
	const char *text = buffer;
	bool cont = false, newline = false;
	struct printk_record *r;
	unsigned long flags;
	int len, skip, cpu;

	len = vscnprintf(buffer, sizeof(buffer), fmt, args);
	skip = printk_parse_prefix(text, &level, &cont);
	text += skip;
	len -= skip;
	if (level == LOGLEVEL_DEFAULT)
		level = default_message_loglevel;
	if (len > 0 && text[len - 1] == '\n') {
		newline = true;
		len--;
	}

	local_irq_save(flags);
	cpu = raw_smp_processor_id();
	if (logbuf_cpu != cpu) {
		_raw_spin_lock(&logbuf_lock);
		logbuf_cpu = cpu;
	} else {
		cpu = -1;
	}
	r = log_next_seq > log_first_seq ? record_at(log_next_seq - 1) : NULL;
	if (cont && r && r->open && r->caller_pid == current->pid && r->len + len < LOG_LINE_MAX) {
		level = -1;
	} else {
		if (log_next_seq - log_first_seq == LOG_RECORDS)
			log_first_seq++;
		r = record_at(log_next_seq++);
		r->ts_nsec = sched_clock();
		r->text_pos = log_next_pos;
		r->len = 0;
		r->level = level;
		r->caller_pid = current->pid;
	}
	log_append(r, text, len);
	r->open = !newline;
	if (len || level >= 0)
		lab_console_write(level, text, len, caller);
	if (cpu >= 0) {
		logbuf_cpu = -1;
		_raw_spin_unlock(&logbuf_lock);
	}
	local_irq_restore(flags);
	if (!in_interrupt() && !irqs_disabled() && !kprobe_running() && waitqueue_active(&log_wait))
		wake_up_interruptible(&log_wait);
	return len;
}
EXPORT_SYMBOL(vprintk_emit);

int vprintk(const char *fmt, va_list args)
{
	return vprintk_emit(0, LOGLEVEL_DEFAULT, __builtin_return_address(0), fmt, args);
}
EXPORT_SYMBOL(vprintk);

int _printk(const char *fmt, ...)
{
	va_list args;
	int r;

	va_start(args, fmt);
	r = vprintk_emit(0, LOGLEVEL_DEFAULT, __builtin_return_address(0), fmt, args);
	va_end(args);
	return r;
}
EXPORT_SYMBOL(_printk);

/* The first record at or after *seq; its text is a copy that is valid until the next call on this CPU. */
bool printk_read_record(u64 *seq, struct printk_record_view *view)
{
	static char text[LOG_LINE_MAX + 1];
	struct printk_record *r;
	unsigned long flags;
	unsigned int i;
	bool found = false;

	raw_spin_lock_irqsave(&logbuf_lock, flags);
	logbuf_cpu = raw_smp_processor_id();
	if (*seq < log_first_seq)
		*seq = log_first_seq;
	if (*seq < log_next_seq) {
		r = record_at(*seq);
		for (i = 0; i < r->len; i++)
			text[i] = log_text[(r->text_pos + i) & (LOG_TEXT_SIZE - 1)];
		text[r->len] = '\0';
		*view = (struct printk_record_view) {
			.seq = *seq, .ts_nsec = r->ts_nsec, .level = r->level, .text = text, .len = r->len,
		};
		found = true;
	}
	logbuf_cpu = -1;
	raw_spin_unlock_irqrestore(&logbuf_lock, flags);
	return found;
}

/* One record as dmesg shows it: "<6>[    0.000123] text\n". */
static int print_record(const struct printk_record_view *view, char *buf, size_t size)
{
	u64 ts = view->ts_nsec;
	unsigned long nsec = do_div(ts, 1000000000);

	return scnprintf(buf, size, "<%d>[%5lu.%06lu] %s\n", view->level, (unsigned long)ts, nsec / 1000, view->text);
}

/* Copy records from *seq on into user memory, as many as fit. */
static int syslog_print(char __user *buf, int size, u64 *seq)
{
	struct printk_record_view view;
	int len = 0, n;
	char *line = kmalloc(LOG_LINE_MAX + 64, GFP_KERNEL);

	if (!line)
		return -ENOMEM;
	while (printk_read_record(seq, &view)) {
		n = print_record(&view, line, LOG_LINE_MAX + 64);
		if (len + n > size)
			break;
		if (copy_to_user(buf + len, line, n)) {
			len = -EFAULT;
			break;
		}
		len += n;
		++*seq;
	}
	kfree(line);
	return len;
}

/* The last `size` bytes of the log. */
static int syslog_print_all(char __user *buf, int size, bool clear)
{
	struct printk_record_view view;
	char line[64];
	u64 seq = clear_seq, total = 0;
	int len;

	for (; printk_read_record(&seq, &view); seq++)
		total += view.len + scnprintf(line, sizeof(line), "<%d>[%5lu.%06lu] \n", view.level,
					      (unsigned long)(view.ts_nsec / 1000000000), 0UL);
	for (seq = clear_seq; total > size && printk_read_record(&seq, &view); seq++)
		total -= view.len + scnprintf(line, sizeof(line), "<%d>[%5lu.%06lu] \n", view.level,
					      (unsigned long)(view.ts_nsec / 1000000000), 0UL);
	len = syslog_print(buf, size, &seq);
	if (clear)
		clear_seq = log_next_seq;
	return len;
}

enum {
	SYSLOG_ACTION_CLOSE,
	SYSLOG_ACTION_OPEN,
	SYSLOG_ACTION_READ,
	SYSLOG_ACTION_READ_ALL,
	SYSLOG_ACTION_READ_CLEAR,
	SYSLOG_ACTION_CLEAR,
	SYSLOG_ACTION_CONSOLE_OFF,
	SYSLOG_ACTION_CONSOLE_ON,
	SYSLOG_ACTION_CONSOLE_LEVEL,
	SYSLOG_ACTION_SIZE_UNREAD,
	SYSLOG_ACTION_SIZE_BUFFER,
};

int do_syslog(int type, char __user *buf, int len, int source)
{
	static int saved_console_loglevel = LOGLEVEL_DEFAULT;
	int error;

	if (type != SYSLOG_ACTION_READ_ALL && type != SYSLOG_ACTION_SIZE_BUFFER && !capable(CAP_SYSLOG))
		return -EPERM;
	switch (type) {
	case SYSLOG_ACTION_CLOSE:
	case SYSLOG_ACTION_OPEN:
		return 0;
	case SYSLOG_ACTION_READ:
		if (!buf || len < 0)
			return -EINVAL;
		error = wait_event_interruptible(log_wait, syslog_seq < log_next_seq);
		return error ? error : syslog_print(buf, len, &syslog_seq);
	case SYSLOG_ACTION_READ_CLEAR:
	case SYSLOG_ACTION_READ_ALL:
		if (!buf || len < 0)
			return -EINVAL;
		return syslog_print_all(buf, len, type == SYSLOG_ACTION_READ_CLEAR);
	case SYSLOG_ACTION_CLEAR:
		clear_seq = log_next_seq;
		return 0;
	case SYSLOG_ACTION_CONSOLE_OFF:
		if (saved_console_loglevel == LOGLEVEL_DEFAULT)
			saved_console_loglevel = console_loglevel;
		console_loglevel = minimum_console_loglevel;
		return 0;
	case SYSLOG_ACTION_CONSOLE_ON:
		if (saved_console_loglevel != LOGLEVEL_DEFAULT)
			console_loglevel = saved_console_loglevel;
		saved_console_loglevel = LOGLEVEL_DEFAULT;
		return 0;
	case SYSLOG_ACTION_CONSOLE_LEVEL:
		if (len < 1 || len > 8)
			return -EINVAL;
		console_loglevel = max(len, minimum_console_loglevel);
		return 0;
	case SYSLOG_ACTION_SIZE_UNREAD:
		return (int)(log_next_pos - (syslog_seq < log_next_seq ? record_at(syslog_seq)->text_pos : log_next_pos));
	case SYSLOG_ACTION_SIZE_BUFFER:
		return LOG_TEXT_SIZE;
	default:
		return -EINVAL;
	}
}
