/*
 * A process that is frozen while it runs: its event loop stops, it takes its frames down by returning from there, and what
 * goes on in another process begins with the loop again. What libuv has of the kernel is made anew, as for the child of a fork.
 */
#include "freeze.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/rand.h>
#include <podium/freeze.h>
#include <stdlib.h>
#include <sys/random.h>
#include <unistd.h>

/* libuv's own, for when the program ends: ends the threads of the pool, when they have done what they do. By our patch, later
   work makes new ones. */
void uv__threadpool_cleanup(void);
/* By our patch: how much of the pool's work is not done. */
unsigned int uv__threadpool_pending(void);

enum { LOOK_AGAIN = 5 /* ms */ };

static uv_poll_t wish;
static uv_timer_t again;
static int wish_fd = -1;
static bool wanted;

static void stop(uv_poll_t *handle, int status, int events)
{
  wanted = true;
  uv_stop(handle->loop);
}

static void watch(uv_timer_t *timer) { uv_poll_start(&wish, UV_READABLE, stop); }

int freeze_start(Env *env)
{
  wish_fd = podium_freeze_fd();
  if (wish_fd < 0)
    return errno == ENOSYS ? 0 : uv_translate_sys_error(errno);
  int error = uv_poll_init(env->loop, &wish, wish_fd);
  if (error)
    return error;
  uv_timer_init(env->loop, &again);
  uv_unref((uv_handle_t *)&wish);
  uv_unref((uv_handle_t *)&again);
  return uv_poll_start(&wish, UV_READABLE, stop);
}

/* What is random is to differ among the processes that go on with one state. */
static void reseed(Env *env)
{
  unsigned char seed[32];
  engine_reseed(env->rt);
  if (getrandom(seed, sizeof(seed), 0) == (ssize_t)sizeof(seed))
    RAND_seed(seed, sizeof(seed));
}

/* libuv drops what its handles were told and had not looked at yet. To be told too often hurts none. */
static void tell(uv_handle_t *handle, void *unused)
{
  if (uv_handle_get_type(handle) == UV_ASYNC)
    uv_async_send((uv_async_t *)handle);
}

/* Watches of what is not in this process's files. */
static uv_fs_event_t **lost;
static size_t lost_count;

/* libuv would give up all that is made anew for one of them. */
static void drop_lost_watch(uv_handle_t *handle, void *unused)
{
  char path[4096];
  size_t size = sizeof(path);
  uv_fs_event_t *watch = (uv_fs_event_t *)handle;
  if (uv_handle_get_type(handle) != UV_FS_EVENT || !uv_is_active(handle) || uv_fs_event_getpath(watch, path, &size) ||
      !access(path, F_OK))
    return;
  uv_fs_event_stop(watch);
  uv_fs_event_t **more = realloc(lost, (lost_count + 1) * sizeof(*lost));
  if (!more)
    abort();
  lost = more;
  lost[lost_count++] = watch;
}

static void report_lost_watches(void)
{
  for (size_t i = 0; i < lost_count; i++)
    lost[i]->cb(lost[i], NULL, 0, UV_ENOENT);
  free(lost);
  lost = NULL;
  lost_count = 0;
}

static int make_anew(uv_loop_t *loop)
{
  uv_walk(loop, drop_lost_watch, NULL);
  int fd = podium_freeze_fd();
  if (fd < 0 || dup3(fd, wish_fd, O_CLOEXEC) < 0)
    return uv_translate_sys_error(errno);
  close(fd);
  int error = uv_loop_fork(loop);
  if (!error) {
    uv_walk(loop, tell, NULL);
    uv_async_send(&loop->wq_async);
  }
  return error;
}

static int thawed(void)
{
  Env *env = the_env;
  engine_update_stack(env->rt, ENGINE_STACK_SIZE);
  reseed(env);
  int error = make_anew(env->loop);
  if (error) {
    env_print_error("%s: cannot go on: %s\n", env->exec_path, uv_strerror(error));
    env_exit(env, 1);
  }
  report_lost_watches();
  JSValue result = run_builtin(env, "internal/podium/thaw");
  if (JS_IsException(result))
    report_pending_exception(env);
  JS_FreeValue(env->ctx, result);
  env_exit(env, env_go_on(env));
}

bool freeze_wanted(void) { return wanted; }

void freeze_here(void)
{
  wanted = false;
  if (uv__threadpool_pending()) { /* perhaps for good: it may wait for input */
    uv_poll_stop(&wish);
    uv_timer_start(&again, watch, LOOK_AGAIN, 0);
    return;
  }
  uv__threadpool_cleanup();
  /* Whether it was frozen, or could not be, makes no difference to who goes on here. */
  (void)podium_rest(thawed);
}
