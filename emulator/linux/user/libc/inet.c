/* Network byte order and dotted addresses. */
#include <arpa/inet.h>
#include <stdio.h>

uint16_t htons(uint16_t value) { return value << 8 | value >> 8; }
uint16_t ntohs(uint16_t value) { return htons(value); }
uint32_t htonl(uint32_t value) { return __builtin_bswap32(value); }
uint32_t ntohl(uint32_t value) { return htonl(value); }

in_addr_t inet_addr(const char *text)
{
	unsigned int a, b, c, d;

	if (sscanf(text, "%u.%u.%u.%u", &a, &b, &c, &d) != 4 || (a | b | c | d) > 255)
		return -1;
	return htonl(a << 24 | b << 16 | c << 8 | d);
}
