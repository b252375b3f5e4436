/* Addresses that a program does not have, given to the kernel: an error, never more. Also calls by number. */
#include "check.h"
#include <fcntl.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#define BAD ((void *)-4096L)

int main(void)
{
	int p[2], fd = need(open("f", O_CREAT | O_RDWR, 0600)), ep = need(epoll_create1(0));
	char name[] = "f", buf[100];
	need(pipe(p));
	need(write(fd, "0123456789", 10));
	show(syscall(SYS_getpid) == getpid());
	try(syscall(SYS_write, fd, BAD, 10));
	try(syscall(SYS_read, fd, BAD, 10));
	try(syscall(SYS_write, p[1], BAD, 10));
	need(write(p[1], "x", 1));
	try(syscall(SYS_read, p[0], BAD, 10));
	try(syscall(SYS_openat, AT_FDCWD, BAD, O_RDONLY));
	try(syscall(SYS_mkdirat, AT_FDCWD, BAD, 0755));
	try(syscall(SYS_unlinkat, AT_FDCWD, BAD, 0));
	try(syscall(SYS_linkat, AT_FDCWD, name, AT_FDCWD, BAD, 0));
	try(syscall(SYS_readlinkat, AT_FDCWD, BAD, buf, sizeof buf));
	try(syscall(SYS_statx, AT_FDCWD, BAD, 0, 0x7ff, buf));
	try(syscall(SYS_statx, AT_FDCWD, name, 0, 0x7ff, BAD));
	try(syscall(SYS_getcwd, BAD, 100));
	try(syscall(SYS_chdir, BAD));
	try(syscall(SYS_pipe2, BAD, 0));
	try(syscall(SYS_getrandom, BAD, 10, 0));
	try(syscall(SYS_uname, BAD));
	try(syscall(SYS_readv, fd, BAD, 1));
	try(syscall(SYS_writev, fd, BAD, 1));
	struct iovec v[2] = { { "ab", 2 }, { BAD, 5 } };
	try(syscall(SYS_writev, fd, v, 2));
	v[0].iov_base = BAD;
	try(syscall(SYS_writev, fd, v, 1));
	try(syscall(SYS_writev, fd, v, 1025));
	try(syscall(SYS_writev, fd, v, -1));
	try(syscall(SYS_epoll_ctl, ep, EPOLL_CTL_ADD, p[0], BAD));
	need(epoll_ctl(ep, EPOLL_CTL_ADD, p[1], &(struct epoll_event){ EPOLLOUT, { 0 } }));
	try(syscall(SYS_epoll_pwait, ep, BAD, 1, 0, 0, 8));
	int d = need(open(".", O_RDONLY));
	try(syscall(SYS_getdents64, d, BAD, 1000));
	try(syscall(SYS_getdents64, d, buf, 3));
	try(syscall(SYS_rt_sigaction, 10, BAD, 0, 8));
	try(syscall(SYS_rt_sigprocmask, 0, BAD, 0, 8));
	try(syscall(SYS_rt_sigaction, 10, 0, 0, 7));
	try(syscall(SYS_execve, BAD, 0, 0));
	int s = need(socket(AF_INET, SOCK_STREAM, 0));
	try(syscall(SYS_bind, s, BAD, 16));
	try(syscall(SYS_connect, s, BAD, 16));
	try(syscall(SYS_getsockname, s, BAD, BAD));
	try(syscall(SYS_setsockopt, s, SOL_SOCKET, SO_REUSEADDR, BAD, 4));
	try(syscall(SYS_socketpair, AF_UNIX, SOCK_STREAM, 0, BAD));
	try(syscall(SYS_read, 9999, BAD, 1));
	try(syscall(9999));
	try(syscall(-1));
	/* After all that, what was whole still is. */
	need(lseek(fd, 0, SEEK_SET));
	show(read(fd, buf, sizeof buf));
	printf("%.12s\n", buf);
	return 0;
}
