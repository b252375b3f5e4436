/* Sockets of a program's own, inside its pod; with an argument it serves one connection at that port. */
#include "expect.h"
#include <poll.h>
#include <sys/socket.h>
#include "sockets.h"

static uint8_t loopback[4] = {127, 0, 0, 1}, any[4], outside[4] = {192, 0, 2, 1}, six[16] = {[15] = 1}, bytes[128];
static struct address here = {loopback, 4}, anywhere = {any, 4}, there = {outside, 4}, here6 = {six, 16},
                      answer = {bytes, 16}, storage = {bytes, 128};

static int opened(int family, int type) {
  int fd = -1;
  RETURNS(sock_open(family, type, &fd), 0);
  HOLDS(fd >= 3);
  return fd;
}

static void streams(int family, struct address *at) {
  int port, type, connection, size, on = 1, length = 4;
  char text[8] = "";
  int listener = opened(family, STREAM), client = opened(family, STREAM);
  RETURNS(sock_setsockopt(listener, 0, 0, &on, 4), 0);
  RETURNS(sock_bind(listener, at, 0), 0);
  RETURNS(sock_listen(listener, 5), 0);
  RETURNS(sock_getsockopt(listener, 0, 13, &on, &length), 0);
  HOLDS(on == 1 && length == 4);
  RETURNS(sock_getlocaladdr(listener, &answer, &type, &port), 0);
  HOLDS(type == (family == INET4 ? 4 : 6) && port > 0 && !memcmp(bytes, at->bytes, at->size));
  int first = port;
  RETURNS(sock_bind(client, at, port), EADDRINUSE);
  RETURNS(sock_getpeeraddr(client, &answer, &type, &port), ENOTCONN);
  RETURNS(sock_connect(client, at, first), 0);
  RETURNS(sock_connect(client, at, first), EISCONN);
  RETURNS(sock_accept(listener, &connection), 0);
  RETURNS(sock_getpeeraddr(client, &answer, &type, &port), 0);
  HOLDS(port == first);
  int theirs, ours;
  RETURNS(sock_getpeeraddr(connection, &answer, &type, &theirs), 0);
  RETURNS(sock_getlocaladdr_v2(client, &storage, &ours), 0);
  HOLDS(ours == theirs && bytes[0] == family && bytes[1] == 0 && !memcmp(bytes + 2, at->bytes, at->size));
  /* The interface's own functions work on them. */
  HOLDS(write(client, "ping", 4) == 4);
  struct pollfd ready = {connection, POLLIN, 0};
  HOLDS(poll(&ready, 1, 10000) == 1 && ready.revents == POLLIN);
  HOLDS(recv(connection, text, 8, MSG_PEEK) == 4 && recv(connection, text, 8, 0) == 4 && !strcmp(text, "ping"));
  HOLDS(send(connection, "pong!", 5, 0) == 5 && read(client, text, 8) == 5 && !memcmp(text, "pong!", 5));
  WORKS(shutdown(client, SHUT_WR));
  HOLDS(recv(connection, text, 8, 0) == 0);
  struct stat status;
  WORKS(fstat(client, &status));
  HOLDS(S_ISSOCK(status.st_mode));
  WORKS(fcntl(listener, F_SETFL, O_NONBLOCK));
  RETURNS(sock_accept(listener, &size), EAGAIN);
  close(connection);
  close(client);
  close(listener);
  client = opened(family, STREAM);
  RETURNS(sock_connect(client, at, first), ECONNREFUSED);
  close(client);
}

static void datagrams(void) {
  int port, type, size, flags, from;
  char text[8] = "";
  struct iovec out[2] = {{"data", 4}, {"gram", 4}}, in[2] = {{text, 3}, {text + 3, 5}}, little = {text, 2};
  int one = opened(INET4, DATAGRAM), two = opened(INET4, DATAGRAM);
  RETURNS(sock_bind(one, &here, 0), 0);
  RETURNS(sock_getlocaladdr(one, &answer, &type, &port), 0);
  RETURNS(sock_send_to(two, out, 2, &here, port, 0, &size), 0);
  HOLDS(size == 8);
  RETURNS(sock_recv_from(one, in, 2, &storage, 1, &from, &size, &flags), 0);
  RETURNS(sock_recv_from(one, in, 2, &storage, 0, &from, &size, &flags), 0);
  HOLDS(size == 8 && !memcmp(text, "datagram", 8) && bytes[0] == INET4 && !memcmp(bytes + 2, loopback, 4));
  RETURNS(sock_getlocaladdr(two, &answer, &type, &port), 0);
  HOLDS(from == port && from > 0);
  RETURNS(sock_send_to(one, out, 2, &here, from, 0, &size), 0);
  RETURNS(sock_recv_from_v1(two, &little, 1, &here, 0, &size, &flags), 0);
  HOLDS(size == 2 && (flags & 0xffff) == 1);
  /* Nothing comes, for as long as it is to wait. */
  int64_t time[2] = {0, 50000}, back[2] = {0};
  int length = 16;
  RETURNS(sock_setsockopt(two, 0, 11, time, 16), 0);
  RETURNS(sock_getsockopt(two, 0, 11, back, &length), 0);
  HOLDS(back[0] == 0 && back[1] == 50000 && length == 16);
  RETURNS(sock_recv_from(two, in, 2, &storage, 0, &from, &size, &flags), EAGAIN);
  HOLDS(recv(two, text, 8, 0) == -1 && errno == EAGAIN);
  RETURNS(sock_getsockopt(two, 0, 1, &type, &length), 0);
  HOLDS(type == DATAGRAM);
  RETURNS(sock_connect(two, &here, 9), 0);
  HOLDS(send(two, "x", 1, 0) == 1);
  RETURNS(sock_getsockopt(two, 0, 2, &type, &length), 0);
  HOLDS(type == ECONNREFUSED);
  close(one);
  close(two);
}

static struct addrinfo_ items[4];
static struct sockaddr_ addresses[4];
static uint8_t data[4][26];
static char name[64];

static int lookup(const char *node, const char *service, int flags, int family, int type, int *count) {
  struct addrinfo_ hints = {flags, family, type}, *list = items;
  for (int i = 0; i < 4; i++) {
    addresses[i] = (struct sockaddr_){0, 26, data[i]};
    items[i] = (struct addrinfo_){.address = &addresses[i], .next = i < 3 ? &items[i + 1] : 0, .name = name, .name_size = 64};
  }
  return sock_getaddrinfo(node, strlen(node), service, strlen(service), &hints, &list, 4, count);
}

static void names(void) {
  int count = 0;
  RETURNS(lookup("localhost", "http", 2, INET4, STREAM, &count), 0);
  HOLDS(count == 1 && items[0].family == INET4 && items[0].type == STREAM && items[0].protocol == 1);
  HOLDS(addresses[0].family == INET4 && addresses[0].size == 14 && items[0].address_size == 16);
  HOLDS(data[0][0] == 0 && data[0][1] == 80 && !memcmp(data[0] + 2, loopback, 4));
  HOLDS(!strcmp(name, "localhost") && items[0].name_size == 9);
  RETURNS(lookup("localhost", "", 0, 0, 0, &count), 0);
  HOLDS(count == 4);
  RETURNS(lookup("::1", "4711", 4, 0, DATAGRAM, &count), 0);
  HOLDS(count == 1 && items[0].family == INET6 && data[0][0] == 4711 >> 8 && data[0][1] == (4711 & 255));
  HOLDS(!memcmp(data[0] + 6, six, 16) && addresses[0].size == 26);
  RETURNS(lookup("", "22", 1, INET4, STREAM, &count), 0);
  HOLDS(!memcmp(data[0] + 2, any, 4));
  RETURNS(lookup("example.com", "", 0, 0, 0, &count), 84); /* not granted */
  RETURNS(lookup("localhost", "", 4, 0, 0, &count), 84);
  RETURNS(lookup("::1", "", 0, INET4, 0, &count), 84);
  RETURNS(lookup("", "", 0, 0, 0, &count), 84);
  RETURNS(lookup("localhost", "no-such-service", 0, 0, 0, &count), 85);
  RETURNS(lookup("localhost", "http", 8, 0, 0, &count), 85);
  RETURNS(lookup("localhost", "65536", 0, 0, 0, &count), 85);
  RETURNS(lookup("localhost", "", 0x80, 0, 0, &count), 79);
  RETURNS(lookup("localhost", "", 0, 7, 0, &count), 81);
  RETURNS(lookup("localhost", "", 0, 0, 7, &count), 86);
}

static void wrong(void) {
  int fd, size, flags, port, type;
  struct iovec part = {bytes, 1};
  struct address little = {bytes, 3}, nowhere = {(void *)0xfffffff0u, 16}, huge = {bytes, 0xffffffffu};
  RETURNS(sock_open(0, STREAM, &fd), EAFNOSUPPORT);
  RETURNS(sock_open(3, STREAM, &fd), EAFNOSUPPORT);
  RETURNS(sock_open(INET4, 0, &fd), EPROTONOSUPPORT);
  RETURNS(sock_open(INET4, STREAM, (int *)0xfffffffeu), EFAULT);
  int socket = opened(INET4, STREAM), datagrams = opened(INET4, DATAGRAM);
  HOLDS(datagrams == socket + 1); /* none was lost */
  RETURNS(sock_bind(socket, &little, 0), EINVAL);
  RETURNS(sock_bind(socket, &huge, 0), EINVAL);
  RETURNS(sock_bind(socket, &nowhere, 0), EFAULT);
  RETURNS(sock_bind(socket, (struct address *)0xfffffffcu, 0), EFAULT);
  RETURNS(sock_bind(socket, &here, 65536), EINVAL);
  RETURNS(sock_bind(socket, &here, -1), EINVAL);
  RETURNS(sock_bind(socket, &here6, 0), EAFNOSUPPORT);
  RETURNS(sock_bind(socket, &there, 0), EADDRNOTAVAIL);
  RETURNS(sock_connect(socket, &there, 80), ENETUNREACH); /* not granted */
  RETURNS(sock_send_to(datagrams, &part, 1, &there, 80, 0, &size), ENETUNREACH);
  RETURNS(sock_send_to(datagrams, &part, 1, &here, 0, 0, &size), EINVAL);
  RETURNS(sock_send_to(datagrams, &part, 1, &here, 80, 1, &size), EINVAL);
  RETURNS(sock_send_to(datagrams, &part, 0x7fffffff, &here, 80, 0, &size), EINVAL);
  RETURNS(sock_recv_from(datagrams, &part, 1, &huge, 0, &port, &size, &flags), EFAULT);
  RETURNS(sock_recv_from(datagrams, &part, 1, &storage, 4, &port, &size, &flags), EINVAL);
  RETURNS(sock_getlocaladdr(socket, &little, &type, &port), EINVAL);
  RETURNS(sock_getlocaladdr(socket, &nowhere, &type, &port), EFAULT);
  RETURNS(sock_accept(datagrams, &fd), ENOTSUP);
  RETURNS(sock_accept(socket, &fd), EINVAL);
  RETURNS(sock_getsockopt(socket, 0, 99, &type, &size), EINVAL);
  RETURNS(sock_getsockopt(socket, 1, 0, &type, &size), EINVAL);
  RETURNS(sock_setsockopt(socket, 0, 14, "eth0", 4), ENOPROTOOPT);
  size = -1;
  RETURNS(sock_getsockopt(socket, 0, 0, &type, &size), EINVAL);
  RETURNS(sock_setsockopt(socket, 0, 0, &type, -1), EINVAL);
  RETURNS(sock_bind(1, &here, 0), ENOTSOCK);
  RETURNS(sock_listen(77, 0), EBADF);
  RETURNS(sock_getaddrinfo((char *)16, 0x7fffffff, "", 0, items, (void *)16, 1, &size), ENAMETOOLONG);
  RETURNS(sock_getaddrinfo("::1", 3, "", 0, (void *)0xfffffff0u, (void *)16, 1, &size), EFAULT);
  RETURNS(sock_getaddrinfo("::1", 3, "", 0, items, (void *)16, 0, &size), 82);
  /* Rights hold for them, too. */
  RETURNS(__wasi_fd_fdstat_set_rights(datagrams, __WASI_RIGHTS_FD_READ, 0), 0);
  RETURNS(sock_send_to(datagrams, &part, 1, &here, 80, 0, &size), ENOTCAPABLE);
  int listener = opened(INET4, STREAM);
  RETURNS(sock_bind(listener, &here, 0), 0);
  RETURNS(sock_listen(listener, 1), 0);
  RETURNS(sock_getlocaladdr(listener, &answer, &type, &port), 0);
  __wasi_rights_t accepting = __WASI_RIGHTS_SOCK_SHUTDOWN | 1 << 29;
  RETURNS(__wasi_fd_fdstat_set_rights(listener, accepting, __WASI_RIGHTS_FD_READ), 0);
  RETURNS(sock_connect(socket, &here, port), 0);
  RETURNS(sock_accept(listener, &fd), 0);
  HOLDS(send(fd, "x", 1, 0) == -1 && errno == ENOTCAPABLE);
  HOLDS(send(socket, "x", 1, 0) == 1 && recv(fd, bytes, 1, 0) == 1);
}

static int serve(int port) {
  int listener = opened(INET4, STREAM), connection, type, from;
  char text[100];
  RETURNS(sock_bind(listener, &anywhere, port), 0);
  RETURNS(sock_listen(listener, 1), 0);
  RETURNS(sock_accept(listener, &connection), 0);
  RETURNS(sock_getpeeraddr(connection, &answer, &type, &from), 0);
  for (ssize_t size; (size = recv(connection, text, sizeof text, 0)) > 0;) HOLDS(send(connection, text, size, 0) == size);
  close(connection);
  return verdict();
}

int main(int count, char **arguments) {
  if (count > 1) return serve(atoi(arguments[1]));
  streams(INET4, &here);
  streams(INET6, &here6);
  datagrams();
  names();
  wrong();
  return verdict();
}
