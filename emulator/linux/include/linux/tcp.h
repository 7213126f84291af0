/*
 * The header of a TCP segment, and what the kernel knows about a connection.
 */
#ifndef _LINUX_TCP_H
#define _LINUX_TCP_H

#include <linux/types.h>
#include <linux/skbuff.h>
#include <net/inet_sock.h>

struct tcphdr {
	__be16 source;
	__be16 dest;
	__be32 seq;
	__be32 ack_seq;
	__u16 res1:4,
	      doff:4,
	      fin:1,
	      syn:1,
	      rst:1,
	      psh:1,
	      ack:1,
	      urg:1,
	      ece:1,
	      cwr:1;
	__be16 window;
	__sum16 check;
	__be16 urg_ptr;
};

static inline struct tcphdr *tcp_hdr(const struct sk_buff *skb)
{
	return (struct tcphdr *)skb_transport_header(skb);
}

static inline unsigned int tcp_hdrlen(const struct sk_buff *skb)
{
	return tcp_hdr(skb)->doff * 4;
}

/* A listening socket's connections, until accept() takes them. */
struct request_sock_queue {
	struct list_head queue;
	unsigned int qlen;		/* established, waiting for accept() */
	unsigned int young;		/* still in the handshake */
};

struct inet_connection_sock {
	struct inet_sock icsk_inet;
	struct request_sock_queue icsk_accept_queue;
	struct list_head icsk_accept_node;	/* in the listener's queue */
	struct sock *icsk_listener;
};

struct tcp_sock {
	struct inet_connection_sock inet_conn;
	u16 tcp_header_len;
	u32 rcv_nxt;		/* what we want to receive next */
	u32 copied_seq;		/* head of yet unread data */
	u32 rcv_wup;		/* rcv_nxt when the last window was announced */
	u32 snd_una;		/* first byte we want an ack for */
	u32 snd_nxt;		/* next sequence we send */
	u32 write_seq;		/* tail of data held in the send queue */
	u32 snd_wnd;		/* the window we expect to receive into at the peer */
	u32 rcv_wnd;		/* current receive window */
	u32 mss_cache;
	u32 segs_in, segs_out;
	u64 bytes_received, bytes_acked, bytes_sent;
};

static inline struct inet_connection_sock *inet_csk(const struct sock *sk)
{
	return (struct inet_connection_sock *)sk;
}

static inline struct tcp_sock *tcp_sk(const struct sock *sk)
{
	return (struct tcp_sock *)sk;
}

#endif
