/*
 * Granted nothing. A program for WASI then has no directory at all; one for Linux has a root of its pod's own, which is
 * nobody else's and gone with the pod.
 */
#include "../expect.h"

int main(void) {
  FAILS(opens("/made", O_CREAT | O_EXCL | O_WRONLY), HERE(0, ENOTCAPABLE));
  FAILS(opens("made", O_CREAT | O_WRONLY), HERE(0, ENOTCAPABLE));
  FAILS(opens("/data", O_RDONLY), HERE(ENOENT, ENOTCAPABLE));
  FAILS(mkdir("/folder", 0777), HERE(0, ENOTCAPABLE));
#ifdef __wasi__
  __wasi_prestat_t directory;
  __wasi_fd_t fd;
  for (int i = 0; i < 64; i++) {
    RETURNS(__wasi_fd_prestat_get(i, &directory), EBADF);
    RETURNS(__wasi_path_open(i, 0, "made", __WASI_OFLAGS_CREAT, __WASI_RIGHTS_FD_WRITE, 0, 0, &fd), i < 3 ? ENOTDIR : EBADF);
  }
#endif
  return verdict();
}
