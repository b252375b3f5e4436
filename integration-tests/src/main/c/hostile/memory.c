/* Sizes that would be the host's memory, if they were taken at their word. */
#include "../expect.h"
#ifndef __wasi__
#include <poll.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#endif

#define GIB (1u << 30)
#define NOWHERE ((void *)0xfffffff0u)

static char room[65536];
static struct iovec parts[2000];

static void fill(void *base, size_t length) {
  for (int i = 0; i < 2000; i++) parts[i] = (struct iovec){base, length};
}

#ifdef __wasi__
static int random_(void *at, size_t length) { return __wasi_random_get(at, length); }
#else
static int random_(void *at, size_t length) {
  for (size_t done = 0; done < length;) {
    ssize_t step = getrandom((char *)at + done, length - done, 0);
    if (step < 0) return errno;
    if (step == 0) return EIO;
    done += step;
  }
  return 0;
}
#endif

static void random_bytes(void) {
  RETURNS(random_((void *)16, GIB), EFAULT);
  RETURNS(random_(NOWHERE, 0x20), EFAULT);
  RETURNS(random_((void *)16, 0xffffffffu), EFAULT);
  RETURNS(random_(NOWHERE, 0), HERE(0, EFAULT));
  /* As much as there is room for is given, however much that is. */
  size_t size = 48 << 20;
  unsigned char *many = malloc(size);
  HOLDS(many);
  memset(many, 0, size);
  RETURNS(random_(many, size), 0);
  for (size_t at = 0; at < size; at += size / 64 - 1) {
    int bits = 0;
    for (int i = 0; i < 16; i++) bits |= many[at + i < size ? at + i : size - 1 - i];
    HOLDS(bits);
  }
  free(many);
}

static void vectors(void) {
  int fd = open("/data/vectors", O_CREAT | O_RDWR | O_TRUNC, 0666);
  WORKS(fd);
  fill((void *)16, 0x7fffffff); /* 2 TiB in 1024 parts */
  FAILS(writev(fd, parts, 1024), EFAULT);
  FAILS(readv(fd, parts, 1024), EFAULT);
  FAILS(writev(fd, parts, 2000), EINVAL);
  FAILS(readv(fd, parts, 2000), EINVAL);
  FAILS(writev(fd, parts, -1), EINVAL);
  FAILS(writev(fd, NOWHERE, 1024), EFAULT);
  fill((void *)16, 0xffffffffu);
  FAILS(writev(fd, parts, 1), EINVAL);
  FAILS(readv(fd, parts, 1), EINVAL);
  fill(NOWHERE, 32);
  FAILS(writev(fd, parts, 1), EFAULT);
  FAILS(writev(fd, parts, 2), EFAULT);
  FAILS(write(fd, (void *)16, GIB), EFAULT);
  FAILS(pread(fd, (void *)16, GIB, 0), EFAULT);
  struct stat status;
  HOLDS(!fstat(fd, &status) && status.st_size == 0);
  /* The same memory, again and again: 60 GiB of it is not asked of the host. */
  size_t size = 60 << 20;
  char *once = malloc(size);
  HOLDS(once);
  fill(once, size);
  ssize_t count = writev(1000, parts, 1024);
  HOLDS(count == -1 && errno == EBADF);
  errno = 0;
  count = readv(fd, parts, 1024);
  HOLDS(HERE(count == 0, count == -1 && errno == EINVAL || count == 0));
  free(once);
  FAILS(pwrite(fd, "x", 1, -1), EINVAL);
  FAILS(ftruncate(fd, -1), EINVAL);
  HOLDS(lseek(fd, INT64_MAX, SEEK_SET) == -1 || write(fd, "x", 1) == -1);
  close(fd);
  unlink("/data/vectors");
}

static void directories(void) {
  int fd = open("/data", O_RDONLY | O_DIRECTORY);
  WORKS(fd);
#ifdef __wasi__
  __wasi_size_t done;
  RETURNS(__wasi_fd_readdir(fd, (uint8_t *)16, 0xffffffffu, 0, &done), EFAULT);
  RETURNS(__wasi_fd_readdir(fd, (uint8_t *)16, GIB, 0, &done), EFAULT);
  RETURNS(__wasi_fd_readdir(fd, NOWHERE, 64, 0, &done), EFAULT);
  RETURNS(__wasi_fd_readdir(fd, (uint8_t *)room, sizeof room, 0, NOWHERE + 14), EFAULT);
  RETURNS(__wasi_fd_readdir(fd, (uint8_t *)room, 0, 0, &done), 0);
  RETURNS(__wasi_fd_readdir(fd, (uint8_t *)room, 1, 0, &done), 0);
  HOLDS(done == 1);
  RETURNS(__wasi_fd_readdir(fd, (uint8_t *)room, sizeof room, -1ull, &done), EINVAL);
#else
  FAILS(syscall(SYS_getdents64, fd, NOWHERE, 64), EFAULT);
  FAILS(syscall(SYS_getdents64, fd, room, 1), EINVAL);
  HOLDS(syscall(SYS_getdents64, fd, room, sizeof room) > 0);
#endif
  close(fd);
}

static void polls(void) {
#ifdef __wasi__
  static __wasi_subscription_t subscriptions[5000];
  static __wasi_event_t events[5000];
  __wasi_size_t done;
  RETURNS(__wasi_poll_oneoff(subscriptions, events, 0, &done), EINVAL);
  RETURNS(__wasi_poll_oneoff(subscriptions, events, 0xffffffffu, &done), EINVAL);
  RETURNS(__wasi_poll_oneoff(subscriptions, events, 1u << 27, &done), EINVAL);
  RETURNS(__wasi_poll_oneoff(subscriptions, events, 5000, &done), EINVAL);
  RETURNS(__wasi_poll_oneoff(NOWHERE, events, 1, &done), EFAULT);
  RETURNS(__wasi_poll_oneoff(subscriptions, NOWHERE, 1, &done), EFAULT);
  RETURNS(__wasi_poll_oneoff(subscriptions, events, 1, (void *)0xfffffffeu), EFAULT);
  for (int i = 0; i < 4096; i++) {
    subscriptions[i].u.tag = i % 4; /* one in four is of no kind there is */
    subscriptions[i].u.u.fd_read.file_descriptor = 500;
  }
  RETURNS(__wasi_poll_oneoff(subscriptions, events, 4096, &done), 0);
  HOLDS(done >= 3072 && done <= 4096);
#else
  static struct pollfd files[2];
  FAILS(poll(files, -1, 0), EINVAL);
  FAILS(poll(files, 1u << 20, 0), EINVAL);
  FAILS(poll(NOWHERE, 2, 0), EFAULT);
  FAILS(syscall(SYS_sendmmsg, 1, room, 0x7fffffff, 0), ENOTSOCK);
#endif
}

static void takeAllMemory(void) {
  size_t taken = 0;
  void *last = 0;
  for (void **block; (block = malloc(1 << 20)); taken++) *block = last, last = block;
  HOLDS(errno == ENOMEM);
  HOLDS(taken > 8 && taken < 256);
  /* There is none for the calls of a program without memory, either; they do not fail otherwise. */
  WORKS(opens("/data", O_RDONLY));
  while (last) {
    void *next = *(void **)last;
    free(last);
    last = next;
  }
  HOLDS(malloc(1 << 20) != 0);
  HOLDS(!malloc(GIB) && !malloc(SIZE_MAX / 2));
#ifndef __wasi__
  HOLDS(mmap(0, GIB, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED && errno == ENOMEM);
#endif
}

int main(void) {
  random_bytes();
  vectors();
  directories();
  polls();
  takeAllMemory();
  return verdict();
}
