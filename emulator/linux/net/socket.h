/*
 * What the files of net/ share: addresses on their way from and to user space.
 */
#ifndef _NET_SOCKET_H
#define _NET_SOCKET_H

#include <linux/socket.h>

int move_addr_to_kernel(void __user *uaddr, int ulen, struct sockaddr_storage *kaddr);
int move_addr_to_user(struct sockaddr_storage *kaddr, int klen, void __user *uaddr, int __user *ulen);

#endif
