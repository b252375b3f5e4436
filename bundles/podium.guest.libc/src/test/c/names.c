/* rename, link, unlink, symbolic links: the whole meaning of names. */
#include "check.h"
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { NOREPLACE = 1, EXCHANGE = 2 };

/* Not every C library has a function for it. */
static int rename2(const char *from, const char *to, int flags)
{
	return syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, flags);
}

static void write_file(const char *name, const char *text)
{
	int fd = need(open(name, O_CREAT | O_TRUNC | O_WRONLY, 0644));
	need(write(fd, text, strlen(text)));
	close(fd);
}

static void read_file(const char *name)
{
	char buf[100];
	int fd = open(name, O_RDONLY);
	ssize_t n = fd < 0 ? -1 : read(fd, buf, sizeof buf - 1);
	if (n < 0) printf("%s: errno %d\n", name, errno);
	else printf("%s: '%.*s'\n", name, (int)n, buf);
	if (fd >= 0) close(fd);
}

static void renaming(void)
{
	write_file("old", "old");
	write_file("new", "new");
	int held = need(open("new", O_RDONLY));
	try(rename("old", "new"));
	read_file("new");
	read_file("old");
	char buf[10];
	show(read(held, buf, 10));
	printf("%.3s\n", buf);
	close(held);
	try(rename("absent", "x"));
	try(rename("new", "no/such"));
	try(rename("new", "new"));
	try(rename("new", "renamed/"));
	need(mkdir("d", 0755));
	need(mkdir("empty", 0755));
	need(mkdir("full", 0755));
	write_file("full/x", "x");
	try(rename("new", "d"));
	try(rename("d", "new"));
	try(rename("d", "full"));
	try(rename("d", "empty"));
	try(rename("d", "e"));
	try(rename("full", "full/inside"));
	try(rename("full/", "moved/"));
	read_file("moved/x");
	try(rename("empty", "moved/."));
	try(rename(".", "y"));
	try(rename2("new", "moved/x", NOREPLACE));
	try(rename2("new", "fresh", NOREPLACE));
	try(rename2("fresh", "moved/x", EXCHANGE));
	read_file("fresh");
	read_file("moved/x");
	/* Two names of one file: rename does nothing. */
	need(link("fresh", "same"));
	try(rename("fresh", "same"));
	read_file("fresh");
	read_file("same");
}

static void links(void)
{
	char buf[PATH_MAX];
	write_file("target", "content");
	try(symlink("target", "s"));
	try(symlink("target", "s"));
	try(symlink("", "nothing"));
	show(readlink("s", buf, sizeof buf));
	printf("%.6s\n", buf);
	show(readlink("s", buf, 3));
	try(readlink("target", buf, sizeof buf));
	try(readlink("absent", buf, sizeof buf));
	read_file("s");
	write_file("s", "through the link");
	read_file("target");
	try(open("s", O_RDONLY | O_NOFOLLOW));
	need(symlink("dangling-target", "dangling"));
	read_file("dangling");
	try(open("dangling", O_CREAT | O_EXCL | O_WRONLY, 0644));
	write_file("dangling", "made");
	read_file("dangling-target");
	need(symlink("loop2", "loop1"));
	need(symlink("loop1", "loop2"));
	try(open("loop1", O_RDONLY));
	need(mkdir("dir", 0755));
	need(symlink("dir", "to-dir"));
	need(symlink("../target", "dir/up"));
	read_file("to-dir/up");
	try(access("to-dir/", F_OK));
	try(access("s/", F_OK));
	try(rmdir("to-dir"));
	try(unlink("to-dir/"));
	try(unlink("to-dir"));
	try(access("dir", F_OK));
	/* A hard link to a symbolic link is one, too. */
	try(linkat(AT_FDCWD, "s", AT_FDCWD, "s-hard", 0));
	struct stat st;
	need(lstat("s-hard", &st));
	show(S_ISLNK(st.st_mode));
	try(linkat(AT_FDCWD, "s", AT_FDCWD, "followed", AT_SYMLINK_FOLLOW));
	need(lstat("followed", &st));
	show(S_ISREG(st.st_mode));
	/* 40 links in a row are followed, 41 are not. */
	char name[20], next[20] = "target";
	for (int i = 1; i <= 41; i++) {
		sprintf(name, "chain%d", i);
		need(symlink(next, name));
		strcpy(next, name);
	}
	try(access("chain40", F_OK));
	try(access("chain41", F_OK));
}

static void canonical(void)
{
	char here[PATH_MAX], path[PATH_MAX];
	need(getcwd(here, sizeof here) ? 0 : -1);
	show(realpath("dir/../s", path) != 0);
	show(!strncmp(path, here, strlen(here)));
	shows(path + strlen(here));
	show(realpath("absent", path) == 0 ? errno : 0);
	show(realpath("loop1", path) == 0 ? errno : 0);
}

int main(void)
{
	renaming();
	links();
	canonical();
	return 0;
}
