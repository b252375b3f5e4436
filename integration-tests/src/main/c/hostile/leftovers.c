/* Bytes that somebody else left: of memory, and of files. Run it twice to find its own. */
#include "../expect.h"

#define SIZE (8 << 20)

static int zero(const char *at, size_t size) {
  for (size_t i = 0; i < size; i++)
    if (at[i]) return 0;
  return 1;
}

static void memory(void) {
  /* Blocks of this size are fresh memory to a C library, which does not clear them. */
  for (int round = 0; round < 3; round++) {
    char *block = HERE(malloc(SIZE), (char *)(__builtin_wasm_memory_grow(0, SIZE >> 16) << 16));
    HOLDS(block && block != (char *)-65536 && zero(block + 64, SIZE - 64));
    memset(block, 0xa5, SIZE);
    if (HERE(1, 0)) free(block);
  }
}

static char block[1 << 16];

static int filesAreZero(int fd, off_t size) {
  for (off_t at = 0; at < size; at += sizeof block) {
    memset(block, 0xff, sizeof block);
    ssize_t count = pread(fd, block, sizeof block, at);
    if (count <= 0 || !zero(block, count)) return 0;
  }
  return 1;
}

static void files(void) {
  struct stat status;
  int fd = open("/data/left", O_CREAT | O_RDWR | O_TRUNC, 0666);
  WORKS(fd);
  memset(block, 0xa5, sizeof block);
  for (int i = 0; i < 32; i++) HOLDS(write(fd, block, sizeof block) == sizeof block);
  WORKS(ftruncate(fd, 0));
  WORKS(ftruncate(fd, 2 << 20));
  HOLDS(filesAreZero(fd, 2 << 20));
  HOLDS(pwrite(fd, "x", 1, 1000) == 1);
  WORKS(ftruncate(fd, 1000));
  WORKS(ftruncate(fd, 5000));
  HOLDS(filesAreZero(fd, 5000));
  memset(block, 0xa5, sizeof block);
  for (int i = 0; i < 32; i++) HOLDS(pwrite(fd, block, sizeof block, (off_t)i << 16) == sizeof block);
  close(fd);
  WORKS(unlink("/data/left"));
  /* What its blocks become next. */
  fd = open("/data/next", O_CREAT | O_RDWR | O_EXCL, 0666);
  WORKS(fd);
  RETURNS(posix_fallocate(fd, 0, 1 << 20), 0);
  HOLDS(pwrite(fd, "", 1, (2 << 20) - 1) == 1);
  HOLDS(filesAreZero(fd, 2 << 20));
  HOLDS(!fstat(fd, &status) && status.st_size == 2 << 20);
  memset(block, 1, sizeof block);
  HOLDS(pread(fd, block, sizeof block, (2 << 20) - 10) == 10);
  HOLDS(block[10] == 1);
  close(fd);
  WORKS(unlink("/data/next"));
}

int main(void) {
  memory();
  files();
  return verdict();
}
