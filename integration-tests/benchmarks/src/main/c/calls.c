// Loops of system calls, to be timed: calls NAME FOLDER [COUNT]
//
// As a guest it asks the host how often to run the loop, and ends when that is 0. On this machine it runs the loop COUNT
// times to get warm, five times more, and prints the nanoseconds a call took, the median of the five.
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

#ifdef __wasm__
#define HOST(name) __attribute__((import_module("benchmark"), import_name(name)))
HOST("next") int next(void);
HOST("nothing") int nothing(int x);
#endif

static char buffer[64];
static int ends[2], file, poller;

static void expect(long result, long wanted, const char *what) {
  if (result == wanted) return;
  fprintf(stderr, "calls: %s gave %ld: %s\n", what, result, strerror(errno));
  exit(1);
}

static void do_getpid(int n) {
  pid_t self = getpid();
  while (n--) expect(getpid(), self, "getpid");
}

static void do_clock_gettime(int n) {
  struct timespec now;
  while (n--) expect(clock_gettime(CLOCK_MONOTONIC, &now), 0, "clock_gettime");
}

static void do_pipe(int n) {
  while (n--) {
    expect(write(ends[1], buffer, sizeof buffer), sizeof buffer, "write");
    expect(read(ends[0], buffer, sizeof buffer), sizeof buffer, "read");
  }
}

static void do_file_read(int n) {
  while (n--) expect(pread(file, buffer, sizeof buffer, 0), sizeof buffer, "pread");
}

static void do_file_write(int n) {
  while (n--) expect(pwrite(file, buffer, sizeof buffer, 0), sizeof buffer, "pwrite");
}

static void do_epoll_wait(int n) {
  struct epoll_event event;
  while (n--) expect(epoll_wait(poller, &event, 1, 0), 1, "epoll_wait");
}

#ifdef __wasm__
static void do_family(int n) {
  while (n--) expect(nothing(n), n, "nothing");
}
#endif

static const struct {
  const char *name;
  void (*run)(int n);
} loops[] = {
  {"getpid", do_getpid},
  {"clock_gettime", do_clock_gettime},
  {"pipe", do_pipe},
  {"file_read", do_file_read},
  {"file_write", do_file_write},
  {"epoll_wait", do_epoll_wait},
#ifdef __wasm__
  {"family", do_family},
#endif
};

static void prepare(const char *name, const char *folder) {
  char path[256];
  snprintf(path, sizeof path, "%s/podium-calls-%d", folder, (int)getpid());
  file = open(path, O_RDWR | O_CREAT | O_EXCL, 0600);
  expect(file >= 0, 1, path);
  expect(unlink(path), 0, "unlink");
  expect(pwrite(file, buffer, sizeof buffer, 0), sizeof buffer, "pwrite");
  expect(pipe(ends), 0, "pipe");
  struct epoll_event event = {.events = EPOLLIN};
  poller = epoll_create1(0);
  expect(epoll_ctl(poller, EPOLL_CTL_ADD, ends[0], &event), 0, "epoll_ctl");
  if (strcmp(name, "epoll_wait") == 0) expect(write(ends[1], buffer, 1), 1, "write");
}

#ifdef __wasm__
static int time_it(void (*run)(int n), int count) {
  (void)count;
  for (int n; (n = next()) > 0;) run(n);
  return 0;
}
#else
static int ascending(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static int time_it(void (*run)(int n), int count) {
  double took[5];
  struct timespec from, to;
  run(count);
  for (int i = 0; i < 5; i++) {
    clock_gettime(CLOCK_MONOTONIC, &from);
    run(count);
    clock_gettime(CLOCK_MONOTONIC, &to);
    took[i] = ((to.tv_sec - from.tv_sec) * 1e9 + (to.tv_nsec - from.tv_nsec)) / count;
  }
  qsort(took, 5, sizeof *took, ascending);
  printf("%.1f\n", took[2]);
  return 0;
}
#endif

int main(int argc, char **argv) {
  if (argc < 3) return 2;
  prepare(argv[1], argv[2]);
  for (size_t i = 0; i < sizeof loops / sizeof *loops; i++)
    if (strcmp(loops[i].name, argv[1]) == 0) return time_it(loops[i].run, argc > 3 ? atoi(argv[3]) : 0);
  fprintf(stderr, "calls: there is no loop %s\n", argv[1]);
  return 2;
}
