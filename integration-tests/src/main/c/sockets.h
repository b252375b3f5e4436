/* WasmEdge's socket extension of wasi_snapshot_preview1, as its clients declare it. */
#include <stdint.h>

#define SOCK(name) __attribute__((import_module("wasi_snapshot_preview1"), import_name(#name)))

enum { INET4 = 1, INET6 = 2, DATAGRAM = 1, STREAM = 2 };

struct address {
  void *bytes;
  uint32_t size;
};

struct sockaddr_ {
  uint8_t family;
  uint32_t size;
  void *data;
};

struct addrinfo_ {
  uint16_t flags;
  uint8_t family, type;
  uint32_t protocol, address_size;
  struct sockaddr_ *address;
  char *name;
  uint32_t name_size;
  struct addrinfo_ *next;
};

SOCK(sock_open) int sock_open(int family, int type, int *fd);
SOCK(sock_bind) int sock_bind(int fd, struct address *, int port);
SOCK(sock_listen) int sock_listen(int fd, int backlog);
SOCK(sock_accept) int sock_accept(int fd, int *connection);
SOCK(sock_connect) int sock_connect(int fd, struct address *, int port);
SOCK(sock_recv_from)
int sock_recv_from(int fd, void *parts, int count, struct address *, int flags, int *port, int *size, int *result);
SOCK(sock_recv_from)
int sock_recv_from_v1(int fd, void *parts, int count, struct address *, int flags, int *size, int *result);
SOCK(sock_send_to) int sock_send_to(int fd, void *parts, int count, struct address *, int port, int flags, int *size);
SOCK(sock_getlocaladdr) int sock_getlocaladdr(int fd, struct address *, int *type, int *port);
SOCK(sock_getlocaladdr) int sock_getlocaladdr_v2(int fd, struct address *, int *port);
SOCK(sock_getpeeraddr) int sock_getpeeraddr(int fd, struct address *, int *type, int *port);
SOCK(sock_getsockopt) int sock_getsockopt(int fd, int level, int name, void *value, int *size);
SOCK(sock_setsockopt) int sock_setsockopt(int fd, int level, int name, void *value, int size);
SOCK(sock_getaddrinfo)
int sock_getaddrinfo(const char *node, int, const char *service, int, struct addrinfo_ *hints, struct addrinfo_ **, int most,
                     int *count);
