/* Many threads that change files at once, now and then: crowd FOLDER THREADS CROWD STOP
 *
 * While there is a file CROWD, each thread makes files in a directory of its own, and removes the one before each; what it reads must be
 * what it has written. The first difference, or error, ends the program with status 1. Says `at N` when N files were made. When
 * there is a file STOP, all are compared, and it says how many there were. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { LONGEST = 600, MOST = 2000, LOOK = 5000000 };

static const char *folder;
static atomic_long made;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static enum { QUIET, CROWDED, STOPPED } state;

static _Noreturn void fail(const char *what, int thread, int round) {
  fprintf(stderr, "crowd: %s of thread %d, round %d: %s\n", what, thread, round, errno ? strerror(errno) : "not as it was written");
  exit(1);
}

/* What a thread writes in a round, and how long that is. */
static int content(int thread, int round, char *into) {
  unsigned x = thread * 2654435761u ^ round * 40503u;
  int length = 1 + x % LONGEST;
  for (int i = 0; i < length; i++) into[i] = x = x * 1664525u + 1013904223u;
  return length;
}

/* Of the file of a round, which is not that of the one before. */
static void name(char *into, size_t size, int thread, int round) { snprintf(into, size, "%s/%d/%d", folder, thread, round % 2); }

static void compare(int file, int thread, int round) {
  char wanted[LONGEST], found[LONGEST + 1];
  struct stat status;
  int length = content(thread, round, wanted);
  if (pread(file, found, sizeof found, 0) != length || memcmp(found, wanted, length)) fail("content", thread, round);
  if (fstat(file, &status) || status.st_size != length || status.st_nlink != 1) fail("status", thread, round);
}

static void make(int thread, int round) {
  char fresh[100], former[100], bytes[LONGEST];
  name(fresh, sizeof fresh, thread, round);
  name(former, sizeof former, thread, round - 1);
  errno = 0;
  int file = open(fresh, O_CREAT | O_EXCL | O_RDWR, 0644);
  if (file < 0) fail("open", thread, round);
  int length = content(thread, round, bytes);
  if (write(file, bytes, length) != length) fail("write", thread, round);
  compare(file, thread, round);
  if (close(file)) fail("close", thread, round);
  if (round > 1 && unlink(former)) fail("unlink", thread, round);
}

/* What the thread has made last is there. */
static void look(int thread, int round) {
  char known[100];
  name(known, sizeof known, thread, round);
  errno = 0;
  int file = open(known, O_RDONLY);
  if (file < 0) fail("open again", thread, round);
  compare(file, thread, round);
  if (close(file)) fail("close again", thread, round);
}

static void *work(void *number) {
  int thread = (int)(long)number, round = 0;
  char own[100];
  snprintf(own, sizeof own, "%s/%d", folder, thread);
  errno = 0;
  if (mkdir(own, 0755)) fail("mkdir", thread, round);
  for (;;) {
    pthread_mutex_lock(&lock);
    while (state == QUIET) pthread_cond_wait(&changed, &lock);
    int stopped = state == STOPPED;
    pthread_mutex_unlock(&lock);
    if (round) look(thread, round);
    if (stopped) return NULL;
    make(thread, ++round);
    atomic_fetch_add(&made, 1);
  }
}

int main(int count, char **arguments) {
  if (count != 5) return fprintf(stderr, "usage: crowd FOLDER THREADS CROWD STOP\n"), 2;
  static pthread_t threads[MOST];
  folder = arguments[1];
  int number = atoi(arguments[2]), stopped = 0;
  if (number < 1 || number > MOST || mkdir(folder, 0755)) fail("folder", 0, number);
  for (int i = 0; i < number; i++)
    if ((errno = pthread_create(&threads[i], NULL, work, (void *)(long)i))) fail("start", i, 0);
  while (!stopped) {
    nanosleep(&(struct timespec){.tv_nsec = LOOK}, NULL);
    stopped = access(arguments[4], F_OK) == 0;
    pthread_mutex_lock(&lock);
    state = stopped ? STOPPED : access(arguments[3], F_OK) == 0 ? CROWDED : QUIET;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&lock);
    if (state == CROWDED) printf("at %ld\n", atomic_load(&made)), fflush(stdout);
  }
  for (int i = 0; i < number; i++) pthread_join(threads[i], NULL);
  printf("files %ld\n", atomic_load(&made));
  return 0;
}
