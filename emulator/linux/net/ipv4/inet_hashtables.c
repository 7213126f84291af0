/*
 * Finding the sock that a packet is for, and giving out ports.
 *
 * Each protocol has one list of the socks that have a port. A packet goes to the sock that is connected to its sender,
 * or else to the one that is bound to its destination and connected to nobody.
 */
#include <net/inet_sock.h>
#include <linux/errno.h>
#include <linux/list.h>

#define FIRST_LOCAL_PORT 32768
#define LAST_LOCAL_PORT	60999

void inet_hash(struct sock *sk)
{
	struct proto *prot = sk->sk_prot;

	spin_lock_bh(&prot->lock);
	if (hlist_unhashed(&sk->sk_node)) {
		sock_hold(sk);
		hlist_add_head(&sk->sk_node, &prot->hash);
	}
	spin_unlock_bh(&prot->lock);
}

void inet_unhash(struct sock *sk)
{
	struct proto *prot = sk->sk_prot;
	bool was_hashed;

	spin_lock_bh(&prot->lock);
	was_hashed = !hlist_unhashed(&sk->sk_node);
	if (was_hashed)
		hlist_del_init(&sk->sk_node);
	spin_unlock_bh(&prot->lock);
	if (was_hashed)
		sock_put(sk);
}

/* Whether another sock has the port in a way that sk must respect. */
bool inet_port_taken(struct sock *sk, unsigned short port)
{
	struct proto *prot = sk->sk_prot;
	struct sock *other;
	bool taken = false;

	spin_lock_bh(&prot->lock);
	hlist_for_each_entry(other, &prot->hash, sk_node) {
		if (other == sk || other->sk_num != port)
			continue;
		if (sk->sk_rcv_saddr && other->sk_rcv_saddr && sk->sk_rcv_saddr != other->sk_rcv_saddr)
			continue;
		if (sk->sk_reuseport && other->sk_reuseport)
			continue;
		/* SO_REUSEADDR shares a port with everyone but a listener (10 is TCP_LISTEN). */
		if (sk->sk_reuse && other->sk_reuse && other->sk_state != 10)
			continue;
		taken = true;
		break;
	}
	spin_unlock_bh(&prot->lock);
	return taken;
}

/* Gives sk a port that nobody has. Returns 0 or -EADDRINUSE. */
int inet_get_local_port(struct sock *sk)
{
	static unsigned short next = FIRST_LOCAL_PORT;
	unsigned int tries;

	for (tries = 0; tries <= LAST_LOCAL_PORT - FIRST_LOCAL_PORT; tries++) {
		unsigned short port = next;

		next = port == LAST_LOCAL_PORT ? FIRST_LOCAL_PORT : port + 1;
		if (!inet_port_taken(sk, port)) {
			sk->sk_num = port;
			inet_sk(sk)->inet_sport = htons(port);
			return 0;
		}
	}
	return -EADDRINUSE;
}

/* The sock for a packet from saddr:sport to daddr:dport, counted, or NULL. */
noinline struct sock *inet_lookup(struct proto *prot, __be32 saddr, __be16 sport, __be32 daddr, __be16 dport)
{
	struct sock *sk, *best = NULL;
	int best_score = 0;

	spin_lock_bh(&prot->lock);
	hlist_for_each_entry(sk, &prot->hash, sk_node) {
		int score = 1;

		if (sk->sk_num != ntohs(dport))
			continue;
		if (sk->sk_rcv_saddr) {
			if (sk->sk_rcv_saddr != daddr)
				continue;
			score += 1;
		}
		if (sk->sk_dport) {
			if (sk->sk_dport != sport || sk->sk_daddr != saddr)
				continue;
			score += 4;
		}
		if (score > best_score) {
			best = sk;
			best_score = score;
		}
	}
	if (best)
		sock_hold(best);
	spin_unlock_bh(&prot->lock);
	return best;
}
