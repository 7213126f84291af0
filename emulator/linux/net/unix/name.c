/*
 * The names of sockets of one machine: a file, which is a name only and lives longer than the socket; or, when it begins
 * with a NUL, bytes that exist nowhere else and go with the socket.
 */
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/fs_struct.h>
#include <linux/kernel.h>
#include <linux/mount.h>
#include <linux/namei.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <net/af_unix.h>
#include <net/tcp.h>

#define PATH_OFFSET	(int)offsetof(struct sockaddr_un, sun_path)

static LIST_HEAD(unix_names);

/* Copies a name and ends a path with a NUL. Returns its length as getsockname() tells it, or -EINVAL. */
static int take_name(struct sockaddr_un *name, const struct sockaddr *uaddr, int addr_len)
{
	const struct sockaddr_un *given = (const struct sockaddr_un *)uaddr;

	if (addr_len <= PATH_OFFSET || addr_len > (int)sizeof(*name) || given->sun_family != AF_UNIX)
		return -EINVAL;
	memset(name, 0, sizeof(*name));
	memcpy(name, given, addr_len);
	if (!name->sun_path[0])
		return addr_len;
	return PATH_OFFSET + (int)strnlen(name->sun_path, UNIX_PATH_MAX) + 1;
}

static struct unix_sock *find_abstract(const struct sockaddr_un *name, int len)
{
	struct unix_sock *u;

	list_for_each_entry(u, &unix_names, link)
		if (!u->path.dentry && u->name_len == len && !memcmp(u->name.sun_path, name->sun_path, len - PATH_OFFSET))
			return u;
	return NULL;
}

static struct unix_sock *find_by_inode(const struct inode *inode)
{
	struct unix_sock *u;

	list_for_each_entry(u, &unix_names, link)
		if (u->path.dentry && d_inode(u->path.dentry) == inode)
			return u;
	return NULL;
}

static int bind_abstract(struct unix_sock *u, const struct sockaddr_un *name, int len)
{
	int err = 0;

	spin_lock(&unix_lock);
	if (u->name_len) {
		err = -EINVAL;
	} else if (find_abstract(name, len)) {
		err = -EADDRINUSE;
	} else {
		u->name = *name;
		u->name_len = len;
		list_add(&u->link, &unix_names);
	}
	spin_unlock(&unix_lock);
	return err;
}

static int bind_path(struct unix_sock *u, const struct sockaddr_un *name, int len)
{
	umode_t mode = S_IFSOCK | (S_IRWXUGO & ~current_umask());
	char text[UNIX_PATH_MAX + 1];
	struct dentry *dentry;
	struct path path;
	int err;

	memcpy(text, name->sun_path, UNIX_PATH_MAX);
	text[UNIX_PATH_MAX] = '\0';
	dentry = kern_path_create(AT_FDCWD, text, &path, 0);
	if (IS_ERR(dentry))
		return PTR_ERR(dentry) == -EEXIST ? -EADDRINUSE : PTR_ERR(dentry);
	err = vfs_mknod(mnt_user_ns(path.mnt), d_inode(path.dentry), dentry, mode, 0);
	if (!err) {
		spin_lock(&unix_lock);
		u->path.mnt = mntget(path.mnt);
		u->path.dentry = dget(dentry);
		u->name = *name;
		u->name_len = len;
		list_add(&u->link, &unix_names);
		spin_unlock(&unix_lock);
	}
	done_path_create(&path, dentry);
	return err;
}

int unix_bind(struct socket *sock, struct sockaddr *uaddr, int addr_len)
{
	struct unix_sock *u = unix_sk(sock->sk);
	struct sockaddr_un name;
	int len;

	if (addr_len == PATH_OFFSET && uaddr->sa_family == AF_UNIX)
		return unix_autobind(u);
	len = take_name(&name, uaddr, addr_len);
	if (len < 0)
		return len;
	if (u->name_len)
		return -EINVAL;
	return name.sun_path[0] ? bind_path(u, &name, len) : bind_abstract(u, &name, len);
}

/* Any free name of five hexadecimal digits. */
int unix_autobind(struct unix_sock *u)
{
	static unsigned int next;
	struct sockaddr_un name = { .sun_family = AF_UNIX };
	int err;

	do {
		snprintf(name.sun_path + 1, 6, "%05x", next++ & 0xfffff);
		err = u->name_len ? 0 : bind_abstract(u, &name, PATH_OFFSET + 6);
	} while (err == -EADDRINUSE);
	return err;
}

void unix_unbind(struct unix_sock *u)
{
	struct path path = u->path;

	spin_lock(&unix_lock);
	if (u->name_len)
		list_del(&u->link);
	u->path.dentry = NULL;
	spin_unlock(&unix_lock);
	if (path.dentry)
		path_put(&path);
}

/* The socket of a name, counted. NULL with *err: there is none, or it is of another type. */
struct unix_sock *unix_find_other(const struct sockaddr *uaddr, int addr_len, int type, int *err)
{
	struct path path = { NULL, NULL };
	struct sockaddr_un name;
	struct unix_sock *u;
	char text[UNIX_PATH_MAX + 1];
	int len = take_name(&name, uaddr, addr_len);

	*err = len < 0 ? len : -ECONNREFUSED;
	if (len < 0)
		return NULL;
	if (name.sun_path[0]) {
		memcpy(text, name.sun_path, UNIX_PATH_MAX);
		text[UNIX_PATH_MAX] = '\0';
		*err = kern_path(text, LOOKUP_FOLLOW, &path);
		if (*err)
			return NULL;
		*err = inode_permission(mnt_user_ns(path.mnt), d_inode(path.dentry), MAY_WRITE);
		if (*err) {
			path_put(&path);
			return NULL;
		}
		*err = -ECONNREFUSED;
	}
	spin_lock(&unix_lock);
	u = path.dentry ? find_by_inode(d_inode(path.dentry)) : find_abstract(&name, len);
	if (u && u->sk.sk_type != type) {
		*err = -EPROTOTYPE;
		u = NULL;
	}
	if (u)
		sock_hold(&u->sk);
	spin_unlock(&unix_lock);
	if (path.dentry)
		path_put(&path);
	return u;
}

int unix_getname(struct socket *sock, struct sockaddr *uaddr, int peer)
{
	struct unix_sock *u = unix_sk(sock->sk), *other = NULL;
	struct sockaddr_un *sun = (struct sockaddr_un *)uaddr;
	int len;

	if (peer) {
		other = unix_peer_get(u);
		if (!other)
			return -ENOTCONN;
		u = other;
	}
	spin_lock(&unix_lock);
	*sun = u->name;
	len = u->name_len;
	spin_unlock(&unix_lock);
	if (!len) {
		sun->sun_family = AF_UNIX;
		len = PATH_OFFSET;
	}
	if (other)
		sock_put(&other->sk);
	return len;
}
