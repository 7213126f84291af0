/*
 * TCP: states, sequence arithmetic and the functions of net/ipv4/tcp*.c.
 */
#ifndef _TCP_H
#define _TCP_H

#include <linux/tcp.h>
#include <net/inet_sock.h>
#include <net/ip.h>

enum {
	TCP_ESTABLISHED = 1,
	TCP_SYN_SENT,
	TCP_SYN_RECV,
	TCP_FIN_WAIT1,
	TCP_FIN_WAIT2,
	TCP_TIME_WAIT,
	TCP_CLOSE,
	TCP_CLOSE_WAIT,
	TCP_LAST_ACK,
	TCP_LISTEN,
	TCP_CLOSING,
	TCP_NEW_SYN_RECV,
};

#define TCPF_ESTABLISHED (1 << TCP_ESTABLISHED)
#define TCPF_SYN_SENT	(1 << TCP_SYN_SENT)
#define TCPF_SYN_RECV	(1 << TCP_SYN_RECV)
#define TCPF_FIN_WAIT1	(1 << TCP_FIN_WAIT1)
#define TCPF_FIN_WAIT2	(1 << TCP_FIN_WAIT2)
#define TCPF_CLOSE	(1 << TCP_CLOSE)
#define TCPF_CLOSE_WAIT	(1 << TCP_CLOSE_WAIT)
#define TCPF_LISTEN	(1 << TCP_LISTEN)

#define TCPHDR_FIN	0x01
#define TCPHDR_SYN	0x02
#define TCPHDR_RST	0x04
#define TCPHDR_PSH	0x08
#define TCPHDR_ACK	0x10

/* A segment's place in the stream, in skb->cb while TCP has it. */
struct tcp_skb_cb {
	__u32 seq;
	__u32 end_seq;		/* seq + length + SYN + FIN */
	__u8 tcp_flags;
	__u32 ack_seq;
};

#define TCP_SKB_CB(__skb) ((struct tcp_skb_cb *)&((__skb)->cb[0]))

extern struct proto tcp_prot;

/* Sequence numbers wrap around: they are compared by their distance. */
static inline bool before(__u32 seq1, __u32 seq2)
{
	return (__s32)(seq1 - seq2) < 0;
}
#define after(seq2, seq1) before(seq1, seq2)

/* tcp.c */
int tcp_sendmsg(struct sock *sk, struct msghdr *msg, size_t size);
int tcp_recvmsg(struct sock *sk, struct msghdr *msg, size_t len, int flags, int *addr_len);
void tcp_close(struct sock *sk, long timeout);
void tcp_shutdown(struct sock *sk, int how);
unsigned int tcp_poll(struct file *file, struct socket *sock, struct poll_table_struct *wait);
void tcp_set_state(struct sock *sk, int state);
void tcp_done(struct sock *sk);
int tcp_init_sock(struct sock *sk);

/* tcp_ipv4.c */
int tcp_v4_connect(struct sock *sk, struct sockaddr *uaddr, int addr_len);
int tcp_v4_rcv(struct sk_buff *skb);
int tcp_v4_do_rcv(struct sock *sk, struct sk_buff *skb);
int tcp_conn_request(struct sock *sk, struct sk_buff *skb);
void tcp_v4_send_reset(struct sk_buff *skb);
struct sock *inet_csk_accept(struct sock *sk, int flags, int *err, bool kern);
int inet_csk_listen_start(struct sock *sk);
void inet_csk_listen_stop(struct sock *sk);

/* tcp_input.c */
int tcp_rcv_state_process(struct sock *sk, struct sk_buff *skb);
void tcp_rcv_established(struct sock *sk, struct sk_buff *skb);
void tcp_reset(struct sock *sk, struct sk_buff *skb);

/* tcp_output.c */
int tcp_connect(struct sock *sk);
int __tcp_transmit_skb(struct sock *sk, struct sk_buff *skb);
void tcp_send_ack(struct sock *sk);
void tcp_send_fin(struct sock *sk);
void tcp_send_synack(struct sock *sk);
void tcp_send_active_reset(struct sock *sk, gfp_t priority);
bool tcp_write_xmit(struct sock *sk);
u32 tcp_select_window(struct sock *sk);

#endif
