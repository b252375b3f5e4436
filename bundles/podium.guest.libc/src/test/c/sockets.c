/* TCP over loopback, both sides in this process: a thread serves, or epoll. */
#include "check.h"
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

static char buf[100000];

static int listen_on_loopback(struct sockaddr_in *address)
{
	int s = need(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)), on = 1;
	need(setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on));
	*address = (struct sockaddr_in){ .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	need(bind(s, (void *)address, sizeof *address));
	socklen_t length = sizeof *address;
	need(getsockname(s, (void *)address, &length));
	need(listen(s, 16));
	return s;
}

static int connect_to(const struct sockaddr_in *address)
{
	int s = need(socket(AF_INET, SOCK_STREAM, 0));
	need(connect(s, (void *)address, sizeof *address));
	return s;
}

static void *echo(void *arg)
{
	int listener = *(int *)arg;
	char data[4096];
	for (int i = 0; i < 3; i++) {
		int s = need(accept4(listener, 0, 0, SOCK_CLOEXEC));
		for (ssize_t n; (n = recv(s, data, sizeof data, 0)) > 0; )
			for (ssize_t done = 0; done < n; ) done += need(send(s, data + done, n - done, MSG_NOSIGNAL));
		close(s);
	}
	return 0;
}

static void conversation(void)
{
	struct sockaddr_in address, peer;
	int listener = listen_on_loopback(&address);
	show(address.sin_port != 0);
	pthread_t thread;
	pthread_create(&thread, 0, echo, &listener);

	int s = connect_to(&address);
	socklen_t length = sizeof peer;
	need(getpeername(s, (void *)&peer, &length));
	show(peer.sin_port == address.sin_port);
	show(ntohl(peer.sin_addr.s_addr) == INADDR_LOOPBACK);
	show(length);
	try(send(s, "hello", 5, 0));
	try(recv(s, buf, 5, MSG_PEEK | MSG_WAITALL));
	try(recv(s, buf, 100, 0));
	printf("%.5s\n", buf);
	try(recv(s, buf, 100, MSG_DONTWAIT));
	try(shutdown(s, SHUT_WR));
	try(recv(s, buf, 100, 0));
	try(send(s, "x", 1, MSG_NOSIGNAL));
	close(s);

	/* More than the buffers hold, while the other side reads. */
	s = connect_to(&address);
	need(fcntl(s, F_SETFL, O_NONBLOCK));
	long sent = 0, received = 0, wrong = 0, goal = 1000000;
	while (received < goal) {
		struct pollfd f = { s, POLLIN | (sent < goal ? POLLOUT : 0), 0 };
		need(poll(&f, 1, 5000));
		if (f.revents & POLLOUT && sent < goal) {
			int n = goal - sent < 10000 ? goal - sent : 10000;
			for (int i = 0; i < n; i++) buf[i] = (sent + i) % 251;
			ssize_t w = send(s, buf, n, 0);
			if (w > 0) sent += w;
		}
		if (f.revents & POLLIN) {
			ssize_t r = recv(s, buf, 10000, 0);
			for (int i = 0; i < r; i++) wrong += (unsigned char)buf[i] != (received + i) % 251;
			if (r > 0) received += r;
		}
	}
	show(received);
	show(wrong);
	close(s);

	/* Gathered and scattered. */
	s = connect_to(&address);
	struct iovec out[2] = { { "one ", 4 }, { "two", 3 } };
	struct msghdr m = { .msg_iov = out, .msg_iovlen = 2 };
	try(sendmsg(s, &m, 0));
	char a[2], b[10];
	struct iovec in[2] = { { a, 2 }, { b, 5 } };
	m = (struct msghdr){ .msg_iov = in, .msg_iovlen = 2 };
	try(recvmsg(s, &m, MSG_WAITALL));
	printf("%.2s|%.5s\n", a, b);
	close(s);
	pthread_join(thread, 0);
	close(listener);
}

static void failures(void)
{
	struct sockaddr_in address;
	int listener = listen_on_loopback(&address), s = need(socket(AF_INET, SOCK_STREAM, 0));
	try(bind(s, (void *)&address, sizeof address));
	try(send(s, "x", 1, MSG_NOSIGNAL));
	try(recv(s, buf, 1, 0));
	try(getpeername(s, (void *)&address, &(socklen_t){ sizeof address }));
	try(accept(s, 0, 0));
	try(shutdown(s, SHUT_RD));
	close(listener);
	try(connect(s, (void *)&address, sizeof address));
	close(s);
	s = need(socket(AF_INET, SOCK_STREAM, 0));
	try(connect(s, (void *)&address, 3));
	try(bind(s, (void *)&(struct sockaddr_in){ .sin_family = AF_INET, .sin_addr.s_addr = htonl(0x08080808) }, sizeof address));
	close(s);
	try(socket(AF_INET, 77, 0));
	try(socket(9999, SOCK_STREAM, 0));
	try(listen(0, 1));
	int file = need(open("f", O_CREAT | O_RDWR, 0600));
	try(listen(file, 1));
	try(send(file, "x", 1, 0));
	close(file);
	try(accept(999, 0, 0));
}

static void connecting_without_waiting(void)
{
	struct sockaddr_in address;
	int listener = listen_on_loopback(&address);
	int s = need(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0)), error = -1;
	int r = connect(s, (void *)&address, sizeof address);
	show(r == 0 || errno == EINPROGRESS);
	struct pollfd f = { s, POLLOUT, 0 };
	try(poll(&f, 1, 5000));
	printf("%x\n", f.revents);
	need(getsockopt(s, SOL_SOCKET, SO_ERROR, &error, &(socklen_t){ sizeof error }));
	show(error);
	try(connect(s, (void *)&address, sizeof address));
	close(s);
	close(listener);

	s = need(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0));
	r = connect(s, (void *)&address, sizeof address);
	show(r == -1 && (errno == EINPROGRESS || errno == ECONNREFUSED));
	if (errno == EINPROGRESS) {
		f = (struct pollfd){ s, POLLOUT, 0 };
		need(poll(&f, 1, 5000));
		need(getsockopt(s, SOL_SOCKET, SO_ERROR, &error, &(socklen_t){ sizeof error }));
		show(error == ECONNREFUSED);
	} else {
		show(errno == ECONNREFUSED);
	}
	close(s);
}

/* Ten clients of one server, all in one thread. */
static void event_loop(void)
{
	enum { CLIENTS = 10 };
	struct sockaddr_in address;
	int listener = listen_on_loopback(&address), ep = need(epoll_create1(0)), clients[CLIENTS];
	need(fcntl(listener, F_SETFL, O_NONBLOCK));
	need(epoll_ctl(ep, EPOLL_CTL_ADD, listener, &(struct epoll_event){ EPOLLIN, { .fd = listener } }));
	for (int i = 0; i < CLIENTS; i++) {
		clients[i] = connect_to(&address);
		char text[20];
		need(send(clients[i], text, sprintf(text, "client %d", i), 0));
	}
	int accepted = 0, answered = 0, closed = 0;
	while (closed < CLIENTS) {
		struct epoll_event events[4];
		int n = need(epoll_wait(ep, events, 4, 5000));
		if (!n) break;
		for (int i = 0; i < n; i++) {
			int fd = events[i].data.fd, s;
			if (fd == listener) {
				while ((s = accept4(listener, 0, 0, SOCK_NONBLOCK)) >= 0) {
					accepted++;
					need(epoll_ctl(ep, EPOLL_CTL_ADD, s, &(struct epoll_event){ EPOLLIN | EPOLLRDHUP, { .fd = s } }));
				}
				continue;
			}
			ssize_t r = recv(fd, buf, 100, 0);
			if (r > 0) {
				need(send(fd, buf, r, 0));
				answered++;
			} else if (r == 0) {
				closed++;
				close(fd);
			}
		}
		if (answered == CLIENTS)
			for (int i = 0; i < CLIENTS && clients[i] >= 0; i++) {
				ssize_t r = recv(clients[i], buf, 100, MSG_WAITALL | MSG_DONTWAIT);
				char text[20];
				if (r != sprintf(text, "client %d", i) || memcmp(buf, text, r)) printf("client %d: wrong answer\n", i);
				close(clients[i]);
				clients[i] = -1;
			}
	}
	show(accepted);
	show(answered);
	show(closed);
	close(listener);
	close(ep);
}

static void options(void)
{
	int s = need(socket(AF_INET, SOCK_STREAM, 0)), value = 0;
	socklen_t length = sizeof value;
	need(getsockopt(s, SOL_SOCKET, SO_TYPE, &value, &length));
	show(value == SOCK_STREAM);
	value = 1;
	try(setsockopt(s, IPPROTO_TCP, TCP_NODELAY, &value, sizeof value));
	try(setsockopt(s, SOL_SOCKET, SO_KEEPALIVE, &value, sizeof value));
	value = 0;
	need(getsockopt(s, IPPROTO_TCP, TCP_NODELAY, &value, &length));
	show(value != 0);
	value = 65536;
	try(setsockopt(s, SOL_SOCKET, SO_RCVBUF, &value, sizeof value));
	need(getsockopt(s, SOL_SOCKET, SO_RCVBUF, &value, &length));
	show(value >= 65536);
	try(setsockopt(s, SOL_SOCKET, 9999, &value, sizeof value));
	try(setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &value, 1));
	close(s);
}

static void reset(void)
{
	struct sockaddr_in address;
	int listener = listen_on_loopback(&address), s = connect_to(&address), served = need(accept(listener, 0, 0));
	struct linger hard = { 1, 0 };
	need(setsockopt(served, SOL_SOCKET, SO_LINGER, &hard, sizeof hard));
	close(served);
	try(recv(s, buf, 1, 0));
	signal(SIGPIPE, SIG_IGN);
	try(send(s, "x", 1, 0));
	close(s);
	close(listener);
}

int main(void)
{
	conversation();
	failures();
	connecting_without_waiting();
	event_loop();
	options();
	reset();
	return 0;
}
