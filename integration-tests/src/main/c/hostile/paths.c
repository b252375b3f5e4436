/*
 * Ways out of a directory that was granted, by path and by symbolic link. /data can be written; what is on the host
 * beside the directory behind it is called "secret", and /data/planted, /data/planted-far lead there.
 *
 * A program for WASI has /data alone, and may not leave it: EPERM; outside of it there is nothing: ENOTCAPABLE. One for
 * Linux has the pod's root, which nothing leads out of.
 */
#include "../expect.h"

static char longest[5000];

static void names(void) {
  FAILS(opens("/data/../secret", O_RDONLY), HERE(ENOENT, EPERM));
  FAILS(opens("/data/../../../../../../../../secret", O_RDONLY), HERE(ENOENT, EPERM));
  FAILS(opens("/data/sub/../../secret", O_RDONLY), HERE(ENOENT, EPERM));
  FAILS(opens("/data/./sub/./../.././/secret", O_RDONLY), HERE(ENOENT, EPERM));
  FAILS(opens("/data/none/../../secret", O_RDONLY), ENOENT);
  FAILS(opens("/secret", O_RDONLY), HERE(ENOENT, ENOTCAPABLE));
  FAILS(opens("/datasecret", O_RDONLY), HERE(ENOENT, ENOTCAPABLE));
  FAILS(opens("", O_RDONLY), HERE(ENOENT, ENOTCAPABLE));
  FAILS(opens("/data/\xff\xfe\xc0\xae\xc0\xae/secret", O_RDONLY), ENOENT);
  FAILS(opens("/data/..\\secret", O_RDONLY), ENOENT);
  FAILS(opens("/data/%2e%2e/secret", O_RDONLY), ENOENT);
  WORKS(opens("/data/sub/..", O_RDONLY));
  WORKS(opens("/data/sub/../file", O_RDONLY));
  FAILS(opens("/data/file/", O_RDONLY), ENOTDIR);
  FAILS(opens("/data/file/..", O_RDONLY), ENOTDIR);
  FAILS(opens("/data/file/../../secret", O_RDONLY), ENOTDIR);
  FAILS(opens("/data/new/", O_CREAT | O_WRONLY), HERE(EISDIR, EISDIR));
  FAILS(mkdir("/data/../made", 0777), HERE(0, EPERM));
  FAILS(rmdir("/data/../made"), HERE(0, EPERM));
  FAILS(unlink("/data/../secret"), HERE(ENOENT, EPERM));
  FAILS(rename("/data/file", "/data/../moved"), HERE(EXDEV, EPERM));
  FAILS(rename("/data/../secret", "/data/moved"), HERE(EXDEV, EPERM));
  FAILS(link("/data/../secret", "/data/stolen"), HERE(ENOENT, EPERM));
  FAILS(link("/data/file", "/data/../put"), HERE(EXDEV, EPERM));
  FAILS(rename("/data/.", "/data/moved"), HERE(EBUSY, EBUSY));
  FAILS(rename("/data/sub", "/data/sub/below"), EINVAL);
  FAILS(rmdir("/data/sub/."), EINVAL);
}

static void lengths(void) {
  memset(longest, 'a', sizeof longest - 1);
  memcpy(longest, "/data/", 6);
  FAILS(opens(longest, O_RDONLY), ENAMETOOLONG);
  FAILS(mkdir(longest, 0777), ENAMETOOLONG);
  FAILS(symlink(longest, "/data/too-long"), HERE(ENAMETOOLONG, ENAMETOOLONG));
  longest[6 + 256] = 0;
  FAILS(opens(longest, O_RDONLY), ENAMETOOLONG);
  FAILS(opens(longest, O_CREAT | O_WRONLY), ENAMETOOLONG);
  FAILS(mkdir(longest, 0777), ENAMETOOLONG);
  longest[6 + 255] = 0;
  FAILS(opens(longest, O_RDONLY), ENOENT);
  WORKS(mkdir(longest, 0777));
  WORKS(rmdir(longest));
}

/* Links that were on the host before: the host's targets are there, and the pod's are not. */
static void planted(void) {
  struct stat status;
  char text[99];
  static const char *const links[] = {"/data/planted", "/data/planted-far"};
  for (int i = 0; i < 2; i++) {
    int out = HERE(ENOENT, EPERM);
    FAILS(opens(links[i], O_RDONLY), out);
    FAILS(opens(links[i], O_WRONLY | O_TRUNC), out);
    FAILS(stat(links[i], &status), out);
    FAILS(access(links[i], F_OK), out);
    FAILS(link(links[i], "/data/hard"), 0); /* the link itself, not what it leads to */
    FAILS(opens("/data/hard", O_RDONLY), out);
    WORKS(unlink("/data/hard"));
    WORKS(lstat(links[i], &status));
    HOLDS(S_ISLNK(status.st_mode));
    HOLDS(readlink(links[i], text, sizeof text) > 0);
  }
  /* A link to "..", which is the pod's root on Linux. */
  FAILS(opens("/data/planted-folder/secret", O_RDONLY), HERE(ENOENT, EPERM));
  FAILS(opens("/data/planted-folder/new", O_CREAT | O_WRONLY), HERE(0, EPERM));
  FAILS(mkdir("/data/planted-folder/made", 0777), HERE(0, EPERM));
  FAILS(unlink("/data/planted-folder/secret"), HERE(ENOENT, EPERM));
  FAILS(rename("/data/file", "/data/planted-folder/file"), HERE(EXDEV, EPERM));
  FAILS(link("/data/file", "/data/planted-folder/file"), HERE(EXDEV, EPERM));
  FAILS((long)opendir("/data/planted-folder") ? 0 : -1, HERE(0, EPERM));
  FAILS(unlink("/new"), HERE(0, ENOTCAPABLE));
  FAILS(rmdir("/made"), HERE(0, ENOTCAPABLE));
}

/* Links that it makes itself. */
static void links(void) {
  struct stat status;
  int out = HERE(ENOENT, EPERM);
  FAILS(symlink("/secret", "/data/absolute"), HERE(0, EPERM));
  FAILS(opens("/data/absolute", O_RDONLY), ENOENT);
  WORKS(symlink("../secret", "/data/outward"));
  FAILS(opens("/data/outward", O_RDONLY), out);
  FAILS(opens("/data/outward", O_RDONLY | O_NOFOLLOW), ELOOP);
  FAILS(opens("/data/outward/", O_RDONLY), out);
  FAILS(opens("/data/outward/..", O_RDONLY), out);
  FAILS(stat("/data/outward/", &status), out);
  FAILS(lstat("/data/outward/", &status), out);
  FAILS(rename("/data/outward/", "/data/moved"), HERE(ENOTDIR, ENOTDIR));
  FAILS(mkdir("/data/outward", 0777), EEXIST);
  FAILS(mkdir("/data/outward/", 0777), HERE(EEXIST, EEXIST));
  FAILS(rmdir("/data/outward"), ENOTDIR);
  WORKS(symlink("sub/back", "/data/chain"));
  WORKS(symlink("../outward", "/data/sub/back"));
  FAILS(opens("/data/chain", O_RDONLY), out);
  FAILS(opens("/data/sub/back", O_RDONLY), out);
  WORKS(symlink("../../../../..", "/data/sub/far"));
  FAILS(opens("/data/sub/far/secret", O_RDONLY), out);
  FAILS(opens("/data/sub/far/data/../secret", O_RDONLY), out);
  WORKS(symlink("loop", "/data/loop"));
  FAILS(opens("/data/loop", O_RDONLY), ELOOP);
  FAILS(opens("/data/loop/x", O_RDONLY), ELOOP);
  FAILS(opens("/data/loop", O_CREAT | O_WRONLY), ELOOP);
  /* An O_CREAT through a link that dangles and leads out: on Linux it is the pod's file. */
  FAILS(opens("/data/outward", O_CREAT | O_EXCL | O_WRONLY), EEXIST);
  FAILS(opens("/data/outward", O_CREAT | O_WRONLY), HERE(0, EPERM));
  FAILS(unlink("/secret"), HERE(0, ENOTCAPABLE));
  /* A link to a file that is moved away below it leads where it says, not where it led. */
  WORKS(symlink("sub/../file", "/data/inward"));
  WORKS(opens("/data/inward", O_RDONLY));
  WORKS(rename("/data/sub", "/data/elsewhere"));
  FAILS(opens("/data/inward", O_RDONLY), ENOENT);
  FAILS(opens("/data/elsewhere/back", O_RDONLY), out);
  WORKS(rename("/data/elsewhere", "/data/sub"));
}

#ifdef __wasi__
__attribute__((import_module("wasi_snapshot_preview1"), import_name("path_open"))) int32_t path_open(
    int32_t fd, int32_t lookup, const char *path, uint32_t length, int32_t how, int64_t rights, int64_t inheriting,
    int32_t flags, int32_t *result);

static int raw_open(int fd, const char *path, uint32_t length) {
  int32_t opened;
  int error = path_open(fd, 1, path, length, 0, __WASI_RIGHTS_FD_READ, 0, 0, &opened);
  return error ? error : close(opened);
}

/* Paths that no C library made: their lengths are told, and a NUL is a character of theirs that no name has. */
static void rawPaths(void) {
  RETURNS(raw_open(3, "/secret", 7), EPERM);
  RETURNS(raw_open(3, "/data/file", 10), EPERM);
  RETURNS(raw_open(3, "..", 2), EPERM);
  RETURNS(raw_open(3, "../secret", 9), EPERM);
  RETURNS(raw_open(3, "sub/../../data/file", 19), EPERM);
  RETURNS(raw_open(3, "file", 4), 0);
  RETURNS(raw_open(3, "file\0/../../secret", 18), EINVAL);
  RETURNS(raw_open(3, "file\0", 5), EINVAL);
  RETURNS(raw_open(3, (const char *)16, 0x7fffffff), ENAMETOOLONG);
  RETURNS(raw_open(3, (const char *)16, 0xffffffffu), ENAMETOOLONG);
  RETURNS(raw_open(3, (const char *)0xfffffff0u, 8), EFAULT);
  RETURNS(raw_open(3, (const char *)0xfffffff0u, 32), EFAULT);
  RETURNS(raw_open(3, "file", 0), ENOENT);
  RETURNS(raw_open(1, "file", 4), ENOTDIR);
  RETURNS(raw_open(77, "file", 4), EBADF);
}
#else
static void rawPaths(void) {
  FAILS(opens((const char *)0xfffffff0u, O_RDONLY), EFAULT);
  FAILS(opens("/data/file\0/../../secret", O_RDONLY), 0); /* ends at the NUL */
}
#endif

int main(void) {
  WORKS(mkdir("/data/sub", 0777));
  WORKS(opens("/data/file", O_CREAT | O_WRONLY));
  names();
  lengths();
  links();
  rawPaths();
  planted();
  return verdict();
}
