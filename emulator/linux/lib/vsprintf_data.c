/*
 * %ph, %pM, %pI, %pU and %*pb: bytes, addresses of the network, UUIDs and bit sets.
 */
#include <linux/bitops.h>
#include <linux/kernel.h>
#include <linux/socket.h>
#include <linux/string.h>

#include "vsprintf.h"

char *hex_string(char *buf, char *end, const u8 *addr, struct printf_spec spec, char sep_code)
{
	char separator = sep_code == 'C' ? ':' : sep_code == 'D' ? '-' : sep_code == 'N' ? 0 : ' ';
	int len = spec.field_width > 0 ? min(spec.field_width, 64) : 1, i;

	for (i = 0; i < len; i++) {
		buf = put(buf, end, hex_asc_hi(addr[i]));
		buf = put(buf, end, hex_asc_lo(addr[i]));
		if (separator && i != len - 1)
			buf = put(buf, end, separator);
	}
	return buf;
}

char *mac_address_string(char *buf, char *end, const u8 *addr, struct printf_spec spec, const char *fmt)
{
	char text[18], *p = text;
	bool reversed = fmt[1] == 'R';
	char separator = fmt[1] == 'F' ? '-' : ':';
	int i;

	for (i = 0; i < 6; i++) {
		u8 byte = reversed ? addr[5 - i] : addr[i];

		*p++ = hex_asc_hi(byte);
		*p++ = hex_asc_lo(byte);
		if (fmt[0] == 'M' && i != 5)
			*p++ = separator;
	}
	*p = '\0';
	return string_nocheck(buf, end, text, spec);
}

static char *ip4_text(char *p, const u8 *addr, bool leading_zeros)
{
	int i;

	for (i = 0; i < 4; i++) {
		p += sprintf(p, leading_zeros ? "%03u" : "%u", addr[i]);
		if (i < 3)
			*p++ = '.';
	}
	*p = '\0';
	return p;
}

/* RFC 5952: the longest run of zero groups becomes "::". */
static void ip6_compressed_text(char *p, const u8 *addr)
{
	int longest = 1, at = -1, i, j;

	for (i = 0; i < 8; i++) {
		for (j = i; j < 8 && !addr[2 * j] && !addr[2 * j + 1]; j++)
			;
		if (j - i > longest) {
			longest = j - i;
			at = i;
		}
	}
	for (i = 0; i < 8; i++) {
		if (i == at) {
			*p++ = ':';
			if (i == 0)
				*p++ = ':';
			i += longest - 1;
			if (i < 7 && at != 0)
				continue;
			continue;
		}
		p += sprintf(p, "%x", addr[2 * i] << 8 | addr[2 * i + 1]);
		if (i != 7)
			*p++ = ':';
	}
	*p = '\0';
}

static void ip6_text(char *p, const u8 *addr, bool compressed)
{
	int i;

	if (compressed) {
		ip6_compressed_text(p, addr);
		return;
	}
	for (i = 0; i < 8; i++)
		p += sprintf(p, i ? ":%02x%02x" : "%02x%02x", addr[2 * i], addr[2 * i + 1]);
}

/* A struct sockaddr_in or _in6; 'c' compresses, 'p' adds the port (and brackets around IPv6, as in a URL). */
static char *sockaddr_string(char *buf, char *end, const u8 *sa, struct printf_spec spec, const char *fmt)
{
	bool port = false, compressed = false;
	char text[64], *p = text;
	u16 family = *(const u16 *)sa;

	for (fmt += 2; *fmt == 'p' || *fmt == 'c' || *fmt == 'f' || *fmt == 's' || *fmt == 'h' || *fmt == 'n'; fmt++) {
		port |= *fmt == 'p';
		compressed |= *fmt == 'c';
	}
	if (family == AF_INET) {
		p = ip4_text(p, sa + 4, false);
	} else if (family == AF_INET6) {
		if (port)
			*p++ = '[';
		ip6_text(p, sa + 8, compressed);
		p += strlen(p);
		if (port)
			*p++ = ']';
	} else {
		return string_nocheck(buf, end, "(einval)", spec);
	}
	if (port)
		sprintf(p, ":%u", sa[2] << 8 | sa[3]);
	return string_nocheck(buf, end, text, spec);
}

char *ip_addr_string(char *buf, char *end, const u8 *addr, struct printf_spec spec, const char *fmt)
{
	char text[48], *p = text;
	int i;

	if (fmt[1] == 'S')
		return sockaddr_string(buf, end, addr, spec, fmt);

	if (fmt[1] == '4') {
		const u8 reversed[4] = { addr[3], addr[2], addr[1], addr[0] };

		/* h and l: the number is in the machine's order, little endian. */
		ip4_text(text, fmt[2] == 'h' || fmt[2] == 'l' ? reversed : addr, fmt[0] == 'i');
	} else if (fmt[1] == '6' && fmt[0] == 'I') {
		ip6_text(text, addr, fmt[2] == 'c');
	} else if (fmt[1] == '6') {
		for (i = 0; i < 8; i++) {
			p += sprintf(p, "%02x%02x", addr[2 * i], addr[2 * i + 1]);
		}
		*p = '\0';
	} else {
		return ptr_to_id(buf, end, addr, spec);
	}
	return string_nocheck(buf, end, text, spec);
}

char *uuid_string(char *buf, char *end, const u8 *addr, struct printf_spec spec, char kind)
{
	static const u8 be[16] = { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15 };
	static const u8 le[16] = { 3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15 };
	const u8 *index = kind == 'l' || kind == 'L' ? le : be;
	bool upper = kind == 'L' || kind == 'B';
	char text[37], *p = text;
	int i;

	for (i = 0; i < 16; i++) {
		p += sprintf(p, upper ? "%02X" : "%02x", addr[index[i]]);
		if (i == 3 || i == 5 || i == 7 || i == 9)
			*p++ = '-';
	}
	*p = '\0';
	return string_nocheck(buf, end, text, spec);
}

/* %*pb: hexadecimal words, most significant first; %*pbl: a list of ranges. */
char *bitmap_string(char *buf, char *end, const unsigned long *bitmap, struct printf_spec spec, bool list)
{
	int nr_bits = max(spec.field_width, 0), i, j;
	struct printf_spec hex = { .flags = SMALL | ZEROPAD, .precision = -1, .base = 16 };
	struct printf_spec dec = { .precision = -1, .base = 10, .field_width = -1 };
	bool first = true;

	if (list) {
		for (i = 0; i < nr_bits; i = j) {
			for (; i < nr_bits && !test_bit(i, bitmap); i++)
				;
			for (j = i; j < nr_bits && test_bit(j, bitmap); j++)
				;
			if (i == j)
				break;
			if (!first)
				buf = put(buf, end, ',');
			first = false;
			buf = number(buf, end, i, dec);
			if (j - i > 1) {
				buf = put(buf, end, '-');
				buf = number(buf, end, j - 1, dec);
			}
		}
		return buf;
	}
	for (i = (nr_bits + 31) / 32 - 1; i >= 0; i--) {
		int bits = min(nr_bits - i * 32, 32);
		u32 val = (u32)(bitmap[i / 2] >> (i % 2 * 32));

		if (bits < 32)
			val &= (1U << bits) - 1;
		if (!first)
			buf = put(buf, end, ',');
		first = false;
		hex.field_width = (bits + 3) / 4;
		buf = number(buf, end, val, hex);
	}
	return buf;
}
