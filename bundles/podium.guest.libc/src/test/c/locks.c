#include "check.h"
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

static int lock(int fd, int command, int type, off_t start, off_t length)
{
	struct flock l = { .l_type = type, .l_whence = SEEK_SET, .l_start = start, .l_len = length };
	return fcntl(fd, command, &l);
}

int main(void)
{
	int a = need(open("f", O_CREAT | O_RDWR, 0600)), b = need(open("f", O_RDWR)), c = need(dup(a));
	/* flock belongs to the open file description. */
	try(flock(a, LOCK_EX));
	try(flock(b, LOCK_EX | LOCK_NB));
	try(flock(b, LOCK_SH | LOCK_NB));
	try(flock(c, LOCK_EX | LOCK_NB));
	try(flock(c, LOCK_SH));
	try(flock(b, LOCK_SH | LOCK_NB));
	try(flock(a, LOCK_EX | LOCK_NB));
	close(b);
	try(flock(a, LOCK_EX | LOCK_NB));
	b = need(open("f", O_RDWR));
	close(a);
	try(flock(b, LOCK_EX | LOCK_NB));
	close(c);
	try(flock(b, LOCK_EX | LOCK_NB));
	try(flock(b, LOCK_UN));
	try(flock(b, 0));
	/* Record locks belong to the process: it never stands in its own way. */
	a = need(open("f", O_RDWR));
	try(lock(a, F_SETLK, F_WRLCK, 0, 10));
	try(lock(b, F_SETLK, F_WRLCK, 5, 10));
	struct flock l = { .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 0, .l_len = 0 };
	try(fcntl(a, F_GETLK, &l));
	show(l.l_type == F_UNLCK);
	try(lock(a, F_SETLKW, F_UNLCK, 0, 0));
	try(lock(a, F_SETLK, 99, 0, 0));
	int read_only = need(open("f", O_RDONLY));
	try(lock(read_only, F_SETLK, F_WRLCK, 0, 0));
	try(lock(read_only, F_SETLK, F_RDLCK, 0, 0));
	/* Locks of open file descriptions, which do. */
	try(lock(a, F_OFD_SETLK, F_WRLCK, 100, 10));
	try(lock(b, F_OFD_SETLK, F_WRLCK, 105, 10));
	try(lock(b, F_OFD_SETLK, F_WRLCK, 110, 10));
	close(a);
	try(lock(b, F_OFD_SETLK, F_WRLCK, 100, 10));
	return 0;
}
