#ifndef _SYS_SOCKET_H
#define _SYS_SOCKET_H
#include <sys/types.h>
#define AF_UNIX 1
#define AF_INET 2
#define SOCK_STREAM 1
#define SOCK_DGRAM 2
#define SOL_SOCKET 1
#define SO_REUSEADDR 2
#define SHUT_RD 0
#define SHUT_WR 1
#define SHUT_RDWR 2
typedef unsigned short sa_family_t;
struct sockaddr {
	sa_family_t sa_family;
	char sa_data[14];
};
int socket(int domain, int type, int protocol);
int bind(int fd, const struct sockaddr *address, socklen_t length);
int listen(int fd, int backlog);
int accept(int fd, struct sockaddr *address, socklen_t *length);
int connect(int fd, const struct sockaddr *address, socklen_t length);
ssize_t send(int fd, const void *from, size_t length, int flags);
ssize_t recv(int fd, void *to, size_t length, int flags);
ssize_t sendto(int fd, const void *from, size_t length, int flags, const struct sockaddr *to, socklen_t size);
ssize_t recvfrom(int fd, void *to, size_t length, int flags, struct sockaddr *from, socklen_t *size);
int shutdown(int fd, int how);
int setsockopt(int fd, int level, int option, const void *value, socklen_t length);
int getsockname(int fd, struct sockaddr *address, socklen_t *length);
int socketpair(int domain, int type, int protocol, int fds[2]);
#endif
