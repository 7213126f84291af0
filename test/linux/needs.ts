/**
 * What public kprobe modules include and use, as tables: headers, and expressions of the functions, macros, members and
 * globals that they use, each with the type of context that it needs. needs.test.ts compiles and links every one.
 */

/** Headers, without the directory for those of include/linux. */
export const HEADERS = `
kprobes module kernel init sched slab fs version string uaccess proc_fs asm/uaccess seq_file list spinlock time interrupt
limits skbuff kallsyms miscdevice types cdev device hashtable moduleparam netdevice net/ip asm/ptrace delay ip ktime ptrace
rbtree net/udp unistd binfmts cred errno hash jiffies mutex socket syscalls timekeeping net/sock net/tcp printk wait inet
net tcp udp math64 semaphore pci param highmem memory memcontrol mm pagemap sched/signal capability user_namespace uidgid
atomic percpu bio blk_types blkdev genhd kobject sysfs ctype namei filter netlink asm/ioctl asm/insn asm/syscall fs_struct
in compat workqueue kthread timer hrtimer tasklet completion kfifo idr xarray debugfs poll stacktrace notifier kref rcupdate
rculist srcu seqlock llist err bug bitops bitmap ratelimit netfilter netfilter_ipv4 asm/msr asm/special_insns asm/page
asm/processor sched/task sched/mm sched/clock fdtable file path dcache mount nsproxy pid tty kdev_t cpumask smp random
reboot kmod export compiler build_bug container_of minmax overflow log2 sort bsearch gfp vmalloc security`
  .split(/\s+/)
  .filter((name) => name !== '' && name !== 'tasklet');

/** Statements; `p` is a task, `f` a file, `i` an inode, `d` a dentry, `skb`, `sk`, `regs`, `m`, `n`, `text`, `k` as named. */
export const STATEMENTS = `
regs->ax + regs->bx + regs->cx + regs->dx + regs->si + regs->di + regs->bp + regs->sp + regs->ip + regs->flags + regs->orig_ax
regs->r8 + regs->r9 + regs->r10 + regs->r11 + regs->r12 + regs->r13 + regs->r14 + regs->r15 + regs->cs + regs->ss
regs_return_value(regs) + regs_get_kernel_argument(regs, 1) + instruction_pointer(regs) + user_mode(regs)
p->pid + p->tgid + p->comm[0] + p->flags + p->prio + p->static_prio + p->normal_prio + p->rt_priority + p->exit_code
p->exit_signal + p->exit_state + p->maj_flt + p->min_flt + p->nivcsw + p->nvcsw + p->nr_cpus_allowed + p->pdeath_signal
p->recent_used_cpu + p->wake_cpu + p->start_time + p->start_boottime + p->stime + p->utime + p->uid
(long)p->mm + (long)p->real_parent->pid + (long)p->parent + (long)p->fs + (long)p->files + (long)p->io_context
(long)p->real_cred->uid.val + (long)p->cred->euid.val + (long)p->ptracer_cred + (long)p->nsproxy
(long)p->mm->exe_file + (long)p->mm->start_stack + (long)p->mm->mmap_base + (long)p->mm->total_vm
k->nmissed + (long)k->addr + (long)k->symbol_name + k->offset + k->flags + k->opcode
f->f_path.dentry->d_name.name[0] + file_inode(f)->i_ino + (long)f->private_data + f->f_flags + f->f_pos
i->i_mode + i->i_ino + i->i_size + (long)i->i_cdev + i->i_uid.val + S_ISREG(i->i_mode) + MAJOR(i->i_rdev) + MINOR(i->i_rdev)
(long)d->d_inode + (long)d->d_parent + d->d_name.len + d->d_name.hash
skb->len + skb->data_len + skb->protocol + skb->mark + skb->hash + skb->l4_hash + skb->sw_hash + skb->tail + skb->end
(long)skb->head + (long)skb->data + (long)skb->dev + (long)skb->sk + skb_headroom(skb) + (long)skb_mac_header(skb)
ip_hdr(skb)->saddr + ip_hdr(skb)->daddr + ip_hdr(skb)->protocol + udp_hdr(skb)->dest + tcp_hdr(skb)->seq
sk->sk_family + sk->sk_state + sk->sk_daddr + sk->sk_dport + sk->sk_num + sk->sk_rcv_saddr + (long)sk->sk_socket
tcp_sk(sk)->snd_una + inet_sk(sk)->inet_dport + (long)sock_net(sk)
task_pid_nr(p) + task_tgid_nr(p) + smp_processor_id() + in_interrupt() + fatal_signal_pending(p) + jiffies + HZ
jiffies_to_msecs(jiffies) + PAGE_SIZE + LINUX_VERSION_CODE + KERNEL_VERSION(6, 1, 0) + MKDEV(1, 2)
ktime_get_real_ns() + ktime_to_ns(ktime_sub(ktime_get(), ktime_get())) + ktime_get_real_seconds() + div64_long(8, 2)
__kuid_val(current_uid()) + from_kuid(&init_user_ns, current_uid()) + ns_capable(&init_user_ns, CAP_SYS_ADMIN)
(long)current_cred() + (long)current_thread_info() + (long)get_current_tty() + (long)files_fdtable(current->files)
(long)kmalloc(1, GFP_ATOMIC) + (long)kzalloc(1, GFP_KERNEL) + (long)kcalloc(1, 2, GFP_KERNEL) + (long)kstrdup(text, GFP_KERNEL)
kfree(text)
strlen(text) + strcmp(text, text) + strncmp(text, text, 1) + (long)strstr(text, text) + (long)strchr(text, 1) + strnlen(text, 3)
(long)strcpy(text, text) + (long)strncpy(text, text, 1) + (long)strcat(text, text) + strlcat(text, text, 3) + strscpy(text, text, 3)
(long)memcpy(text, text, 1) + (long)memset(text, 0, 1) + memcmp(text, text, 1) + (long)memmove(text, text, 1)
sprintf(text, "%d", 1) + snprintf(text, 4, "x") + scnprintf(text, 4, "x") + sscanf(text, "%d", &n) + kstrtoint(text, 0, &n)
copy_from_user(text, (void __user *)8, 1) + copy_to_user((void __user *)8, text, 1) + strncpy_from_user(text, (char __user *)8, 2)
strnlen_user((char __user *)8, 2) + get_user(n, (int __user *)8) + put_user(n, (int __user *)8)
seq_printf(m, "x")
seq_puts(m, "x")
single_open(f, NULL, NULL) + single_release(i, f) + (long)proc_create("x", 0, NULL, (const struct proc_ops *)NULL)
proc_remove(NULL)
remove_proc_entry("x", NULL)
dump_stack()
msleep(1)
schedule_timeout(1)
synchronize_rcu()
cond_resched()
printk_ratelimit() + (long)d_path(&f->f_path, text, 4) + (long)dentry_path_raw(d, text, 4)
ntohs(1) + htons(1) + ntohl(1) + le16_to_cpu(1) + le32_to_cpu(1)
skb_network_offset(skb) + (long)skb_header_pointer(skb, 0, 4, text) + skb_get_hash(skb) + skb_copy_bits(skb, 0, text, 1)
skb_set_hash(skb, 1, 4)
register_kprobe(k) + enable_kprobe(k) + disable_kprobe(k)
unregister_kprobe(k)
full_name_hash(NULL, text, 1) + hash_long(1, 4) + hash_32(1, 4) + (long)rb_last(NULL) + (long)rb_prev(NULL)
read_cr0() + rdtsc() + test_bit(0, (unsigned long *)text)
set_bit(0, (unsigned long *)text)
stack_trace_save((unsigned long *)text, 1, 0)
stack_trace_save_user((unsigned long *)text, 1) + sprint_symbol(text, 1) + within_module(1, THIS_MODULE)
IS_ERR(text) + IS_ERR_OR_NULL(text) + PTR_ERR(text) + (long)ERR_PTR(-1) + min(1, 2) + min_t(int, 1, 2) + likely(1) + unlikely(0)`
  .trim()
  .split('\n');

/** Functions that modules probe by name, with how a C declaration of them begins; all are text of the kernel. */
export const PROBED = `
__kmalloc schedule do_exit do_fork down_interruptible handle_mm_fault kfree up _do_fork mutex_unlock kallsyms_lookup_name
mutex_lock_nested vfs_read __x64_sys_execve __x64_sys_openat filp_close kernel_clone security_file_open security_inode_rename
security_inode_unlink tcp_recvmsg tcp_v4_connect vfs_open vfs_write __handle_mm_fault __netif_receive_skb __sys_connect
__sys_listen __x64_sys_clone __x64_sys_clone3 __x64_sys_flock __x64_sys_fork __x64_sys_mkdir blk_update_request bprm_execve
commit_creds do_mount do_sys_open do_sys_openat2 do_unlinkat exit_task_namespaces find_get_page ip4_datagram_connect ip_rcv
kill_something_info kmem_cache_alloc kmem_cache_free kmem_cache_create mutex_lock pick_next_task_fair security_bprm_check
security_file_mprotect stack_trace_save stack_trace_save_user submit_bio tcp_sendmsg udp_recvmsg udp_sendmsg umount_tree
wake_up_new_task finish_task_switch __netif_receive_skb_core __x64_sys_mprotect bio_endio`
  .trim()
  .split(/\s+/);
