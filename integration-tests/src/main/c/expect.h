/*
 * What a program expects of the system. Programs may be compiled twice: for Linux's system calls and for WASI. An
 * expectation that is not met is a line of output; the last line says whether there were such.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#ifdef __wasi__
#include <wasi/api.h>
#define HERE(linux, wasi) (wasi)
#else
#define HERE(linux, wasi) (linux)
#endif

static int met, missed;

static void expect_(int line, const char *what, int is, int should) {
  if (is == should) {
    met++;
    return;
  }
  missed++;
  printf("%d: %s: %s, not %s\n", line, what, is ? strerror(is) : "done", should ? strerror(should) : "done");
}

/* A call that fails with an error; 0: that does not fail. */
#define FAILS(call, error) (errno = 0, expect_(__LINE__, #call, (long)(call) == -1 ? errno : 0, error))
#define WORKS(call) FAILS(call, 0)

/* A call whose errors are what it returns. */
#define RETURNS(call, error) expect_(__LINE__, #call, call, error)

static void holds_(int line, const char *what, int truth) {
  if (truth) {
    met++;
    return;
  }
  missed++;
  printf("%d: not so: %s\n", line, what);
}

#define HOLDS(condition) holds_(__LINE__, #condition, (condition) != 0)

/* An open(2) that leaves nothing open. */
static int opens(const char *path, int flags) {
  int fd = open(path, flags, 0666);
  return fd < 0 ? -1 : close(fd);
}

static int verdict(void) {
  printf("met: %s\n", missed ? "not all" : met ? "all" : "none");
  return missed != 0;
}
