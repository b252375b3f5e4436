/* As much of a kind as there is: descriptors, threads, processes, timers. */
#include "../expect.h"
#ifndef __wasi__
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#endif

#define LIMIT 64 /* of descriptors, as the pod has it */

/* Makes as many as there can be, and closes them again. */
#define ALL_DESCRIPTORS(make)                                   \
  do {                                                          \
    int made[2 * LIMIT], count = 0, fd;                         \
    while (count < 2 * LIMIT && (fd = make) >= 0) made[count++] = fd; \
    HOLDS(errno == EMFILE);                                     \
    HOLDS(count > LIMIT / 2 && count < LIMIT);                  \
    while (count) close(made[--count]);                         \
    WORKS(opens("/data", O_RDONLY));                            \
  } while (0)

static void descriptors(void) {
  ALL_DESCRIPTORS(open("/data", O_RDONLY));
  ALL_DESCRIPTORS(open("/data/bomb", O_CREAT | O_RDWR, 0666));
#ifdef __wasi__
  RETURNS(__wasi_fd_renumber(3, 1u << 30), EBADF);
  RETURNS(__wasi_fd_renumber(3, LIMIT - 1), EBADF);
  RETURNS(__wasi_fd_renumber(-1, 3), EBADF);
  FAILS(close(1 << 30), EBADF);
  FAILS(close(-1), EBADF);
#else
  int pipes[2];
  ALL_DESCRIPTORS(dup(1));
  ALL_DESCRIPTORS(fcntl(1, F_DUPFD, 3));
  ALL_DESCRIPTORS(socket(AF_INET, SOCK_STREAM, 0));
  ALL_DESCRIPTORS(socket(AF_UNIX, SOCK_DGRAM, 0));
  ALL_DESCRIPTORS(eventfd(0, 0));
  ALL_DESCRIPTORS(epoll_create1(0));
  ALL_DESCRIPTORS(timerfd_create(CLOCK_MONOTONIC, 0));
  ALL_DESCRIPTORS(pipe(pipes) ? -1 : (close(pipes[1]), pipes[0]));
  FAILS(dup2(1, 1 << 30), EBADF);
  FAILS(fcntl(1, F_DUPFD, 1 << 30), EINVAL);
#endif
}

#ifndef __wasi__
static void *wait_(void *lock) {
  pthread_mutex_lock(lock);
  pthread_mutex_unlock(lock);
  return 0;
}

static void threads(void) {
  static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
  static pthread_t made[200];
  pthread_attr_t small;
  int count = 0, error = 0;
  pthread_attr_init(&small);
  pthread_attr_setstacksize(&small, 16384);
  pthread_mutex_lock(&lock);
  while (count < 200 && !(error = pthread_create(&made[count], &small, wait_, &lock))) count++;
  pthread_mutex_unlock(&lock);
  HOLDS(error == EAGAIN);
  HOLDS(count > 8 && count < 32); /* the pod's limit is 32 */
  while (count) pthread_join(made[--count], 0);
  WORKS(opens("/data", O_RDONLY));
}

static void processes(const char *self) {
  char *arguments[] = {"bombs", "sleep", 0}, *environment[] = {0};
  pid_t made[64];
  int count = 0, error = 0;
  while (count < 64 && !(error = posix_spawn(&made[count], self, 0, 0, arguments, environment))) count++;
  HOLDS(error == EAGAIN);
  HOLDS(count > 2 && count < 8); /* the pod's limit is 8 */
  while (count) {
    WORKS(kill(made[--count], SIGKILL));
    HOLDS(waitpid(made[count], 0, 0) == made[count]);
  }
}

/* Without any descriptor: as many as there may be signals waiting (RLIMIT_SIGPENDING), which there is an end of. */
static void timers(void) {
  struct sigevent nothing = {.sigev_notify = SIGEV_NONE};
  timer_t timer;
  long count = 0;
  while (count < 1000000 && !timer_create(CLOCK_MONOTONIC, &nothing, &timer)) count++;
  HOLDS(errno == EAGAIN || errno == ENOSYS);
  HOLDS(count < 1000000);
}
#endif

int main(int count, char **arguments) {
  if (count > 1 && !strcmp(arguments[1], "sleep")) return sleep(1000);
  descriptors();
#ifndef __wasi__
  threads();
  processes("/programs/bombs");
  timers();
#endif
  return verdict();
}
