/*
 * The system call table: number to function. Calls that this kernel does not have answer -ENOSYS (kernel/sys_ni.c).
 */
#include <linux/syscalls.h>
#include <asm/unistd.h>

extern long __x64_sys_ni_syscall(const struct pt_regs *regs);

extern long __x64_sys_read(const struct pt_regs *regs);
extern long __x64_sys_write(const struct pt_regs *regs);
extern long __x64_sys_open(const struct pt_regs *regs);
extern long __x64_sys_close(const struct pt_regs *regs);
extern long __x64_sys_newstat(const struct pt_regs *regs);
extern long __x64_sys_newfstat(const struct pt_regs *regs);
extern long __x64_sys_newlstat(const struct pt_regs *regs);
extern long __x64_sys_poll(const struct pt_regs *regs);
extern long __x64_sys_lseek(const struct pt_regs *regs);
extern long __x64_sys_mmap(const struct pt_regs *regs);
extern long __x64_sys_mprotect(const struct pt_regs *regs);
extern long __x64_sys_munmap(const struct pt_regs *regs);
extern long __x64_sys_brk(const struct pt_regs *regs);
extern long __x64_sys_rt_sigaction(const struct pt_regs *regs);
extern long __x64_sys_rt_sigprocmask(const struct pt_regs *regs);
extern long __x64_sys_rt_sigreturn(const struct pt_regs *regs);
extern long __x64_sys_ioctl(const struct pt_regs *regs);
extern long __x64_sys_pread64(const struct pt_regs *regs);
extern long __x64_sys_pwrite64(const struct pt_regs *regs);
extern long __x64_sys_readv(const struct pt_regs *regs);
extern long __x64_sys_writev(const struct pt_regs *regs);
extern long __x64_sys_access(const struct pt_regs *regs);
extern long __x64_sys_pipe(const struct pt_regs *regs);
extern long __x64_sys_select(const struct pt_regs *regs);
extern long __x64_sys_sched_yield(const struct pt_regs *regs);
extern long __x64_sys_mremap(const struct pt_regs *regs);
extern long __x64_sys_msync(const struct pt_regs *regs);
extern long __x64_sys_mincore(const struct pt_regs *regs);
extern long __x64_sys_madvise(const struct pt_regs *regs);
extern long __x64_sys_dup(const struct pt_regs *regs);
extern long __x64_sys_dup2(const struct pt_regs *regs);
extern long __x64_sys_pause(const struct pt_regs *regs);
extern long __x64_sys_nanosleep(const struct pt_regs *regs);
extern long __x64_sys_getitimer(const struct pt_regs *regs);
extern long __x64_sys_alarm(const struct pt_regs *regs);
extern long __x64_sys_setitimer(const struct pt_regs *regs);
extern long __x64_sys_getpid(const struct pt_regs *regs);
extern long __x64_sys_sendfile(const struct pt_regs *regs);
extern long __x64_sys_socket(const struct pt_regs *regs);
extern long __x64_sys_connect(const struct pt_regs *regs);
extern long __x64_sys_accept(const struct pt_regs *regs);
extern long __x64_sys_sendto(const struct pt_regs *regs);
extern long __x64_sys_recvfrom(const struct pt_regs *regs);
extern long __x64_sys_sendmsg(const struct pt_regs *regs);
extern long __x64_sys_recvmsg(const struct pt_regs *regs);
extern long __x64_sys_shutdown(const struct pt_regs *regs);
extern long __x64_sys_bind(const struct pt_regs *regs);
extern long __x64_sys_listen(const struct pt_regs *regs);
extern long __x64_sys_getsockname(const struct pt_regs *regs);
extern long __x64_sys_getpeername(const struct pt_regs *regs);
extern long __x64_sys_socketpair(const struct pt_regs *regs);
extern long __x64_sys_setsockopt(const struct pt_regs *regs);
extern long __x64_sys_getsockopt(const struct pt_regs *regs);
extern long __x64_sys_clone(const struct pt_regs *regs);
extern long __x64_sys_fork(const struct pt_regs *regs);
extern long __x64_sys_vfork(const struct pt_regs *regs);
extern long __x64_sys_execve(const struct pt_regs *regs);
extern long __x64_sys_exit(const struct pt_regs *regs);
extern long __x64_sys_wait4(const struct pt_regs *regs);
extern long __x64_sys_kill(const struct pt_regs *regs);
extern long __x64_sys_uname(const struct pt_regs *regs);
extern long __x64_sys_fcntl(const struct pt_regs *regs);
extern long __x64_sys_flock(const struct pt_regs *regs);
extern long __x64_sys_fsync(const struct pt_regs *regs);
extern long __x64_sys_fdatasync(const struct pt_regs *regs);
extern long __x64_sys_truncate(const struct pt_regs *regs);
extern long __x64_sys_ftruncate(const struct pt_regs *regs);
extern long __x64_sys_getdents(const struct pt_regs *regs);
extern long __x64_sys_getcwd(const struct pt_regs *regs);
extern long __x64_sys_chdir(const struct pt_regs *regs);
extern long __x64_sys_fchdir(const struct pt_regs *regs);
extern long __x64_sys_rename(const struct pt_regs *regs);
extern long __x64_sys_mkdir(const struct pt_regs *regs);
extern long __x64_sys_rmdir(const struct pt_regs *regs);
extern long __x64_sys_creat(const struct pt_regs *regs);
extern long __x64_sys_link(const struct pt_regs *regs);
extern long __x64_sys_unlink(const struct pt_regs *regs);
extern long __x64_sys_symlink(const struct pt_regs *regs);
extern long __x64_sys_readlink(const struct pt_regs *regs);
extern long __x64_sys_chmod(const struct pt_regs *regs);
extern long __x64_sys_fchmod(const struct pt_regs *regs);
extern long __x64_sys_chown(const struct pt_regs *regs);
extern long __x64_sys_fchown(const struct pt_regs *regs);
extern long __x64_sys_lchown(const struct pt_regs *regs);
extern long __x64_sys_umask(const struct pt_regs *regs);
extern long __x64_sys_gettimeofday(const struct pt_regs *regs);
extern long __x64_sys_getrlimit(const struct pt_regs *regs);
extern long __x64_sys_getrusage(const struct pt_regs *regs);
extern long __x64_sys_sysinfo(const struct pt_regs *regs);
extern long __x64_sys_times(const struct pt_regs *regs);
extern long __x64_sys_getuid(const struct pt_regs *regs);
extern long __x64_sys_syslog(const struct pt_regs *regs);
extern long __x64_sys_getgid(const struct pt_regs *regs);
extern long __x64_sys_setuid(const struct pt_regs *regs);
extern long __x64_sys_setgid(const struct pt_regs *regs);
extern long __x64_sys_geteuid(const struct pt_regs *regs);
extern long __x64_sys_getegid(const struct pt_regs *regs);
extern long __x64_sys_setpgid(const struct pt_regs *regs);
extern long __x64_sys_getppid(const struct pt_regs *regs);
extern long __x64_sys_getpgrp(const struct pt_regs *regs);
extern long __x64_sys_setsid(const struct pt_regs *regs);
extern long __x64_sys_setreuid(const struct pt_regs *regs);
extern long __x64_sys_setregid(const struct pt_regs *regs);
extern long __x64_sys_getgroups(const struct pt_regs *regs);
extern long __x64_sys_setgroups(const struct pt_regs *regs);
extern long __x64_sys_setresuid(const struct pt_regs *regs);
extern long __x64_sys_getresuid(const struct pt_regs *regs);
extern long __x64_sys_setresgid(const struct pt_regs *regs);
extern long __x64_sys_getresgid(const struct pt_regs *regs);
extern long __x64_sys_getpgid(const struct pt_regs *regs);
extern long __x64_sys_setfsuid(const struct pt_regs *regs);
extern long __x64_sys_setfsgid(const struct pt_regs *regs);
extern long __x64_sys_getsid(const struct pt_regs *regs);
extern long __x64_sys_capget(const struct pt_regs *regs);
extern long __x64_sys_capset(const struct pt_regs *regs);
extern long __x64_sys_rt_sigpending(const struct pt_regs *regs);
extern long __x64_sys_rt_sigtimedwait(const struct pt_regs *regs);
extern long __x64_sys_rt_sigqueueinfo(const struct pt_regs *regs);
extern long __x64_sys_rt_sigsuspend(const struct pt_regs *regs);
extern long __x64_sys_sigaltstack(const struct pt_regs *regs);
extern long __x64_sys_utime(const struct pt_regs *regs);
extern long __x64_sys_mknod(const struct pt_regs *regs);
extern long __x64_sys_personality(const struct pt_regs *regs);
extern long __x64_sys_statfs(const struct pt_regs *regs);
extern long __x64_sys_fstatfs(const struct pt_regs *regs);
extern long __x64_sys_getpriority(const struct pt_regs *regs);
extern long __x64_sys_setpriority(const struct pt_regs *regs);
extern long __x64_sys_sched_setparam(const struct pt_regs *regs);
extern long __x64_sys_sched_getparam(const struct pt_regs *regs);
extern long __x64_sys_sched_setscheduler(const struct pt_regs *regs);
extern long __x64_sys_sched_getscheduler(const struct pt_regs *regs);
extern long __x64_sys_sched_get_priority_max(const struct pt_regs *regs);
extern long __x64_sys_sched_get_priority_min(const struct pt_regs *regs);
extern long __x64_sys_sched_rr_get_interval(const struct pt_regs *regs);
extern long __x64_sys_mlock(const struct pt_regs *regs);
extern long __x64_sys_munlock(const struct pt_regs *regs);
extern long __x64_sys_mlockall(const struct pt_regs *regs);
extern long __x64_sys_munlockall(const struct pt_regs *regs);
extern long __x64_sys_prctl(const struct pt_regs *regs);
extern long __x64_sys_arch_prctl(const struct pt_regs *regs);
extern long __x64_sys_setrlimit(const struct pt_regs *regs);
extern long __x64_sys_chroot(const struct pt_regs *regs);
extern long __x64_sys_sync(const struct pt_regs *regs);
extern long __x64_sys_settimeofday(const struct pt_regs *regs);
extern long __x64_sys_mount(const struct pt_regs *regs);
extern long __x64_sys_umount(const struct pt_regs *regs);
extern long __x64_sys_reboot(const struct pt_regs *regs);
extern long __x64_sys_sethostname(const struct pt_regs *regs);
extern long __x64_sys_setdomainname(const struct pt_regs *regs);
extern long __x64_sys_init_module(const struct pt_regs *regs);
extern long __x64_sys_delete_module(const struct pt_regs *regs);
extern long __x64_sys_gettid(const struct pt_regs *regs);
extern long __x64_sys_readahead(const struct pt_regs *regs);
extern long __x64_sys_tkill(const struct pt_regs *regs);
extern long __x64_sys_time(const struct pt_regs *regs);
extern long __x64_sys_futex(const struct pt_regs *regs);
extern long __x64_sys_sched_setaffinity(const struct pt_regs *regs);
extern long __x64_sys_sched_getaffinity(const struct pt_regs *regs);
extern long __x64_sys_epoll_create(const struct pt_regs *regs);
extern long __x64_sys_getdents64(const struct pt_regs *regs);
extern long __x64_sys_set_tid_address(const struct pt_regs *regs);
extern long __x64_sys_restart_syscall(const struct pt_regs *regs);
extern long __x64_sys_fadvise64(const struct pt_regs *regs);
extern long __x64_sys_clock_settime(const struct pt_regs *regs);
extern long __x64_sys_clock_gettime(const struct pt_regs *regs);
extern long __x64_sys_clock_getres(const struct pt_regs *regs);
extern long __x64_sys_clock_nanosleep(const struct pt_regs *regs);
extern long __x64_sys_exit_group(const struct pt_regs *regs);
extern long __x64_sys_epoll_wait(const struct pt_regs *regs);
extern long __x64_sys_epoll_ctl(const struct pt_regs *regs);
extern long __x64_sys_tgkill(const struct pt_regs *regs);
extern long __x64_sys_utimes(const struct pt_regs *regs);
extern long __x64_sys_waitid(const struct pt_regs *regs);
extern long __x64_sys_openat(const struct pt_regs *regs);
extern long __x64_sys_mkdirat(const struct pt_regs *regs);
extern long __x64_sys_mknodat(const struct pt_regs *regs);
extern long __x64_sys_fchownat(const struct pt_regs *regs);
extern long __x64_sys_newfstatat(const struct pt_regs *regs);
extern long __x64_sys_unlinkat(const struct pt_regs *regs);
extern long __x64_sys_renameat(const struct pt_regs *regs);
extern long __x64_sys_linkat(const struct pt_regs *regs);
extern long __x64_sys_symlinkat(const struct pt_regs *regs);
extern long __x64_sys_readlinkat(const struct pt_regs *regs);
extern long __x64_sys_fchmodat(const struct pt_regs *regs);
extern long __x64_sys_faccessat(const struct pt_regs *regs);
extern long __x64_sys_pselect6(const struct pt_regs *regs);
extern long __x64_sys_ppoll(const struct pt_regs *regs);
extern long __x64_sys_set_robust_list(const struct pt_regs *regs);
extern long __x64_sys_splice(const struct pt_regs *regs);
extern long __x64_sys_tee(const struct pt_regs *regs);
extern long __x64_sys_utimensat(const struct pt_regs *regs);
extern long __x64_sys_epoll_pwait(const struct pt_regs *regs);
extern long __x64_sys_signalfd(const struct pt_regs *regs);
extern long __x64_sys_timerfd_create(const struct pt_regs *regs);
extern long __x64_sys_eventfd(const struct pt_regs *regs);
extern long __x64_sys_fallocate(const struct pt_regs *regs);
extern long __x64_sys_timerfd_settime(const struct pt_regs *regs);
extern long __x64_sys_timerfd_gettime(const struct pt_regs *regs);
extern long __x64_sys_accept4(const struct pt_regs *regs);
extern long __x64_sys_signalfd4(const struct pt_regs *regs);
extern long __x64_sys_eventfd2(const struct pt_regs *regs);
extern long __x64_sys_epoll_create1(const struct pt_regs *regs);
extern long __x64_sys_dup3(const struct pt_regs *regs);
extern long __x64_sys_pipe2(const struct pt_regs *regs);
extern long __x64_sys_preadv(const struct pt_regs *regs);
extern long __x64_sys_pwritev(const struct pt_regs *regs);
extern long __x64_sys_rt_tgsigqueueinfo(const struct pt_regs *regs);
extern long __x64_sys_prlimit64(const struct pt_regs *regs);
extern long __x64_sys_syncfs(const struct pt_regs *regs);
extern long __x64_sys_getcpu(const struct pt_regs *regs);
extern long __x64_sys_process_vm_readv(const struct pt_regs *regs);
extern long __x64_sys_finit_module(const struct pt_regs *regs);
extern long __x64_sys_renameat2(const struct pt_regs *regs);
extern long __x64_sys_getrandom(const struct pt_regs *regs);
extern long __x64_sys_memfd_create(const struct pt_regs *regs);
extern long __x64_sys_execveat(const struct pt_regs *regs);
extern long __x64_sys_membarrier(const struct pt_regs *regs);
extern long __x64_sys_mlock2(const struct pt_regs *regs);
extern long __x64_sys_copy_file_range(const struct pt_regs *regs);
extern long __x64_sys_preadv2(const struct pt_regs *regs);
extern long __x64_sys_pwritev2(const struct pt_regs *regs);
extern long __x64_sys_statx(const struct pt_regs *regs);
extern long __x64_sys_clone3(const struct pt_regs *regs);
extern long __x64_sys_close_range(const struct pt_regs *regs);
extern long __x64_sys_openat2(const struct pt_regs *regs);
extern long __x64_sys_faccessat2(const struct pt_regs *regs);
extern long __x64_sys_epoll_pwait2(const struct pt_regs *regs);

const sys_call_ptr_t sys_call_table[NR_syscalls] = {
	[0 ... NR_syscalls - 1] = __x64_sys_ni_syscall,
	[__NR_read] = __x64_sys_read,
	[__NR_write] = __x64_sys_write,
	[__NR_open] = __x64_sys_open,
	[__NR_close] = __x64_sys_close,
	[__NR_stat] = __x64_sys_newstat,
	[__NR_fstat] = __x64_sys_newfstat,
	[__NR_lstat] = __x64_sys_newlstat,
	[__NR_poll] = __x64_sys_poll,
	[__NR_lseek] = __x64_sys_lseek,
	[__NR_mmap] = __x64_sys_mmap,
	[__NR_mprotect] = __x64_sys_mprotect,
	[__NR_munmap] = __x64_sys_munmap,
	[__NR_brk] = __x64_sys_brk,
	[__NR_rt_sigaction] = __x64_sys_rt_sigaction,
	[__NR_rt_sigprocmask] = __x64_sys_rt_sigprocmask,
	[__NR_rt_sigreturn] = __x64_sys_rt_sigreturn,
	[__NR_ioctl] = __x64_sys_ioctl,
	[__NR_pread64] = __x64_sys_pread64,
	[__NR_pwrite64] = __x64_sys_pwrite64,
	[__NR_readv] = __x64_sys_readv,
	[__NR_writev] = __x64_sys_writev,
	[__NR_access] = __x64_sys_access,
	[__NR_pipe] = __x64_sys_pipe,
	[__NR_select] = __x64_sys_select,
	[__NR_sched_yield] = __x64_sys_sched_yield,
	[__NR_mremap] = __x64_sys_mremap,
	[__NR_msync] = __x64_sys_msync,
	[__NR_mincore] = __x64_sys_mincore,
	[__NR_madvise] = __x64_sys_madvise,
	[__NR_dup] = __x64_sys_dup,
	[__NR_dup2] = __x64_sys_dup2,
	[__NR_pause] = __x64_sys_pause,
	[__NR_nanosleep] = __x64_sys_nanosleep,
	[__NR_getitimer] = __x64_sys_getitimer,
	[__NR_alarm] = __x64_sys_alarm,
	[__NR_setitimer] = __x64_sys_setitimer,
	[__NR_getpid] = __x64_sys_getpid,
	[__NR_sendfile] = __x64_sys_sendfile,
	[__NR_socket] = __x64_sys_socket,
	[__NR_connect] = __x64_sys_connect,
	[__NR_accept] = __x64_sys_accept,
	[__NR_sendto] = __x64_sys_sendto,
	[__NR_recvfrom] = __x64_sys_recvfrom,
	[__NR_sendmsg] = __x64_sys_sendmsg,
	[__NR_recvmsg] = __x64_sys_recvmsg,
	[__NR_shutdown] = __x64_sys_shutdown,
	[__NR_bind] = __x64_sys_bind,
	[__NR_listen] = __x64_sys_listen,
	[__NR_getsockname] = __x64_sys_getsockname,
	[__NR_getpeername] = __x64_sys_getpeername,
	[__NR_socketpair] = __x64_sys_socketpair,
	[__NR_setsockopt] = __x64_sys_setsockopt,
	[__NR_getsockopt] = __x64_sys_getsockopt,
	[__NR_clone] = __x64_sys_clone,
	[__NR_fork] = __x64_sys_fork,
	[__NR_vfork] = __x64_sys_vfork,
	[__NR_execve] = __x64_sys_execve,
	[__NR_exit] = __x64_sys_exit,
	[__NR_wait4] = __x64_sys_wait4,
	[__NR_kill] = __x64_sys_kill,
	[__NR_uname] = __x64_sys_uname,
	[__NR_fcntl] = __x64_sys_fcntl,
	[__NR_flock] = __x64_sys_flock,
	[__NR_fsync] = __x64_sys_fsync,
	[__NR_fdatasync] = __x64_sys_fdatasync,
	[__NR_truncate] = __x64_sys_truncate,
	[__NR_ftruncate] = __x64_sys_ftruncate,
	[__NR_getdents] = __x64_sys_getdents,
	[__NR_getcwd] = __x64_sys_getcwd,
	[__NR_chdir] = __x64_sys_chdir,
	[__NR_fchdir] = __x64_sys_fchdir,
	[__NR_rename] = __x64_sys_rename,
	[__NR_mkdir] = __x64_sys_mkdir,
	[__NR_rmdir] = __x64_sys_rmdir,
	[__NR_creat] = __x64_sys_creat,
	[__NR_link] = __x64_sys_link,
	[__NR_unlink] = __x64_sys_unlink,
	[__NR_symlink] = __x64_sys_symlink,
	[__NR_readlink] = __x64_sys_readlink,
	[__NR_chmod] = __x64_sys_chmod,
	[__NR_fchmod] = __x64_sys_fchmod,
	[__NR_chown] = __x64_sys_chown,
	[__NR_fchown] = __x64_sys_fchown,
	[__NR_lchown] = __x64_sys_lchown,
	[__NR_umask] = __x64_sys_umask,
	[__NR_gettimeofday] = __x64_sys_gettimeofday,
	[__NR_getrlimit] = __x64_sys_getrlimit,
	[__NR_getrusage] = __x64_sys_getrusage,
	[__NR_sysinfo] = __x64_sys_sysinfo,
	[__NR_times] = __x64_sys_times,
	[__NR_getuid] = __x64_sys_getuid,
	[__NR_syslog] = __x64_sys_syslog,
	[__NR_getgid] = __x64_sys_getgid,
	[__NR_setuid] = __x64_sys_setuid,
	[__NR_setgid] = __x64_sys_setgid,
	[__NR_geteuid] = __x64_sys_geteuid,
	[__NR_getegid] = __x64_sys_getegid,
	[__NR_setpgid] = __x64_sys_setpgid,
	[__NR_getppid] = __x64_sys_getppid,
	[__NR_getpgrp] = __x64_sys_getpgrp,
	[__NR_setsid] = __x64_sys_setsid,
	[__NR_setreuid] = __x64_sys_setreuid,
	[__NR_setregid] = __x64_sys_setregid,
	[__NR_getgroups] = __x64_sys_getgroups,
	[__NR_setgroups] = __x64_sys_setgroups,
	[__NR_setresuid] = __x64_sys_setresuid,
	[__NR_getresuid] = __x64_sys_getresuid,
	[__NR_setresgid] = __x64_sys_setresgid,
	[__NR_getresgid] = __x64_sys_getresgid,
	[__NR_getpgid] = __x64_sys_getpgid,
	[__NR_setfsuid] = __x64_sys_setfsuid,
	[__NR_setfsgid] = __x64_sys_setfsgid,
	[__NR_getsid] = __x64_sys_getsid,
	[__NR_capget] = __x64_sys_capget,
	[__NR_capset] = __x64_sys_capset,
	[__NR_rt_sigpending] = __x64_sys_rt_sigpending,
	[__NR_rt_sigtimedwait] = __x64_sys_rt_sigtimedwait,
	[__NR_rt_sigqueueinfo] = __x64_sys_rt_sigqueueinfo,
	[__NR_rt_sigsuspend] = __x64_sys_rt_sigsuspend,
	[__NR_sigaltstack] = __x64_sys_sigaltstack,
	[__NR_utime] = __x64_sys_utime,
	[__NR_mknod] = __x64_sys_mknod,
	[__NR_personality] = __x64_sys_personality,
	[__NR_statfs] = __x64_sys_statfs,
	[__NR_fstatfs] = __x64_sys_fstatfs,
	[__NR_getpriority] = __x64_sys_getpriority,
	[__NR_setpriority] = __x64_sys_setpriority,
	[__NR_sched_setparam] = __x64_sys_sched_setparam,
	[__NR_sched_getparam] = __x64_sys_sched_getparam,
	[__NR_sched_setscheduler] = __x64_sys_sched_setscheduler,
	[__NR_sched_getscheduler] = __x64_sys_sched_getscheduler,
	[__NR_sched_get_priority_max] = __x64_sys_sched_get_priority_max,
	[__NR_sched_get_priority_min] = __x64_sys_sched_get_priority_min,
	[__NR_sched_rr_get_interval] = __x64_sys_sched_rr_get_interval,
	[__NR_mlock] = __x64_sys_mlock,
	[__NR_munlock] = __x64_sys_munlock,
	[__NR_mlockall] = __x64_sys_mlockall,
	[__NR_munlockall] = __x64_sys_munlockall,
	[__NR_prctl] = __x64_sys_prctl,
	[__NR_arch_prctl] = __x64_sys_arch_prctl,
	[__NR_setrlimit] = __x64_sys_setrlimit,
	[__NR_chroot] = __x64_sys_chroot,
	[__NR_sync] = __x64_sys_sync,
	[__NR_settimeofday] = __x64_sys_settimeofday,
	[__NR_mount] = __x64_sys_mount,
	[__NR_umount2] = __x64_sys_umount,
	[__NR_reboot] = __x64_sys_reboot,
	[__NR_sethostname] = __x64_sys_sethostname,
	[__NR_setdomainname] = __x64_sys_setdomainname,
	[__NR_init_module] = __x64_sys_init_module,
	[__NR_delete_module] = __x64_sys_delete_module,
	[__NR_gettid] = __x64_sys_gettid,
	[__NR_readahead] = __x64_sys_readahead,
	[__NR_tkill] = __x64_sys_tkill,
	[__NR_time] = __x64_sys_time,
	[__NR_futex] = __x64_sys_futex,
	[__NR_sched_setaffinity] = __x64_sys_sched_setaffinity,
	[__NR_sched_getaffinity] = __x64_sys_sched_getaffinity,
	[__NR_epoll_create] = __x64_sys_epoll_create,
	[__NR_getdents64] = __x64_sys_getdents64,
	[__NR_set_tid_address] = __x64_sys_set_tid_address,
	[__NR_restart_syscall] = __x64_sys_restart_syscall,
	[__NR_fadvise64] = __x64_sys_fadvise64,
	[__NR_clock_settime] = __x64_sys_clock_settime,
	[__NR_clock_gettime] = __x64_sys_clock_gettime,
	[__NR_clock_getres] = __x64_sys_clock_getres,
	[__NR_clock_nanosleep] = __x64_sys_clock_nanosleep,
	[__NR_exit_group] = __x64_sys_exit_group,
	[__NR_epoll_wait] = __x64_sys_epoll_wait,
	[__NR_epoll_ctl] = __x64_sys_epoll_ctl,
	[__NR_tgkill] = __x64_sys_tgkill,
	[__NR_utimes] = __x64_sys_utimes,
	[__NR_waitid] = __x64_sys_waitid,
	[__NR_openat] = __x64_sys_openat,
	[__NR_mkdirat] = __x64_sys_mkdirat,
	[__NR_mknodat] = __x64_sys_mknodat,
	[__NR_fchownat] = __x64_sys_fchownat,
	[__NR_newfstatat] = __x64_sys_newfstatat,
	[__NR_unlinkat] = __x64_sys_unlinkat,
	[__NR_renameat] = __x64_sys_renameat,
	[__NR_linkat] = __x64_sys_linkat,
	[__NR_symlinkat] = __x64_sys_symlinkat,
	[__NR_readlinkat] = __x64_sys_readlinkat,
	[__NR_fchmodat] = __x64_sys_fchmodat,
	[__NR_faccessat] = __x64_sys_faccessat,
	[__NR_pselect6] = __x64_sys_pselect6,
	[__NR_ppoll] = __x64_sys_ppoll,
	[__NR_set_robust_list] = __x64_sys_set_robust_list,
	[__NR_splice] = __x64_sys_splice,
	[__NR_tee] = __x64_sys_tee,
	[__NR_utimensat] = __x64_sys_utimensat,
	[__NR_epoll_pwait] = __x64_sys_epoll_pwait,
	[__NR_signalfd] = __x64_sys_signalfd,
	[__NR_timerfd_create] = __x64_sys_timerfd_create,
	[__NR_eventfd] = __x64_sys_eventfd,
	[__NR_fallocate] = __x64_sys_fallocate,
	[__NR_timerfd_settime] = __x64_sys_timerfd_settime,
	[__NR_timerfd_gettime] = __x64_sys_timerfd_gettime,
	[__NR_accept4] = __x64_sys_accept4,
	[__NR_signalfd4] = __x64_sys_signalfd4,
	[__NR_eventfd2] = __x64_sys_eventfd2,
	[__NR_epoll_create1] = __x64_sys_epoll_create1,
	[__NR_dup3] = __x64_sys_dup3,
	[__NR_pipe2] = __x64_sys_pipe2,
	[__NR_preadv] = __x64_sys_preadv,
	[__NR_pwritev] = __x64_sys_pwritev,
	[__NR_rt_tgsigqueueinfo] = __x64_sys_rt_tgsigqueueinfo,
	[__NR_prlimit64] = __x64_sys_prlimit64,
	[__NR_syncfs] = __x64_sys_syncfs,
	[__NR_getcpu] = __x64_sys_getcpu,
	[__NR_process_vm_readv] = __x64_sys_process_vm_readv,
	[__NR_finit_module] = __x64_sys_finit_module,
	[__NR_renameat2] = __x64_sys_renameat2,
	[__NR_getrandom] = __x64_sys_getrandom,
	[__NR_memfd_create] = __x64_sys_memfd_create,
	[__NR_execveat] = __x64_sys_execveat,
	[__NR_membarrier] = __x64_sys_membarrier,
	[__NR_mlock2] = __x64_sys_mlock2,
	[__NR_copy_file_range] = __x64_sys_copy_file_range,
	[__NR_preadv2] = __x64_sys_preadv2,
	[__NR_pwritev2] = __x64_sys_pwritev2,
	[__NR_statx] = __x64_sys_statx,
	[__NR_clone3] = __x64_sys_clone3,
	[__NR_close_range] = __x64_sys_close_range,
	[__NR_openat2] = __x64_sys_openat2,
	[__NR_faccessat2] = __x64_sys_faccessat2,
	[__NR_epoll_pwait2] = __x64_sys_epoll_pwait2,
};
