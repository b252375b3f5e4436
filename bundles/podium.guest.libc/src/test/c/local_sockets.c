#include "check.h"
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static char buf[100];

static void pairs(void)
{
	int s[2];
	try(socketpair(AF_UNIX, SOCK_STREAM, 0, s));
	try(write(s[0], "to the other", 12));
	try(read(s[1], buf, 100));
	try(write(s[1], "back", 4));
	try(recv(s[0], buf, 2, 0));
	try(recv(s[0], buf, 100, 0));
	try(recv(s[0], buf, 100, MSG_DONTWAIT));
	try(shutdown(s[0], SHUT_WR));
	try(read(s[1], buf, 100));
	try(write(s[1], "still", 5));
	try(read(s[0], buf, 100));
	close(s[1]);
	try(read(s[0], buf, 100));
	try(send(s[0], "x", 1, MSG_NOSIGNAL));
	close(s[0]);
}

static void datagrams(void)
{
	int s[2];
	need(socketpair(AF_UNIX, SOCK_DGRAM, 0, s));
	need(send(s[0], "first", 5, 0));
	need(send(s[0], "", 0, 0));
	need(send(s[0], "third", 5, 0));
	try(recv(s[1], buf, 3, 0));
	try(recv(s[1], buf, 100, 0));
	try(recv(s[1], buf, 100, MSG_TRUNC));
	close(s[0]);
	close(s[1]);
}

static void names(void)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX, .sun_path = "server" }, got;
	int listener = need(socket(AF_UNIX, SOCK_STREAM, 0)), s = need(socket(AF_UNIX, SOCK_STREAM, 0));
	try(connect(s, (void *)&a, sizeof a));
	try(bind(listener, (void *)&a, sizeof a));
	try(connect(s, (void *)&a, sizeof a));
	try(listen(listener, 1));
	struct stat st;
	need(stat("server", &st));
	show(S_ISSOCK(st.st_mode));
	try(open("server", O_RDONLY));
	try(connect(s, (void *)&a, sizeof a));
	socklen_t length = sizeof got;
	int served = need(accept(listener, (void *)&got, &length));
	show(length);
	need(write(s, "by name", 7));
	try(read(served, buf, 100));
	length = sizeof got;
	need(getsockname(served, (void *)&got, &length));
	shows(got.sun_path);
	int second = need(socket(AF_UNIX, SOCK_STREAM, 0));
	try(bind(second, (void *)&a, sizeof a));
	close(second);
	close(served);
	close(s);
	close(listener);
	s = need(socket(AF_UNIX, SOCK_STREAM, 0));
	try(connect(s, (void *)&a, sizeof a));
	close(s);
	try(unlink("server"));
}

static void passing_a_descriptor(void)
{
	int s[2], file = need(open("passed", O_CREAT | O_RDWR, 0600));
	need(socketpair(AF_UNIX, SOCK_STREAM, 0, s));
	union { struct cmsghdr h; char space[CMSG_SPACE(sizeof(int))]; } control = { 0 };
	struct iovec one = { "!", 1 };
	struct msghdr m = { .msg_iov = &one, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control };
	struct cmsghdr *c = CMSG_FIRSTHDR(&m);
	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(c), &file, sizeof file);
	try(sendmsg(s[0], &m, 0));
	need(write(file, "shared offset", 13));
	close(file);
	memset(&control, 0, sizeof control);
	char byte;
	one = (struct iovec){ &byte, 1 };
	m.msg_controllen = sizeof control;
	try(recvmsg(s[1], &m, MSG_CMSG_CLOEXEC));
	int got;
	memcpy(&got, CMSG_DATA(CMSG_FIRSTHDR(&m)), sizeof got);
	show(lseek(got, 0, SEEK_CUR));
	show(fcntl(got, F_GETFD));
	close(got);
	close(s[0]);
	close(s[1]);
}

static void peer(const char *of, int fd)
{
	struct ucred c;
	socklen_t length = sizeof(c);
	need(getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &c, &length));
	printf("%s: %s\n", of, c.pid == getpid() && c.uid == geteuid() ? "this process" : c.pid ? "another" : "nobody");
}

static void peers(int type)
{
	struct sockaddr_un name = { .sun_family = AF_UNIX, .sun_path = "peers" };
	socklen_t length = sizeof(name);
	int listener = need(socket(AF_UNIX, type, 0)), client = need(socket(AF_UNIX, type, 0));
	peer("a fresh socket", listener);
	try(listen(listener, 0));
	need(bind(listener, (void *)&name, length));
	need(listen(listener, 0));
	peer("a listener", listener);
	peer("a client to be", client);
	need(connect(client, (void *)&name, length));
	int more = need(socket(AF_UNIX, type | SOCK_NONBLOCK, 0));
	try(connect(more, (void *)&name, length)); /* the backlog is full */
	int server = need(accept(listener, NULL, NULL));
	try(connect(more, (void *)&name, length));
	peer("a client", client);
	peer("a server", server);
	close(listener);
	try(connect(more, (void *)&name, length));
	try(connect(need(socket(AF_UNIX, type, 0)), (void *)&name, length));
	close(client);
	close(server);
	close(more);
	need(unlink("peers"));
}

int main(void)
{
	pairs();
	datagrams();
	names();
	passing_a_descriptor();
	peers(SOCK_STREAM);
	peers(SOCK_SEQPACKET);
	return 0;
}
