/* What a hostile program asks of the system by Linux system calls: a line each, with the error. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

static void say(const char *what, long result) {
  printf("%s: %s\n", what, result < 0 ? strerror(errno) : "done");
}

static void try(const char *what, const char *path, int flags) {
  int fd = open(path, flags, 0600);
  say(what, fd);
  if (fd >= 0) close(fd);
}

static void paths(void) {
  static char longest[5000];
  memset(longest, 'a', sizeof longest - 1);
  try("far above", "../../../../../../etc/shadow", O_RDONLY);
  try("long path", longest, O_RDONLY);
  longest[300] = 0;
  try("long name", longest, O_RDONLY);
  mkdir("/jail", 0700);
  say("outward link", symlink("../../../../etc/shadow", "/jail/outward"));
  try("through it", "/jail/outward", O_RDONLY);
  try("not through it", "/jail/outward", O_RDONLY | O_NOFOLLOW);
  say("dangling link", symlink("/../../made", "/jail/dangling"));
  try("create through it", "/jail/dangling", O_CREAT | O_WRONLY);
  say("what was made is in the pod", access("/made", F_OK));
  say("loop", symlink("loop", "/jail/loop"));
  try("through the loop", "/jail/loop", O_RDONLY);
  try("link with a slash", "/jail/dangling/", O_RDONLY);
  say("rename a link with a slash", rename("/jail/dangling/", "/jail/moved"));
}

static void sizes(void) {
  static struct iovec parts[2000];
  for (int i = 0; i < 2000; i++) parts[i] = (struct iovec){(void *)16, 0x7fffffff};
  say("random beyond the memory", getrandom((void *)16, 1u << 30, 0));
  say("write 2 TiB", writev(1, parts, 1024));
  say("read 2 TiB", readv(0, parts, 1024));
  say("more parts than there may be", writev(1, parts, 2000));
  parts[0].iov_len = 0xffffffffu;
  say("one of 4 GiB", writev(1, parts, 1));
  say("write from nowhere", write(1, (void *)0xfffffff0u, 32));
  say("read to nowhere", pread(0, (void *)0xfffffff0u, 32, 0));
}

int main(void) {
  paths();
  sizes();
  int count = 0;
  while (dup(1) >= 0) count++;
  say("descriptors", -1);
  printf("as many as allowed: %d\n", count > 10 && count < 1024);
  size_t taken = 0;
  for (void *volatile p; (p = malloc(1 << 20));) taken++;
  printf("memory ends: %d\n", taken > 100 && taken < 2000);
  return 0;
}
