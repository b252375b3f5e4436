/* The corners of sockets: ends, resets, readiness, names, options; loopback and AF_UNIX. */
#include "check.h"
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static char buf[300000];
static int pipes;

static void on_pipe(int signal) { (void)signal; pipes++; }

static struct sockaddr_in loopback(int port)
{
	return (struct sockaddr_in){ .sin_family = AF_INET, .sin_port = htons(port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
}

static int port_of(int s)
{
	struct sockaddr_storage a;
	socklen_t length = sizeof a;
	need(getsockname(s, (void *)&a, &length));
	return ntohs(((struct sockaddr_in *)&a)->sin_port);
}

static int bound(int type, int port)
{
	int s = need(socket(AF_INET, type, 0));
	struct sockaddr_in a = loopback(port);
	need(bind(s, (void *)&a, sizeof a));
	return s;
}

static int connect4(int s, int port)
{
	struct sockaddr_in a = loopback(port);
	return connect(s, (void *)&a, sizeof a);
}

static int error_of(int s)
{
	int error = -1;
	socklen_t length = sizeof error;
	need(getsockopt(s, SOL_SOCKET, SO_ERROR, &error, &length));
	return error;
}

static int option(int s, int level, int name)
{
	int value = -1;
	socklen_t length = sizeof value;
	if (getsockopt(s, level, name, &value, &length)) return -errno;
	return value;
}

static int set(int s, int level, int name, int value)
{
	return setsockopt(s, level, name, &value, sizeof value);
}

/* Readiness, a letter each: in out error hangup, r for the peer's end. */
static const char *ready(int s)
{
	static char text[8][8];
	static int turn;
	struct pollfd p = { s, POLLIN | POLLOUT | POLLRDHUP, 0 };
	char *t = text[turn++ & 7];
	poll(&p, 1, 50);
	sprintf(t, "%s%s%s%s%s", p.revents & POLLIN ? "i" : "", p.revents & POLLOUT ? "o" : "",
		p.revents & POLLERR ? "e" : "", p.revents & POLLHUP ? "h" : "", p.revents & POLLRDHUP ? "r" : "");
	return t;
}

/* Waits until something arrived: Linux delivers over loopback a little later. */
static void settle(int s, int events)
{
	struct pollfd p = { s, events, 0 };
	poll(&p, 1, 1000);
}

static void tcp_pair(int pair[2])
{
	int listener = bound(SOCK_STREAM, 0);
	need(listen(listener, 5));
	pair[0] = need(socket(AF_INET, SOCK_STREAM, 0));
	need(connect4(pair[0], port_of(listener)));
	pair[1] = need(accept(listener, 0, 0));
	close(listener);
}

static void ends(void)
{
	int p[2];
	puts("-- half-close");
	tcp_pair(p);
	shows(ready(p[0]));
	need(send(p[0], "question", 8, 0));
	try(shutdown(p[0], SHUT_WR));
	settle(p[1], POLLRDHUP);
	shows(ready(p[1]));
	try(recv(p[1], buf, 100, 0));
	try(recv(p[1], buf, 100, 0));
	try(send(p[1], "answer", 6, 0));
	settle(p[0], POLLIN);
	try(recv(p[0], buf, 100, 0));
	try(send(p[0], "x", 1, 0));
	show(pipes);
	try(send(p[0], "x", 1, MSG_NOSIGNAL));
	show(pipes);
	try(shutdown(p[1], SHUT_WR));
	settle(p[0], POLLRDHUP);
	shows(ready(p[0]));
	shows(ready(p[1]));
	try(shutdown(p[0], SHUT_RD));
	close(p[0]), close(p[1]);

	puts("-- closed with unread bytes");
	tcp_pair(p);
	need(send(p[0], "unread", 6, 0));
	need(send(p[1], "there", 5, 0));
	settle(p[1], POLLIN);
	close(p[1]);
	settle(p[0], POLLHUP);
	shows(ready(p[0]));
	try(recv(p[0], buf, 100, 0));
	try(recv(p[0], buf, 100, 0));
	try(recv(p[0], buf, 100, 0));
	try(send(p[0], "x", 1, MSG_NOSIGNAL));
	close(p[0]);

	puts("-- closed, then written to");
	tcp_pair(p);
	close(p[1]);
	settle(p[0], POLLRDHUP);
	shows(ready(p[0]));
	try(recv(p[0], buf, 100, 0));
	try(send(p[0], "x", 1, MSG_NOSIGNAL));
	settle(p[0], POLLHUP);
	shows(ready(p[0]));
	try(send(p[0], "x", 1, MSG_NOSIGNAL));
	try(recv(p[0], buf, 100, 0));
	close(p[0]);

	puts("-- linger 0");
	tcp_pair(p);
	struct linger now = { 1, 0 };
	need(setsockopt(p[1], SOL_SOCKET, SO_LINGER, &now, sizeof now));
	close(p[1]);
	settle(p[0], POLLHUP);
	show(error_of(p[0]));
	show(error_of(p[0]));
	try(recv(p[0], buf, 100, 0));
	close(p[0]);

	puts("-- peek and truncate");
	tcp_pair(p);
	need(send(p[0], "abcdef", 6, 0));
	settle(p[1], POLLIN);
	try(recv(p[1], buf, 3, MSG_PEEK));
	try(recv(p[1], buf, 100, MSG_DONTWAIT));
	try(recv(p[1], buf, 100, MSG_DONTWAIT));
	try(recv(p[1], buf, 0, MSG_DONTWAIT));
	try(send(p[1], "", 0, 0));
	close(p[0]), close(p[1]);
}

static void connecting(void)
{
	puts("-- connecting");
	int s = need(socket(AF_INET, SOCK_STREAM, 0));
	shows(ready(s));
	try(send(s, "x", 1, MSG_NOSIGNAL));
	try(recv(s, buf, 1, 0));
	try(shutdown(s, SHUT_RDWR));
	try(accept(s, 0, 0));
	try(getpeername(s, (void *)buf, &(socklen_t){ 100 }));
	int closed = bound(SOCK_STREAM, 0), nowhere = port_of(closed);
	try(connect4(s, nowhere));
	close(s);

	s = need(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0));
	try(connect4(s, nowhere));
	settle(s, POLLOUT);
	shows(ready(s));
	show(error_of(s));
	show(error_of(s));
	close(s);

	int listener = bound(SOCK_STREAM, 0);
	try(listen(listener, 5));
	shows(ready(listener));
	s = need(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0));
	try(connect4(s, port_of(listener)));
	settle(s, POLLOUT);
	shows(ready(s));
	show(error_of(s));
	try(connect4(s, port_of(listener)));
	try(connect4(s, port_of(listener)));
	shows(ready(listener));
	try(connect4(listener, port_of(s)));
	show(option(listener, SOL_SOCKET, SO_ACCEPTCONN));
	show(option(s, SOL_SOCKET, SO_ACCEPTCONN));
	close(listener);
	settle(s, POLLHUP);
	try(recv(s, buf, 1, 0));
	close(s), close(closed);
}

static void binding(void)
{
	puts("-- binding");
	int a = bound(SOCK_STREAM, 0), port = port_of(a);
	struct sockaddr_in same = loopback(port), any = same, two = same;
	any.sin_addr.s_addr = 0;
	two.sin_addr.s_addr = htonl(0x7f000002);
	int b = need(socket(AF_INET, SOCK_STREAM, 0));
	try(bind(b, (void *)&same, sizeof same));
	try(bind(b, (void *)&any, sizeof any));
	try(bind(b, (void *)&two, sizeof two));
	try(bind(b, (void *)&two, sizeof two));
	close(b);
	struct sockaddr_in strange = loopback(0);
	strange.sin_addr.s_addr = htonl(0xc0000201);
	b = need(socket(AF_INET, SOCK_STREAM, 0));
	try(bind(b, (void *)&strange, sizeof strange));
	try(bind(b, (void *)&same, 3));
	strange.sin_family = 99;
	try(bind(b, (void *)&strange, sizeof strange));
	close(a);

	puts("-- reusing");
	a = need(socket(AF_INET, SOCK_STREAM, 0));
	need(set(a, SOL_SOCKET, SO_REUSEADDR, 1));
	need(set(b, SOL_SOCKET, SO_REUSEADDR, 1));
	same = loopback(0);
	need(bind(a, (void *)&same, sizeof same));
	same = loopback(port_of(a));
	try(bind(b, (void *)&same, sizeof same));
	try(listen(a, 1));
	try(listen(b, 1));
	close(a), close(b);

	puts("-- both families");
	struct sockaddr_in6 six = { .sin6_family = AF_INET6 };
	a = need(socket(AF_INET6, SOCK_STREAM, 0));
	show(option(a, IPPROTO_IPV6, IPV6_V6ONLY));
	need(bind(a, (void *)&six, sizeof six));
	need(listen(a, 1));
	try(set(a, IPPROTO_IPV6, IPV6_V6ONLY, 1));
	b = need(socket(AF_INET, SOCK_STREAM, 0));
	any.sin_port = htons(port_of(a));
	try(bind(b, (void *)&any, sizeof any));
	try(connect4(b, port_of(a)));
	struct sockaddr_in6 peer;
	socklen_t length = sizeof peer;
	int c = need(accept(a, (void *)&peer, &length));
	show(length);
	show(peer.sin6_family == AF_INET6 && IN6_IS_ADDR_V4MAPPED(&peer.sin6_addr));
	show(ntohs(peer.sin6_port) == port_of(b));
	close(a), close(b), close(c);
}

static void datagrams(void)
{
	puts("-- datagrams");
	int a = bound(SOCK_DGRAM, 0), b = bound(SOCK_DGRAM, 0);
	struct sockaddr_in to = loopback(port_of(b));
	shows(ready(a));
	try(sendto(a, "one", 3, 0, (void *)&to, sizeof to));
	try(sendto(a, "", 0, 0, (void *)&to, sizeof to));
	try(sendto(a, "three", 5, 0, (void *)&to, sizeof to));
	try(recv(b, buf, 100, 0));
	try(recv(b, buf, 100, 0));
	try(recv(b, buf, 2, MSG_TRUNC));
	try(recv(b, buf, 2, MSG_DONTWAIT));
	try(send(a, "x", 1, 0));
	try(sendto(a, buf, 65508, 0, (void *)&to, sizeof to));
	try(sendto(a, buf, 65507, 0, (void *)&to, sizeof to));
	struct iovec v = { buf, 100 };
	struct msghdr m = { .msg_iov = &v, .msg_iovlen = 1 };
	try(recvmsg(b, &m, 0));
	show(m.msg_flags == MSG_TRUNC);
	try(connect(a, (void *)&to, sizeof to));
	close(b);
	try(send(a, "x", 1, 0));
	settle(a, POLLERR);
	shows(ready(a));
	try(send(a, "x", 1, 0));
	settle(a, POLLERR);
	show(error_of(a));
	struct sockaddr none = { .sa_family = AF_UNSPEC };
	try(connect(a, &none, sizeof none));
	try(send(a, "x", 1, 0));
	close(a);
}

static int unix_socket(int type, const char *name, int use)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };
	strcpy(a.sun_path + (*name == '@'), name + (*name == '@'));
	socklen_t length = offsetof(struct sockaddr_un, sun_path) + strlen(name) + (*name != '@');
	int s = need(socket(AF_UNIX, type, 0));
	int n = use ? connect(s, (void *)&a, length) : bind(s, (void *)&a, length);
	if (n == 0) return s;
	n = errno;
	close(s);
	errno = n;
	return -1;
}

/* The socket's own number differs: only whether there is one. */
#define opened(call) report(#call, (errno = 0, (call) >= 0 ? 0 : -1))

static void names(void)
{
	puts("-- unix names");
	struct stat st;
	int s = unix_socket(SOCK_STREAM, "socket", 0);
	show(s >= 0);
	need(stat("socket", &st));
	show(S_ISSOCK(st.st_mode));
	opened(unix_socket(SOCK_STREAM, "socket", 0));
	opened(unix_socket(SOCK_STREAM, "socket", 1));
	opened(unix_socket(SOCK_STREAM, "missing", 1));
	opened(unix_socket(SOCK_STREAM, "no/folder", 0));
	need(listen(s, 1));
	opened(unix_socket(SOCK_DGRAM, "socket", 1));
	opened(open("socket", O_RDWR));
	need(rename("socket", "moved"));
	int c = unix_socket(SOCK_STREAM, "moved", 1);
	show(c >= 0);
	struct sockaddr_un a;
	socklen_t length = sizeof a;
	need(getpeername(c, (void *)&a, &length));
	shows(a.sun_path);
	show(length);
	length = sizeof a;
	need(getsockname(c, (void *)&a, &length));
	show(length);
	close(s);
	settle(c, POLLHUP);
	shows(ready(c));
	try(recv(c, buf, 1, 0));
	opened(unix_socket(SOCK_STREAM, "moved", 1));
	need(unlink("moved"));
	close(c);
	close(need(open("file", O_CREAT | O_WRONLY, 0644)));
	opened(unix_socket(SOCK_STREAM, "file", 1));
	need(unlink("file"));
	s = unix_socket(SOCK_STREAM, "@abstract", 0);
	opened(unix_socket(SOCK_STREAM, "@abstract", 0));
	length = sizeof a;
	need(getsockname(s, (void *)&a, &length));
	show(length);
	close(s);
	s = unix_socket(SOCK_STREAM, "@abstract", 0);
	show(s >= 0);
	close(s);
}

static void pairs(int type)
{
	printf("-- pairs of type %d\n", type);
	int p[2];
	need(socketpair(AF_UNIX, type, 0, p));
	shows(ready(p[0]));
	need(send(p[0], "one", 3, 0));
	need(send(p[0], "two", 3, 0));
	try(recv(p[1], buf, 2, 0));
	try(recv(p[1], buf, 100, 0));
	try(send(p[0], buf, 0, 0));
	try(recv(p[1], buf, 100, MSG_DONTWAIT));
	if (type != SOCK_DGRAM) {
		try(shutdown(p[0], SHUT_WR));
		shows(ready(p[1]));
		try(recv(p[1], buf, 100, MSG_DONTWAIT));
		try(send(p[0], "x", 1, MSG_NOSIGNAL));
	}
	need(send(p[1], "unread", 6, 0));
	close(p[0]);
	shows(ready(p[1]));
	try(recv(p[1], buf, 100, MSG_DONTWAIT));
	try(send(p[1], "x", 1, MSG_NOSIGNAL));
	close(p[1]);
}

static void passing(void)
{
	puts("-- passing descriptors");
	int p[2], q[2];
	need(socketpair(AF_UNIX, SOCK_STREAM, 0, p));
	need(pipe(q));
	union { struct cmsghdr head; char room[CMSG_SPACE(2 * sizeof(int))]; } control = { 0 };
	struct iovec v = { "x", 1 };
	struct msghdr m = { .msg_iov = &v, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = CMSG_LEN(2 * sizeof(int)) };
	control.head = (struct cmsghdr){ .cmsg_len = CMSG_LEN(2 * sizeof(int)), .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS };
	memcpy(CMSG_DATA(&control.head), q, sizeof q);
	need(send(p[0], "before", 6, 0));
	try(sendmsg(p[0], &m, 0));
	need(send(p[0], "after", 5, 0));
	close(q[0]), close(q[1]);
	v = (struct iovec){ buf, 100 };
	m.msg_controllen = sizeof control;
	try(recvmsg(p[1], &m, 0));
	show(m.msg_controllen == 0);
	m.msg_controllen = sizeof control;
	try(recvmsg(p[1], &m, MSG_CMSG_CLOEXEC));
	show(m.msg_controllen == CMSG_LEN(2 * sizeof(int)) || m.msg_controllen == CMSG_SPACE(2 * sizeof(int)));
	memcpy(q, CMSG_DATA(&control.head), sizeof q);
	try(write(q[1], "through", 7));
	try(read(q[0], buf, 100));
	show(fcntl(q[0], F_GETFD));
	try(recv(p[1], buf, 100, MSG_DONTWAIT));
	control.head.cmsg_len = 3;
	m.msg_controllen = CMSG_LEN(2 * sizeof(int));
	try(sendmsg(p[0], &m, 0));
}

static void options(void)
{
	puts("-- options");
	int s = need(socket(AF_INET, SOCK_STREAM, 0)), d = need(socket(AF_INET6, SOCK_DGRAM, 0));
	show(option(s, SOL_SOCKET, SO_TYPE));
	show(option(d, SOL_SOCKET, SO_TYPE));
	show(option(d, SOL_SOCKET, SO_DOMAIN));
	show(option(s, SOL_SOCKET, SO_PROTOCOL));
	show(option(s, IPPROTO_TCP, TCP_NODELAY));
	try(set(s, IPPROTO_TCP, TCP_NODELAY, 5));
	show(option(s, IPPROTO_TCP, TCP_NODELAY));
	show(option(s, SOL_SOCKET, SO_KEEPALIVE));
	show(option(s, IPPROTO_TCP, TCP_KEEPIDLE));
	try(set(s, IPPROTO_TCP, TCP_KEEPIDLE, 60));
	show(option(s, IPPROTO_TCP, TCP_KEEPIDLE));
	show(option(s, IPPROTO_IP, IP_TTL));
	try(set(d, SOL_SOCKET, SO_SNDBUF, 10000));
	show(option(d, SOL_SOCKET, SO_SNDBUF));
	try(set(d, IPPROTO_TCP, TCP_NODELAY, 1));
	try(set(s, SOL_SOCKET, SO_TYPE, 1));
	try(set(s, SOL_SOCKET, 999, 1));
	try(set(s, 999, 1, 1));
	try(setsockopt(s, SOL_SOCKET, SO_KEEPALIVE, &s, 1));
	try(set(0, SOL_SOCKET, SO_KEEPALIVE, 1));
	try(set(77, SOL_SOCKET, SO_KEEPALIVE, 1));
	struct timeval t = { 0, 30000 };
	need(setsockopt(d, SOL_SOCKET, SO_RCVTIMEO, &t, sizeof t));
	try(recv(d, buf, 1, 0));
	t.tv_usec = 1000000;
	try(setsockopt(d, SOL_SOCKET, SO_RCVTIMEO, &t, sizeof t));
	close(s), close(d);

	puts("-- kinds");
	opened(socket(AF_INET, SOCK_STREAM, IPPROTO_UDP));
	opened(socket(AF_INET, SOCK_SEQPACKET, 0));
	opened(socket(12345, SOCK_STREAM, 0));
	opened(socket(AF_INET, SOCK_STREAM | 0x100, 0));
	opened(socket(AF_UNIX, SOCK_STREAM, 77));
	int p[2];
	try(socketpair(AF_INET, SOCK_STREAM, 0, p));
	s = need(socket(AF_UNIX, SOCK_DGRAM, 0));
	try(listen(s, 1));
	try(accept(s, 0, 0));
	try(recv(0, buf, 1, 0));
	try(shutdown(s, 77));
}

int main(void)
{
	signal(SIGPIPE, on_pipe);
	ends();
	connecting();
	binding();
	datagrams();
	names();
	pairs(SOCK_STREAM);
	pairs(SOCK_SEQPACKET);
	pairs(SOCK_DGRAM);
	passing();
	options();
	return 0;
}
