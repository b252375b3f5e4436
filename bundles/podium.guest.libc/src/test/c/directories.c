#include "check.h"
#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

static int by_name(const void *a, const void *b) { return strcmp(*(char **)a, *(char **)b); }

static void list(const char *path)
{
	char *names[300];
	int n = 0;
	DIR *dir = opendir(path);
	if (!dir) {
		printf("opendir %s: errno %d\n", path, errno);
		return;
	}
	for (struct dirent *e; (e = readdir(dir)); ) {
		char text[300];
		snprintf(text, sizeof text, "%s(%s)", e->d_name,
			e->d_type == DT_DIR ? "d" : e->d_type == DT_REG ? "f" : e->d_type == DT_LNK ? "l" : "?");
		names[n++] = strdup(text);
	}
	closedir(dir);
	qsort(names, n, sizeof *names, by_name);
	printf("%s:", path);
	for (int i = 0; i < n; i++) printf(" %s", names[i]);
	puts("");
}

static void touch(const char *name) { close(need(open(name, O_CREAT | O_WRONLY, 0644))); }

static void making_and_removing(void)
{
	try(mkdir("d", 0755));
	try(mkdir("d", 0755));
	try(mkdir("no/such", 0755));
	try(mkdir("d/e", 0755));
	try(mkdir("d/e/", 0755));
	try(mkdir("d/slash/", 0755));
	touch("d/f");
	try(symlink("f", "d/l"));
	list("d");
	list("d/f");
	list("absent");
	try(rmdir("d"));
	try(rmdir("d/f"));
	try(unlink("d/e"));
	try(rmdir("d/e/."));
	try(rmdir("d/e"));
	try(rmdir("d/slash/"));
	try(rmdir("d/e"));
	list("d");
}

static void working_directory(void)
{
	char start[PATH_MAX], now[PATH_MAX];
	need(getcwd(start, sizeof start) ? 0 : -1);
	need(mkdir("w", 0755));
	try(chdir("w"));
	need(getcwd(now, sizeof now) ? 0 : -1);
	show(!strncmp(now, start, strlen(start)) && !strcmp(now + strlen(start), "/w"));
	touch("here");
	try(access("../w/here", F_OK));
	try(access("./.././w/./here", F_OK));
	try(access("here/", F_OK));
	try(access("here/..", F_OK));
	try(chdir(".."));
	try(chdir("w/here"));
	try(chdir("absent"));
	show(getcwd(now, 1) == 0 && errno == ERANGE);
	int fd = need(open("w", O_RDONLY | O_DIRECTORY));
	try(fchdir(fd));
	try(access("here", F_OK));
	need(chdir(start));
	close(fd);
}

static void relative_to_a_descriptor(void)
{
	int w = need(open("w", O_RDONLY | O_DIRECTORY));
	int fd = openat(w, "there", O_CREAT | O_WRONLY, 0600);
	show(fd > w);
	close(fd);
	try(mkdirat(w, "sub", 0700));
	try(faccessat(w, "there", F_OK, 0));
	try(unlinkat(w, "sub", 0));
	try(unlinkat(w, "sub", AT_REMOVEDIR));
	int file = need(openat(w, "there", O_RDONLY));
	try(openat(file, "x", O_RDONLY));
	try(openat(12345, "x", O_RDONLY));
	try(access("/", F_OK));
	close(file);
	close(w);
	list("w");
}

static void many_entries(void)
{
	char name[32];
	need(mkdir("many", 0755));
	for (int i = 0; i < 200; i++) {
		sprintf(name, "many/entry-%03d", i);
		touch(name);
	}
	DIR *dir = opendir("many");
	int seen = 0;
	long place = 0;
	char at_place[256] = "";
	for (struct dirent *e; (e = readdir(dir)); seen++) {
		if (seen == 99) place = telldir(dir);
		if (seen == 100) strcpy(at_place, e->d_name);
	}
	show(seen);
	seekdir(dir, place);
	show(!strcmp(readdir(dir)->d_name, at_place));
	rewinddir(dir);
	/* Removing what was read must not hide what was not. */
	int removed = 0;
	for (struct dirent *e; (e = readdir(dir)); ) {
		if (e->d_name[0] == '.') continue;
		snprintf(name, sizeof name, "many/%s", e->d_name);
		removed += unlink(name) == 0;
	}
	show(removed);
	closedir(dir);
	try(rmdir("many"));
}

static void long_names(void)
{
	char name[300];
	memset(name, 'n', sizeof name);
	name[255] = 0;
	try(mkdir(name, 0755));
	try(rmdir(name));
	name[255] = 'n', name[256] = 0;
	try(mkdir(name, 0755));
	char *path = malloc(PATH_MAX + 2);
	memset(path, '/', PATH_MAX + 1);
	path[PATH_MAX + 1] = 0;
	try(access(path, F_OK));
	free(path);
}

static void removed_working_directory(void)
{
	char buf[PATH_MAX];
	need(mkdir("lost", 0755));
	need(chdir("lost"));
	try(rmdir("../lost"));
	show(getcwd(buf, sizeof buf) == 0 ? errno : 0);
	try(open("x", O_CREAT | O_WRONLY, 0600));
	try(mkdir("y", 0700));
}

int main(void)
{
	making_and_removing();
	working_directory();
	relative_to_a_descriptor();
	many_entries();
	long_names();
	removed_working_directory();
	return 0;
}
