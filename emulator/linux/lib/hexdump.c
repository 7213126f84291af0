/*
 * Memory as hexadecimal text.
 */
#include <linux/ctype.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/printk.h>

const char hex_asc[] = "0123456789abcdef";
EXPORT_SYMBOL(hex_asc);

int hex_to_bin(unsigned char ch)
{
	if (isdigit(ch))
		return ch - '0';
	ch = tolower(ch);
	return ch >= 'a' && ch <= 'f' ? ch - 'a' + 10 : -1;
}
EXPORT_SYMBOL(hex_to_bin);

/* One line: at most rowsize (16 or 32) bytes in groups of 1, 2, 4 or 8, and what they are as characters. */
int hex_dump_to_buffer(const void *buf, size_t len, int rowsize, int groupsize, char *linebuf, size_t linebuflen, bool ascii)
{
	const u8 *ptr = buf;
	size_t pos = 0, i;
	int j;

	if (rowsize != 16 && rowsize != 32)
		rowsize = 16;
	len = min_t(size_t, len, rowsize);
	if (!is_power_of_2(groupsize) || groupsize > 8 || len % groupsize)
		groupsize = 1;
	for (i = 0; i < len; i += groupsize) {
		pos += scnprintf(linebuf + pos, linebuflen - pos, "%s", i ? " " : "");
		for (j = groupsize - 1; j >= 0; j--)
			pos += scnprintf(linebuf + pos, linebuflen - pos, "%02x", ptr[i + j]);
	}
	if (!ascii)
		return (int)pos;
	while (pos < (size_t)(rowsize * 2 + rowsize / groupsize + 1) && pos + 1 < linebuflen)
		linebuf[pos++] = ' ';
	for (i = 0; i < len && pos + 1 < linebuflen; i++)
		linebuf[pos++] = isprint(ptr[i]) ? (char)ptr[i] : '.';
	linebuf[pos] = '\0';
	return (int)pos;
}
EXPORT_SYMBOL(hex_dump_to_buffer);

void print_hex_dump(const char *level, const char *prefix_str, int prefix_type, int rowsize, int groupsize,
		    const void *buf, size_t len, bool ascii)
{
	const u8 *ptr = buf;
	char linebuf[32 * 3 + 2 + 32 + 1];
	size_t i;

	if (rowsize != 16 && rowsize != 32)
		rowsize = 16;
	for (i = 0; i < len; i += rowsize) {
		hex_dump_to_buffer(ptr + i, min_t(size_t, len - i, rowsize), rowsize, groupsize, linebuf, sizeof(linebuf),
				   ascii);
		switch (prefix_type) {
		case DUMP_PREFIX_ADDRESS:
			printk("%s%s%p: %s\n", level, prefix_str, ptr + i, linebuf);
			break;
		case DUMP_PREFIX_OFFSET:
			printk("%s%s%.8x: %s\n", level, prefix_str, (unsigned int)i, linebuf);
			break;
		default:
			printk("%s%s%s\n", level, prefix_str, linebuf);
		}
	}
}
EXPORT_SYMBOL(print_hex_dump);

void print_hex_dump_bytes(const char *prefix_str, int prefix_type, const void *buf, size_t len)
{
	print_hex_dump(KERN_DEBUG, prefix_str, prefix_type, 16, 1, buf, len, true);
}
EXPORT_SYMBOL(print_hex_dump_bytes);
