/* inotify */
#include "check.h"
#include <fcntl.h>
#include <poll.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

static int in;

static void drain(const char *after)
{
	char buf[4096] __attribute__((aligned(8)));
	unsigned cookie = 0;
	ssize_t n = read(in, buf, sizeof buf);
	printf("after %s:", after);
	if (n < 0) printf(" errno %d", errno);
	for (ssize_t at = 0; at < n; ) {
		struct inotify_event *e = (void *)(buf + at);
		printf(" %x", e->mask);
		if (e->len) printf("(%s)", e->name);
		if (e->mask & IN_MOVED_FROM) cookie = e->cookie;
		if (e->mask & IN_MOVED_TO) printf("%s", cookie && e->cookie == cookie ? "=" : "!");
		at += sizeof *e + e->len;
	}
	puts("");
}

int main(void)
{
	in = need(inotify_init1(IN_NONBLOCK | IN_CLOEXEC));
	need(mkdir("d", 0755));
	int w = need(inotify_add_watch(in, "d", IN_CREATE | IN_DELETE | IN_MODIFY | IN_MOVE | IN_ATTRIB | IN_DELETE_SELF | IN_CLOSE_WRITE));
	show(w);
	drain("nothing");
	int fd = need(open("d/f", O_CREAT | O_WRONLY, 0644));
	drain("creating");
	need(write(fd, "x", 1));
	drain("writing");
	close(fd);
	drain("closing");
	need(chmod("d/f", 0600));
	drain("chmod");
	need(rename("d/f", "d/g"));
	drain("renaming");
	need(rename("d/g", "g"));
	drain("moving out");
	need(rename("g", "d/h"));
	drain("moving in");
	need(mkdir("d/sub", 0755));
	drain("mkdir");
	need(rmdir("d/sub"));
	drain("rmdir");
	need(unlink("d/h"));
	drain("unlinking");
	struct pollfd f = { in, POLLIN, 0 };
	try(poll(&f, 1, 0));
	close(need(open("d/again", O_CREAT | O_WRONLY, 0644)));
	try(poll(&f, 1, 1000));
	need(unlink("d/again"));
	drain("both");
	need(rmdir("d"));
	drain("removing the directory");
	try(inotify_rm_watch(in, w));
	try(inotify_add_watch(in, "absent", IN_CREATE));
	return 0;
}
