// Times the file system of a folder, as podium.benchmark.file.FileSystems does: files FOLDER ROUNDS DIVISOR WARM DURABLE
//
// A line for each figure says its name and the microseconds that one operation takes, the median of the rounds. The divisor is
// by how much less there is to do; each kind of work runs for WARM seconds first; what is synced is timed when DURABLE is 1.
// What is read is compared with what was written.
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { PAGE = 4096, PAGES = 16384, READS = 65536, WRITES = 16384, EACH = 100 };
enum { SMALL = 100000, SMALL_SYNCED = 1000, SIZE = 100, DIRECTORY = 1000 };
enum { FILES = 5000, DIRECTORIES = 700, MEDIAN = 1500, LARGEST = 1 << 20 };
enum { ROUNDS = 1000, FIGURES = 3, NAME = 1024 };

static const char *top;
static int rounds, divisor;
static double warm;

static void fail(const char *what, const char *name) {
  fprintf(stderr, "files: %s: %s: %s\n", name, what, strerror(errno));
  exit(1);
}

static long checked(long result, const char *what, const char *name) {
  if (result < 0) fail(what, name);
  return result;
}

static void *memory(size_t size) {
  void *all = malloc(size);
  if (!all) fail("malloc", top);
  return all;
}

static char *text(const char *format, ...) {
  char buffer[NAME];
  va_list arguments;
  va_start(arguments, format);
  int length = vsnprintf(buffer, sizeof buffer, format, arguments);
  va_end(arguments);
  if (length >= NAME) fail("longer than there is room", buffer);
  return strcpy(memory(length + 1), buffer);
}

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1e6 + time.tv_nsec / 1e3;
}

// Numbers below 1, the same every time (xorshift32).
static double number(uint32_t *seed) {
  *seed ^= *seed << 13;
  *seed ^= *seed >> 17;
  *seed ^= *seed << 5;
  return *seed / 4294967296.0;
}

static int less(int count) {
  return count / divisor > 1 ? count / divisor : 1;
}

// How long operations took, round by round.
static struct figure {
  const char *name;
  double times[ROUNDS];
  int count;
} figures[FIGURES];

static double begun;

static void start(void) {
  begun = now();
}

static void stop(struct figure *of, const char *name, int operations) {
  of->name = name;
  of->times[of->count++ % ROUNDS] = (now() - begun) / operations;
}

static int ascending(const void *a, const void *b) {
  return *(const double *)a < *(const double *)b ? -1 : 1;
}

static void measure(void (*work)(int synced), int synced) {
  double until = now() + warm * 1e6;
  do work(synced);
  while (now() < until);
  for (struct figure *of = figures; of < figures + FIGURES; of++) of->count = 0;
  for (int i = 0; i < rounds; i++) work(synced);
  for (struct figure *of = figures; of < figures + FIGURES; of++) {
    if (!of->count) continue;
    qsort(of->times, of->count, sizeof(double), ascending);
    printf("%s %f\n", of->name, of->times[of->count / 2]);
    of->count = 0;
  }
  fflush(stdout);
}

// What is in files: parts of one long row of bytes, which begin elsewhere for each file.
static char bytes[LARGEST + 0x10000], back[LARGEST];

static const char *content(int number) {
  return bytes + (number * 31 & 0xffff);
}

static void create(const char *file, int number, int size, int synced) {
  int fd = checked(open(file, O_CREAT | O_EXCL | O_WRONLY, 0666), "open", file);
  for (int at = 0; at < size;) at += checked(write(fd, content(number) + at, size - at), "write", file);
  if (synced) checked(fsync(fd), "fsync", file);
  checked(close(fd), "close", file);
}

static void check(const char *file, int number, int size) {
  int fd = checked(open(file, O_RDONLY), "open", file);
  int at = 0;
  for (int count; (count = checked(read(fd, back + at, sizeof back - at), "read", file)); at += count);
  checked(close(fd), "close", file);
  if (at != size || memcmp(back, content(number), size)) fail("is not what was written", file);
}

// A file in pages, each of which begins and ends with the number of its writing.
static char page[PAGE];
static uint32_t writings[PAGES], written, seed;
static const char *pages;
static int pages_fd;

static int any_page(void) {
  return number(&seed) * less(PAGES);
}

static void write_page(int at) {
  writings[at] = ++written;
  memcpy(page, &written, 4);
  memcpy(page + PAGE - 4, &written, 4);
  if (pwrite(pages_fd, page, PAGE, (off_t)at * PAGE) != PAGE) fail("pwrite", pages);
}

static void read_page(int at) {
  if (pread(pages_fd, page, PAGE, (off_t)at * PAGE) != PAGE) fail("pread", pages);
  if (memcmp(page, writings + at, 4) || memcmp(page + PAGE - 4, writings + at, 4)) fail("is not what was written", pages);
}

static void open_pages(void) {
  pages = text("%s/pages", top);
  pages_fd = checked(open(pages, O_CREAT | O_EXCL | O_RDWR, 0666), "open", pages);
  memcpy(page, content(1), PAGE);
  for (int i = 0; i < less(PAGES); i++) write_page(i);
}

static void check_pages(void) {
  for (int i = 0; i < less(PAGES); i++) {
    read_page(i);
    if (memcmp(page + 4, content(1) + 4, PAGE - 8)) fail("is not what was written", pages);
  }
}

static void close_pages(void) {
  checked(close(pages_fd), "close", pages);
  checked(unlink(pages), "unlink", pages);
}

static void do_reads(int synced) {
  (void)synced;
  int count = less(READS);
  start();
  for (int i = 0; i < count; i++) read_page(any_page());
  stop(figures, "read", count);
  check_pages();
}

static void do_writes(int synced) {
  int count = less(WRITES);
  fsync(pages_fd);  // what there is to do from earlier rounds is not of this one
  start();
  for (int i = 1; i <= count; i++) {
    write_page(any_page());
    if (synced && i % EACH == 0) checked(fsync(pages_fd), "fsync", pages);
  }
  if (synced) checked(fsync(pages_fd), "fsync", pages);
  stop(figures, synced ? "write-synced" : "write", count);
  check_pages();
}

static char **small;

static void do_small(int synced) {
  int count = less(synced ? SMALL_SYNCED : SMALL);
  struct stat status;
  start();
  for (int i = 0; i < count; i++) create(small[i], i, SIZE, synced);
  stop(figures, synced ? "create-synced" : "create", count);
  start();
  for (int i = 0; i < count; i++)
    if (checked(stat(small[i], &status), "stat", small[i]), status.st_size != SIZE) fail("is not what was made", small[i]);
  if (!synced) stop(figures + 1, "stat", count);
  for (int i = 0; i < count; i++) check(small[i], i, SIZE);
  start();
  for (int i = 0; i < count; i++) checked(unlink(small[i]), "unlink", small[i]);
  if (!synced) stop(figures + 2, "unlink", count);
}

static void measure_small(int synced) {
  int count = less(synced ? SMALL_SYNCED : SMALL);
  small = memory(count * sizeof *small);
  for (int i = 0; i < count; i++) {
    char *directory = text("%s/directory-%d", top, i / DIRECTORY);
    if (i % DIRECTORY == 0) checked(mkdir(directory, 0777), "mkdir", directory);
    small[i] = text("%s/file-%d", directory, i);
    free(directory);
  }
  measure(do_small, synced);
  for (int i = 0; i < count; i += DIRECTORY) {
    char *directory = text("%s/directory-%d", top, i / DIRECTORY);
    checked(rmdir(directory), "rmdir", directory);
    free(directory);
  }
  for (int i = 0; i < count; i++) free(small[i]);
  free(small);
}

// A tree such as a node_modules, podium.benchmark.file.PackageTree's own: most files are small, and a few are large.
static char *directories[DIRECTORIES], *files[FILES];
static int sizes[FILES];

static double normal(uint32_t *seed) {
  double a = number(seed), b = number(seed);
  return sqrt(-2 * log(a > 0 ? a : 0.5)) * cos(2 * M_PI * b);
}

static void plant(void) {
  uint32_t seed = 5;
  char *root = text("%s/packages", top);
  for (int i = 0; i < less(DIRECTORIES); i++) {
    int above = number(&seed) < 0.25 || !i;
    directories[i] = text("%s/directory-%d", above ? root : directories[(int)(number(&seed) * i)], i);
  }
  for (int i = 0; i < less(FILES); i++) {
    files[i] = text("%s/file-%d.js", directories[(int)(number(&seed) * less(DIRECTORIES))], i);
    double size = MEDIAN * exp(1.7 * normal(&seed));
    sizes[i] = size < LARGEST ? size : LARGEST;
  }
  free(root);
}

static void do_unpack(int synced) {
  char *root = text("%s/packages", top);
  start();
  checked(mkdir(root, 0777), "mkdir", root);
  for (int i = 0; i < less(DIRECTORIES); i++) checked(mkdir(directories[i], 0777), "mkdir", directories[i]);
  for (int i = 0; i < less(FILES); i++) create(files[i], i, sizes[i], synced);
  stop(figures, synced ? "unpack-synced" : "unpack", 1);
  for (int i = 0; i < less(FILES); i++) check(files[i], i, sizes[i]);
  for (int i = 0; i < less(FILES); i++) checked(unlink(files[i]), "unlink", files[i]);
  for (int i = less(DIRECTORIES); i--;) checked(rmdir(directories[i]), "rmdir", directories[i]);
  checked(rmdir(root), "rmdir", root);
  free(root);
}

int main(int count, char **arguments) {
  if (count != 6) return fprintf(stderr, "usage: files FOLDER ROUNDS DIVISOR WARM DURABLE\n"), 2;
  top = arguments[1];
  rounds = atoi(arguments[2]);
  divisor = atoi(arguments[3]);
  warm = atof(arguments[4]) / divisor;
  if (rounds < 1 || rounds > ROUNDS || divisor < 1) return fprintf(stderr, "files: ROUNDS or DIVISOR is out of range\n"), 2;
  uint32_t made = 4;
  for (size_t i = 0; i < sizeof bytes; i++) bytes[i] = number(&made) * 256;
  plant();
  for (int synced = 0; synced <= atoi(arguments[5]); synced++) {
    seed = 2;
    open_pages();
    if (!synced) measure(do_reads, synced);
    measure(do_writes, synced);
    close_pages();
    measure_small(synced);
    measure(do_unpack, synced);
  }
}
