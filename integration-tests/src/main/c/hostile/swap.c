/*
 * Opens what is a directory of /data one moment and a link out of it the next, until it has seen enough of both, and
 * says what it saw of "file" there that is not "inside". With an argument it is the one that swaps them.
 */
#include "../expect.h"

#define ENOUGH 500

static int swaps(void) {
  for (;;) {
    rename("/data/swapped", "/data/folder");
    rename("/data/link", "/data/swapped");
    rename("/data/swapped", "/data/link");
    rename("/data/folder", "/data/swapped");
  }
}

static int reads(void) {
  char text[8] = "";
  struct stat status;
  if (!stat("/data/swapped/file", &status)) HOLDS(status.st_size == 6);
  int fd = open("/data/swapped/file", O_RDONLY);
  if (fd < 0) {
    HOLDS(errno == ENOENT || errno == ENOTDIR || errno == HERE(ENOENT, EPERM));
    return 0;
  }
  HOLDS(read(fd, text, 8) == 6 && !memcmp(text, "inside", 6));
  close(fd);
  return 1;
}

static void writes(int i) {
  char path[32];
  snprintf(path, sizeof path, "/data/swapped/made-%d", i % 64);
  int fd = open(path, O_CREAT | O_WRONLY, 0666);
  if (fd >= 0) close(fd);
  mkdir("/data/swapped/below", 0777);
  rename(path, "/data/swapped/below/renamed");
  link("/data/swapped/file", "/data/swapped/hard");
  unlink("/data/swapped/below/renamed");
  unlink("/data/swapped/hard");
  unlink(path);
  rmdir("/data/swapped/below");
}

int main(int count, char **arguments) {
  if (count > 1) return swaps();
  int inside = 0, refused = 0;
  for (int i = 0; !missed && (inside < ENOUGH || refused < ENOUGH); i++) {
    if (reads()) inside++;
    else refused++;
    if (i % 4 == 0) writes(i);
  }
  return verdict();
}
