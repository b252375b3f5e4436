/* What a hostile program asks of the system beyond the C library: a line each, with the error. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wasi/api.h>

static __wasi_fd_t root;

static void say(const char *what, int error) { printf("%s: %d\n", what, error); }

static int open_at(const char *path, __wasi_lookupflags_t lookup, __wasi_oflags_t how) {
  __wasi_fd_t fd;
  int error = __wasi_path_open(root, lookup, path, how, __WASI_RIGHTS_FD_READ, 0, 0, &fd);
  if (!error) (void)__wasi_fd_close(fd);
  return error;
}

static void paths(void) {
  static char longest[5000];
  memset(longest, 'a', sizeof longest - 1);
  say("absolute", open_at("/etc/passwd", 1, 0));
  say("above", open_at("..", 1, 0));
  say("above, later", open_at("sub/../../etc", 1, 0));
  say("below and back", open_at("sub/..", 1, 0));
  say("long path", open_at(longest, 1, 0));
  longest[300] = 0;
  say("long name", open_at(longest, 1, 0));
  say("absolute link", __wasi_path_symlink("/etc/passwd", root, "absolute"));
  say("outward link", __wasi_path_symlink("../etc/passwd", root, "outward"));
  say("through it", open_at("outward", 1, 0));
  say("not through it", open_at("outward", 0, 0));
  say("create through it", open_at("outward", 1, __WASI_OFLAGS_CREAT));
  say("chain", __wasi_path_symlink("sub/../outward", root, "chain"));
  say("through the chain", open_at("chain", 1, 0));
  say("loop", __wasi_path_symlink("loop", root, "loop"));
  say("through the loop", open_at("loop", 1, 0));
  say("link with a slash", open_at("outward/", 1, 0));
  say("rename out", __wasi_path_rename(root, "outward", root, "../moved"));
  say("rename the root", __wasi_path_rename(root, ".", root, "moved"));
  say("unlink above", __wasi_path_unlink_file(root, "../etc/passwd"));
  say("make above", __wasi_path_create_directory(root, "../made"));
  say("hard link from above", __wasi_path_link(root, 0, "../etc/passwd", root, "stolen"));
  __wasi_filestat_t status;
  say("stat above", __wasi_path_filestat_get(root, 1, "../etc", &status));
  say("jump", open_at("proc/self/fd/0", 1, 0));
}

static void sizes(void) {
  static __wasi_ciovec_t out[2000];
  static __wasi_iovec_t in[2000];
  __wasi_size_t done;
  for (int i = 0; i < 2000; i++) {
    out[i].buf = 0;
    out[i].buf_len = 0xffff0000u;
    in[i].buf = 0;
    in[i].buf_len = 0xffff0000u;
  }
  say("random beyond the memory", __wasi_random_get((uint8_t *)16, 1 << 30));
  say("random of all there is", __wasi_random_get((uint8_t *)16, 0xffffffffu));
  say("write one of 4 GiB", __wasi_fd_write(1, out, 1, &done));
  say("write 4 TiB", __wasi_fd_write(1, out, 1024, &done));
  say("write more parts than there may be", __wasi_fd_write(1, out, 2000, &done));
  say("read 4 TiB", __wasi_fd_read(0, in, 1024, &done));
  say("as many parts as a word counts", __wasi_fd_write(1, out, 0xffffffffu, &done));
  uint8_t *room = malloc(64 << 20);
  say("random of 64 MiB", __wasi_random_get(room, 64 << 20));
  for (int i = 0; i < 1024; i++) {
    out[i].buf = room;
    out[i].buf_len = 64 << 20;
  }
  say("the same 64 MiB 1024 times", __wasi_fd_write(1, out, 1024, &done));
  say("count to nowhere", __wasi_fd_write(1, out, 0, (__wasi_size_t *)0xfffffffcu));
  say("directory entries to nowhere",
      __wasi_fd_readdir(root, (uint8_t *)0, 0xffffffffu, 0, &done));
  __wasi_event_t event;
  static __wasi_subscription_t subscription;
  say("poll nothing", __wasi_poll_oneoff(&subscription, &event, 0, &done));
  say("poll everything", __wasi_poll_oneoff(&subscription, &event, 0xffffffffu, &done));
  say("arguments to nowhere", __wasi_args_get((uint8_t **)0xfffffff0u, (uint8_t *)0));
  say("negative place", __wasi_fd_pread(0, in, 0, (__wasi_filesize_t)-1, &done));
}

static void descriptors(void) {
  __wasi_fd_t fd = 0;
  int count = 0, error;
  while (!(error = __wasi_path_open(root, 0, ".", 0, 0, 0, 0, &fd))) count++;
  say("descriptors", error);
  printf("as many as allowed: %d\n", count > 10 && fd < 1024);
  while (fd > root) (void)__wasi_fd_close(fd--);
  say("renumber what is not open", __wasi_fd_renumber(500, 1));
  say("renumber to what is not open", __wasi_fd_renumber(1, 500));
  say("close what is not open", __wasi_fd_close(0xffffffffu));
  say("more rights than it has",
      __wasi_fd_fdstat_set_rights(root, ~0ull, ~0ull));
  say("none", __wasi_fd_fdstat_set_rights(root, 0, 0));
  say("open without any", open_at("sub", 1, 0));
}

int main(void) {
  root = 3;
  (void)__wasi_path_create_directory(root, "sub");
  paths();
  sizes();
  descriptors();
  size_t taken = 0;
  while (malloc(1 << 20)) taken++;
  printf("memory ends: %d\n", taken > 1 && taken < 2000);
  return 0;
}
