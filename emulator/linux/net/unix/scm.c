/*
 * What travels with a message between processes of one machine: open files, and who has sent it.
 *
 * A socket that is in flight to itself is never found and freed: there is no collector of such cycles.
 */
#include <linux/cred.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/pid.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <net/af_unix.h>

/* The end of a packet, read or not. */
void unix_destruct_scm(struct sk_buff *skb)
{
	struct scm_fp_list *fp = UNIXCB(skb).fp;
	int i;

	atomic_sub(skb->truesize, &skb->sk->sk_rmem_alloc);
	for (i = 0; fp && i < fp->count; i++)
		if (fp->fp[i])
			fput(fp->fp[i]);
	kfree(fp);
	if (UNIXCB(skb).from)
		sock_put(&UNIXCB(skb).from->sk);
}

static int take_files(struct sk_buff *skb, const int __user *fds, int count)
{
	struct scm_fp_list *fp = UNIXCB(skb).fp;
	int i, fd;

	if (!fp) {
		fp = kzalloc(sizeof(*fp), GFP_KERNEL);
		if (!fp)
			return -ENOMEM;
		UNIXCB(skb).fp = fp;
	}
	if (fp->count + count > SCM_MAX_FD)
		return -EINVAL;
	for (i = 0; i < count; i++) {
		if (get_user(fd, fds + i))
			return -EFAULT;
		fp->fp[fp->count] = fget_raw(fd);
		if (!fp->fp[fp->count])
			return -EBADF;
		fp->count++;
	}
	return 0;
}

static int take_creds(struct sk_buff *skb, const struct ucred __user *ucred)
{
	struct ucred creds;

	if (copy_from_user(&creds, ucred, sizeof(creds)))
		return -EFAULT;
	if ((creds.pid != task_tgid_vnr(current) || creds.uid != __kuid_val(current_uid()) ||
	     creds.gid != __kgid_val(current_gid())) && !capable(CAP_SYS_ADMIN))
		return -EPERM;
	UNIXCB(skb).creds = creds;
	return 0;
}

/* Attaches what the sender's control messages say to a packet. */
int scm_send(struct sk_buff *skb, const struct msghdr *msg)
{
	const char __user *at = msg->msg_control;
	size_t left = at ? msg->msg_controllen : 0;
	int err = 0;

	UNIXCB(skb).creds = (struct ucred) { task_tgid_vnr(current), __kuid_val(current_uid()), __kgid_val(current_gid()) };
	while (!err && left >= sizeof(struct cmsghdr)) {
		struct cmsghdr cmsg;
		size_t space;

		if (copy_from_user(&cmsg, at, sizeof(cmsg)))
			return -EFAULT;
		if (cmsg.cmsg_len < sizeof(cmsg) || cmsg.cmsg_len > left)
			return -EINVAL;
		if (cmsg.cmsg_level != SOL_SOCKET)
			err = 0;
		else if (cmsg.cmsg_type == SCM_RIGHTS)
			err = take_files(skb, (const int __user *)(at + sizeof(cmsg)), (cmsg.cmsg_len - sizeof(cmsg)) / sizeof(int));
		else if (cmsg.cmsg_type == SCM_CREDENTIALS && cmsg.cmsg_len == sizeof(cmsg) + sizeof(struct ucred))
			err = take_creds(skb, (const struct ucred __user *)(at + sizeof(cmsg)));
		else
			err = -EINVAL;
		space = ALIGN(cmsg.cmsg_len, sizeof(long));
		at += space;
		left = left > space ? left - space : 0;
	}
	return err;
}

/* One control message into the receiver's room; what does not fit is cut, and the message says so. */
static void put_cmsg(struct msghdr *msg, int type, size_t len, const void *data)
{
	struct cmsghdr cmsg = { .cmsg_len = sizeof(cmsg) + len, .cmsg_level = SOL_SOCKET, .cmsg_type = type };
	size_t space;

	if (!msg->msg_control || msg->msg_controllen < sizeof(cmsg)) {
		msg->msg_flags |= MSG_CTRUNC;
		return;
	}
	if (cmsg.cmsg_len > msg->msg_controllen) {
		msg->msg_flags |= MSG_CTRUNC;
		cmsg.cmsg_len = msg->msg_controllen;
	}
	if (copy_to_user(msg->msg_control, &cmsg, sizeof(cmsg)) ||
	    copy_to_user(msg->msg_control + sizeof(cmsg), data, cmsg.cmsg_len - sizeof(cmsg)))
		return;
	space = min_t(size_t, ALIGN(cmsg.cmsg_len, sizeof(long)), msg->msg_controllen);
	msg->msg_control += space;
	msg->msg_controllen -= space;
}

/* The files become descriptors of the receiver, as many as it has room for; the others are closed. */
static void put_files(struct msghdr *msg, struct scm_fp_list *fp, int flags)
{
	int room = msg->msg_control && msg->msg_controllen > sizeof(struct cmsghdr) ?
		   (int)((msg->msg_controllen - sizeof(struct cmsghdr)) / sizeof(int)) : 0;
	int count = 0, i;
	int *fds = kmalloc_array(SCM_MAX_FD, sizeof(int), GFP_KERNEL);

	for (i = 0; fds && i < fp->count && count < room; i++) {
		int fd = get_unused_fd_flags((flags & MSG_CMSG_CLOEXEC) ? O_CLOEXEC : 0);

		if (fd < 0)
			break;
		fd_install(fd, get_file(fp->fp[i]));
		fds[count++] = fd;
	}
	if (count < fp->count)
		msg->msg_flags |= MSG_CTRUNC;
	if (count)
		put_cmsg(msg, SCM_RIGHTS, count * sizeof(int), fds);
	kfree(fds);
}

void scm_recv(struct socket *sock, struct msghdr *msg, struct sk_buff *skb, int flags)
{
	struct scm_fp_list *fp = UNIXCB(skb).fp;

	if (sock->sk->sk_flags & SK_PASSCRED)
		put_cmsg(msg, SCM_CREDENTIALS, sizeof(struct ucred), &UNIXCB(skb).creds);
	if (!fp)
		return;
	put_files(msg, fp, flags);
	if (flags & MSG_PEEK)
		return;
	UNIXCB(skb).fp = NULL;
	while (fp->count > 0)
		fput(fp->fp[--fp->count]);
	kfree(fp);
}
