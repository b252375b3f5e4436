/* Changes to /data, which is read-only and has a "file", an "empty" directory and a "link", and to /own, which is not. */
#include "../expect.h"

static const struct timespec times[2] = {{1, 0}, {1, 0}};

static void names(void) {
  struct stat status;
  FAILS(opens("/data/new", O_CREAT | O_WRONLY), EROFS);
  FAILS(opens("/data/file", O_WRONLY), EROFS);
  FAILS(opens("/data/file", O_RDWR), EROFS);
  FAILS(opens("/data/file", O_RDONLY | O_TRUNC), EROFS);
  FAILS(opens("/data/file", O_WRONLY | O_APPEND), EROFS);
  WORKS(opens("/data/file", O_RDONLY | O_CREAT));
  FAILS(mkdir("/data/made", 0777), EROFS);
  FAILS(rmdir("/data/empty"), EROFS);
  FAILS(unlink("/data/file"), EROFS);
  FAILS(symlink("file", "/data/made"), EROFS);
  FAILS(rename("/data/file", "/data/moved"), EROFS);
  FAILS(link("/data/file", "/data/hard"), EROFS);
  FAILS(utimensat(AT_FDCWD, "/data/file", times, 0), EROFS);
  FAILS(utimensat(AT_FDCWD, "/data/link", times, AT_SYMLINK_NOFOLLOW), EROFS);
  WORKS(opens("/own/mine", O_CREAT | O_WRONLY));
  FAILS(rename("/data/file", "/own/file"), EXDEV);
  FAILS(link("/data/file", "/own/file"), EXDEV);
  FAILS(rename("/own/mine", "/data/mine"), EXDEV);
  FAILS(link("/own/mine", "/data/mine"), EXDEV);
  WORKS(symlink("../data/file", "/own/link"));
  FAILS(opens("/own/link", O_WRONLY | O_TRUNC), HERE(EROFS, EPERM));
  WORKS(stat("/data/file", &status));
  HOLDS(status.st_size == 4 && status.st_mtim.tv_sec > 1);
#ifndef __wasi__
  FAILS(chmod("/data/file", 0777), EROFS);
  FAILS(truncate("/data/file", 0), EROFS);
  FAILS(access("/data/file", W_OK), EROFS);
#endif
}

/* Through a file that is open for reading. */
static void files(void) {
  int fd = open("/data/file", O_RDONLY);
  WORKS(fd);
  FAILS(write(fd, "x", 1), EBADF);
  FAILS(pwrite(fd, "x", 1, 0), EBADF);
  FAILS(ftruncate(fd, 0), HERE(EINVAL, ENOTCAPABLE));
  RETURNS(posix_fallocate(fd, 0, 100), HERE(EBADF, ENOTCAPABLE));
  FAILS(futimens(fd, times), EROFS);
#ifdef __wasi__
  RETURNS(__wasi_fd_fdstat_set_rights(fd, __WASI_RIGHTS_FD_READ | __WASI_RIGHTS_FD_WRITE, 0), ENOTCAPABLE);
  RETURNS(__wasi_path_filestat_set_times(3, 0, "file", 1, 1, __WASI_FSTFLAGS_MTIM), EROFS);
#else
  FAILS(fchmod(fd, 0777), EROFS);
  FAILS(fchown(fd, 0, 0), EROFS);
#endif
  FAILS(fcntl(fd, F_SETFL, O_RDWR), 0); /* which changes no access */
  FAILS(write(fd, "x", 1), EBADF);
  WORKS(fsync(fd));
  close(fd);
}

int main(void) {
  names();
  files();
  return verdict();
}
