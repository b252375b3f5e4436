#include "check.h"
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <time.h>
#include <unistd.h>

static void describe(const char *path, int links)
{
	struct stat st;
	int r = links ? stat(path, &st) : lstat(path, &st);
	if (r) {
		printf("%s: errno %d\n", path, errno);
		return;
	}
	const char *type = S_ISREG(st.st_mode) ? "file" : S_ISDIR(st.st_mode) ? "directory" : S_ISLNK(st.st_mode) ? "link"
		: S_ISFIFO(st.st_mode) ? "fifo" : S_ISCHR(st.st_mode) ? "device" : S_ISSOCK(st.st_mode) ? "socket" : "other";
	printf("%s: %s %04o", path, type, st.st_mode & 07777);
	if (S_ISREG(st.st_mode) || S_ISLNK(st.st_mode)) printf(" size %lld links %d", (long long)st.st_size, (int)st.st_nlink);
	puts("");
}

static void types(void)
{
	umask(022);
	close(need(open("f", O_CREAT | O_WRONLY, 0666)));
	need(truncate("f", 1234));
	need(mkdir("d", 0777));
	need(symlink("f", "l"));
	need(symlink("absent", "dangling"));
	describe("f", 1);
	describe("d", 1);
	describe("l", 1);
	describe("l", 0);
	describe("dangling", 1);
	describe("dangling", 0);
	describe("f/x", 1);
	describe("", 1);
	describe("/dev/null", 1);
	struct stat null;
	need(stat("/dev/null", &null));
	show(major(null.st_rdev));
	show(minor(null.st_rdev));
}

static void permissions(void)
{
	try(chmod("f", 0640));
	describe("f", 1);
	try(chmod("l", 0600));
	describe("f", 1);
	int fd = need(open("f", O_RDONLY));
	try(fchmod(fd, 0444));
	close(fd);
	describe("f", 1);
	try(chmod("absent", 0644));
	try(access("f", R_OK));
	try(access("f", X_OK));
	try(access("absent", F_OK));
	try(access("f", 64));
	show(umask(077));
	close(need(open("private", O_CREAT | O_WRONLY, 0666)));
	describe("private", 1);
	show(umask(022));
}

static void identity(void)
{
	struct stat a, b, c;
	need(link("f", "hard"));
	need(stat("f", &a));
	need(stat("hard", &b));
	need(stat("d", &c));
	show(a.st_ino == b.st_ino && a.st_dev == b.st_dev);
	show(a.st_ino != c.st_ino);
	describe("hard", 1);
	try(unlink("f"));
	describe("hard", 1);
	need(stat("hard", &b));
	show(a.st_ino == b.st_ino);
	try(link("d", "e"));
	try(link("absent", "e"));
	try(link("hard", "d"));
	need(rename("hard", "f"));
	need(stat("f", &b));
	show(a.st_ino == b.st_ino);
}

static void times(void)
{
	struct stat st;
	struct timespec set[2] = { { 1000000000, 123456789 }, { 1600000000, 987654321 } };
	try(utimensat(AT_FDCWD, "f", set, 0));
	need(stat("f", &st));
	show(st.st_atim.tv_sec);
	show(st.st_mtim.tv_sec);
	show(st.st_mtim.tv_nsec);
	set[0].tv_nsec = UTIME_OMIT;
	set[1].tv_nsec = UTIME_NOW;
	try(utimensat(AT_FDCWD, "f", set, 0));
	need(stat("f", &st));
	show(st.st_atim.tv_sec);
	show(llabs((long long)time(0) - st.st_mtim.tv_sec) < 5);
	set[0].tv_nsec = 1000000000;
	try(utimensat(AT_FDCWD, "f", set, 0));
	set[0] = (struct timespec){ -5, 0 };
	set[1] = (struct timespec){ 5000000000LL, 0 };
	int fd = need(open("f", O_RDONLY));
	try(futimens(fd, set));
	need(fstat(fd, &st));
	show(st.st_atim.tv_sec);
	show(st.st_mtim.tv_sec);
	close(fd);
	/* Writing sets mtime and ctime, reading neither. */
	need(chmod("f", 0644));
	fd = need(open("f", O_RDWR));
	need(write(fd, "x", 1));
	need(fstat(fd, &st));
	show(llabs((long long)time(0) - st.st_mtim.tv_sec) < 5);
	close(fd);
	struct timespec of_link[2] = { { 1, 0 }, { 2, 0 } };
	try(utimensat(AT_FDCWD, "l", of_link, AT_SYMLINK_NOFOLLOW));
	need(lstat("l", &st));
	show(st.st_mtim.tv_sec);
	need(stat("l", &st));
	show(st.st_mtim.tv_sec > 2);
}

static void by_descriptor(void)
{
	struct stat st;
	int fds[2];
	need(pipe(fds));
	need(fstat(fds[0], &st));
	show(S_ISFIFO(st.st_mode));
	close(fds[0]);
	try(fstat(fds[0], &st));
	int d = need(open("d", O_PATH));
	need(fstat(d, &st));
	show(S_ISDIR(st.st_mode));
	try(read(d, &st, 1));
	close(d);
	close(fds[1]);
}

int main(void)
{
	types();
	permissions();
	identity();
	times();
	by_descriptor();
	return 0;
}
