#include "check.h"
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

static char buf[64];

static void contents(const char *name)
{
	int fd = need(open(name, O_RDONLY));
	ssize_t n = need(read(fd, buf, sizeof buf - 1));
	buf[n] = 0;
	printf("%s holds '%s'\n", name, buf);
	close(fd);
}

static void modes_of_opening(void)
{
	try(open("absent", O_RDONLY));
	int fd = need(open("a", O_CREAT | O_WRONLY | O_EXCL, 0644));
	try(open("a", O_CREAT | O_EXCL | O_WRONLY, 0644));
	try(write(fd, "hello world", 11));
	try(read(fd, buf, 1));
	close(fd);
	try(close(fd));
	try(write(fd, "x", 1));
	fd = need(open("a", O_RDONLY));
	try(write(fd, "x", 1));
	close(fd);
	contents("a");
	fd = need(open("a", O_WRONLY | O_TRUNC));
	close(fd);
	contents("a");
	try(open("a/b", O_RDONLY));
	try(open("", O_RDONLY));
	try(open(".", O_WRONLY));
	try(open("a", O_RDONLY | O_DIRECTORY));
	fd = need(open(".", O_RDONLY));
	try(read(fd, buf, 1));
	close(fd);
}

static void appending(void)
{
	int one = need(open("log", O_CREAT | O_WRONLY | O_APPEND, 0644));
	int two = need(open("log", O_WRONLY | O_APPEND));
	need(write(one, "1", 1));
	need(write(two, "2", 1));
	need(lseek(one, 0, SEEK_SET));
	need(write(one, "3", 1));
	contents("log");
	show(lseek(one, 0, SEEK_CUR));
	show(fcntl(one, F_GETFL) & (O_ACCMODE | O_APPEND));
	need(fcntl(one, F_SETFL, 0));
	need(lseek(one, 0, SEEK_SET));
	need(write(one, "0", 1));
	contents("log");
	close(one);
	close(two);
}

static void positions(void)
{
	int fd = need(open("p", O_CREAT | O_RDWR, 0600));
	need(write(fd, "0123456789", 10));
	try(lseek(fd, -3, SEEK_END));
	try(read(fd, buf, 10));
	try(lseek(fd, -1, SEEK_SET));
	try(lseek(fd, 0, 99));
	try(pread(fd, buf, 4, 2));
	printf("%.4s\n", buf);
	try(pwrite(fd, "AB", 2, 4));
	try(lseek(fd, 0, SEEK_CUR));
	try(lseek(fd, 5000, SEEK_SET));
	try(write(fd, "!", 1));
	struct stat st;
	need(fstat(fd, &st));
	show(st.st_size);
	try(pread(fd, buf, 2, 4998));
	show(buf[0] | buf[1]);
	try(pread(fd, buf, 1, 5001));
	try(ftruncate(fd, 6));
	try(pread(fd, buf, 10, 0));
	printf("%.6s\n", buf);
	try(ftruncate(fd, 8));
	try(pread(fd, buf, 10, 0));
	show(buf[6] | buf[7]);
	try(ftruncate(fd, -1));
	int again = need(dup(fd));
	need(lseek(fd, 3, SEEK_SET));
	show(lseek(again, 0, SEEK_CUR));
	close(fd);
	close(again);
	try(lseek(fd, 0, SEEK_SET));
	try(lseek(fd, (off_t)1 << 33, SEEK_SET));
}

static void large_offsets(void)
{
	int fd = need(open("big", O_CREAT | O_RDWR | O_TRUNC, 0600));
	off_t far = ((off_t)5 << 32) + 7;
	show(lseek(fd, far, SEEK_SET));
	show(lseek(fd, 0, SEEK_CUR) == far);
	close(fd);
}

static void vectors(void)
{
	int fd = need(open("v", O_CREAT | O_RDWR, 0600));
	struct iovec out[] = { { "abc", 3 }, { "", 0 }, { "defgh", 5 } };
	try(writev(fd, out, 3));
	char x[2], y[9];
	struct iovec in[] = { { x, 2 }, { y, 9 } };
	need(lseek(fd, 0, SEEK_SET));
	try(readv(fd, in, 2));
	printf("%.2s %.6s\n", x, y);
	try(readv(fd, in, -1));
	try(pwritev(fd, out, 1, 5));
	try(preadv(fd, in, 2, 4));
	printf("%.2s %.2s\n", x, y);
	close(fd);
}

static void unlinked_but_open(void)
{
	int fd = need(open("gone", O_CREAT | O_RDWR, 0600));
	need(write(fd, "still here", 10));
	try(unlink("gone"));
	try(open("gone", O_RDONLY));
	need(pread(fd, buf, 10, 0));
	printf("%.10s\n", buf);
	struct stat st;
	need(fstat(fd, &st));
	show(st.st_nlink);
	close(fd);
	try(unlink("gone"));
	try(unlink("."));
}

static void descriptors(void)
{
	int fd = need(open("a", O_RDONLY | O_CLOEXEC));
	show(fcntl(fd, F_GETFD));
	int low = need(dup(fd));
	show(fcntl(low, F_GETFD));
	show(low == fd + 1);
	int high = need(fcntl(fd, F_DUPFD, 50));
	show(high);
	try(dup2(fd, 70));
	try(dup2(fd, fd) == fd);
	try(dup3(fd, fd, 0));
	try(dup2(999, 3));
	try(fcntl(fd, F_SETFD, 0));
	show(fcntl(fd, F_GETFD));
	close(70);
	close(high);
	close(low);
	close(fd);
	fd = need(open("a", O_RDONLY));
	show(fd == low - 1);
	close(fd);
}

int main(void)
{
	modes_of_opening();
	appending();
	positions();
	large_offsets();
	vectors();
	unlinked_but_open();
	descriptors();
	return 0;
}
