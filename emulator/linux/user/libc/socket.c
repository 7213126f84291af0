/*
 * Sockets, and Internet addresses in both byte orders and as text.
 */
#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>
#include "internal.h"

int socket(int domain, int type, int protocol)
{
	return (int)CALL3(socket, domain, type, protocol);
}

int bind(int fd, const struct sockaddr *address, socklen_t length)
{
	return (int)CALL3(bind, fd, address, length);
}

int listen(int fd, int backlog)
{
	return (int)CALL2(listen, fd, backlog);
}

int accept(int fd, struct sockaddr *restrict address, socklen_t *restrict length)
{
	return (int)CALL3(accept, fd, address, length);
}

int connect(int fd, const struct sockaddr *address, socklen_t length)
{
	return (int)CALL3(connect, fd, address, length);
}

ssize_t sendto(int fd, const void *buffer, size_t length, int flags, const struct sockaddr *to, socklen_t tolen)
{
	return CALL6(sendto, fd, buffer, length, flags, to, tolen);
}

ssize_t recvfrom(int fd, void *restrict buffer, size_t length, int flags, struct sockaddr *restrict from,
		 socklen_t *restrict fromlen)
{
	return CALL6(recvfrom, fd, buffer, length, flags, from, fromlen);
}

ssize_t send(int fd, const void *buffer, size_t length, int flags)
{
	return sendto(fd, buffer, length, flags, NULL, 0);
}

ssize_t recv(int fd, void *buffer, size_t length, int flags)
{
	return recvfrom(fd, buffer, length, flags, NULL, NULL);
}

ssize_t sendmsg(int fd, const struct msghdr *message, int flags)
{
	return CALL3(sendmsg, fd, message, flags);
}

ssize_t recvmsg(int fd, struct msghdr *message, int flags)
{
	return CALL3(recvmsg, fd, message, flags);
}

int shutdown(int fd, int how)
{
	return (int)CALL2(shutdown, fd, how);
}

int getsockname(int fd, struct sockaddr *restrict address, socklen_t *restrict length)
{
	return (int)CALL3(getsockname, fd, address, length);
}

int getpeername(int fd, struct sockaddr *restrict address, socklen_t *restrict length)
{
	return (int)CALL3(getpeername, fd, address, length);
}

int setsockopt(int fd, int level, int name, const void *value, socklen_t length)
{
	return (int)CALL5(setsockopt, fd, level, name, value, length);
}

int getsockopt(int fd, int level, int name, void *restrict value, socklen_t *restrict length)
{
	return (int)CALL5(getsockopt, fd, level, name, value, length);
}

uint16_t htons(uint16_t n)
{
	return (uint16_t)((n << 8) | (n >> 8));
}

uint16_t ntohs(uint16_t n)
{
	return htons(n);
}

uint32_t htonl(uint32_t n)
{
	return (n << 24) | ((n & 0xff00) << 8) | ((n >> 8) & 0xff00) | (n >> 24);
}

uint32_t ntohl(uint32_t n)
{
	return htonl(n);
}

/* Four decimal numbers with dots between them. */
int inet_aton(const char *text, struct in_addr *address)
{
	uint32_t value = 0;
	int part;

	for (part = 0; part < 4; part++) {
		char *end;
		unsigned long number = strtoul(text, &end, 10);

		if (end == text || number > 255 || *end != (part < 3 ? '.' : '\0'))
			return 0;
		value = value << 8 | (uint32_t)number;
		text = end + 1;
	}
	address->s_addr = htonl(value);
	return 1;
}

in_addr_t inet_addr(const char *text)
{
	struct in_addr address;

	return inet_aton(text, &address) ? address.s_addr : (in_addr_t)-1;
}

int inet_pton(int family, const char *restrict text, void *restrict address)
{
	return family == AF_INET ? inet_aton(text, address) : -1;
}

char *inet_ntoa(struct in_addr address)
{
	static char text[16];
	const unsigned char *b = (const unsigned char *)&address.s_addr;

	snprintf(text, sizeof(text), "%u.%u.%u.%u", b[0], b[1], b[2], b[3]);
	return text;
}

int accept4(int fd, struct sockaddr *restrict address, socklen_t *restrict length, int flags)
{
	return (int)CALL4(accept4, fd, address, length, flags);
}

int socketpair(int domain, int type, int protocol, int fds[2])
{
	return (int)CALL4(socketpair, domain, type, protocol, fds);
}

/* Which device a name is, 0 for none. */
unsigned int if_nametoindex(const char *name)
{
	struct ifreq request;
	int fd = socket(AF_INET, SOCK_DGRAM, 0), ret;

	if (fd < 0)
		return 0;
	strncpy(request.ifr_name, name, IFNAMSIZ);
	ret = ioctl(fd, SIOCGIFINDEX, &request);
	close(fd);
	return ret < 0 ? 0 : (unsigned int)request.ifr_ifindex;
}
