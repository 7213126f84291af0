/* Sends itself one datagram. */
#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>

int main(void)
{
	struct sockaddr_in to = { .sin_family = AF_INET };
	int from = socket(AF_INET, SOCK_DGRAM, 0), at = socket(AF_INET, SOCK_DGRAM, 0), sent;
	char text[16];

	to.sin_port = htons(9999);
	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	bind(at, (struct sockaddr *)&to, sizeof(to));
	sent = sendto(from, "hello", 6, 0, (struct sockaddr *)&to, sizeof(to));
	printf("sent %d, received %d\n", sent, (int)recv(at, text, sizeof(text), MSG_DONTWAIT));
	return 0;
}
