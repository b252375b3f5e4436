/*
 * Requests of the file system bindings. Every operation can be asked for in three ways, told apart by its request argument:
 * undefined (it runs now; the result is returned, an error thrown), an FSReqCallback (its oncomplete is called) or
 * kUsePromises (a promise is returned). A binding function is written once:
 *
 *   FsReq *req = fs_req_paths(ctx, "rename", argv[2], argv[0], argv[1]);
 *   return req ? fs_req_run(req, uv_fs_rename(req->loop, &req->uv, req->path, req->dest, req->done)) : JS_EXCEPTION;
 */
#ifndef PODIUM_NODE_FILE_H
#define PODIUM_NODE_FILE_H

#include "../string_bytes.h"
#include "../wrap.h"

typedef struct FsReq FsReq;

/* The JavaScript value of a request that succeeded. Runs while libuv's results are still there. */
typedef JSValue FsResult(JSContext *ctx, FsReq *req);
/* An operation libuv does not have, made of its synchronous ones; runs on any thread. Gives a result or libuv's error. */
typedef int FsWork(FsReq *req);
/* Told when the operation is over, however it went, before the answer. */
typedef void FsAfter(FsReq *req);

struct FsReq {
  uv_fs_t uv;     /* first: libuv gives it back */
  uv_work_t work; /* carries FsWork to the thread pool */
  FsWork *run;
  JSContext *ctx;
  uv_loop_t *loop; /* NULL for a synchronous request */
  uv_fs_cb done;   /* likewise */

  FsResult *result; /* NULL: undefined */
  FsAfter *after;   /* may be NULL */
  const char *syscall;
  char *path, *dest; /* owned; what an error shows */
  char *data;        /* owned: text on its way to a file */
  uv_buf_t *buffers; /* owned */
  JSValue keep;      /* what must live until the operation is over */
  int mode;
  Encoding encoding;
  bool bigint;
  bool with_types;
  bool missing_is_undefined; /* a stat of nothing is no error */
  char *first;               /* owned: the first directory that mkdir -p made */

  bool is_async;
  bool is_promise;
  ReqWrap *wrap;      /* of the FSReqCallback or FSReqPromise; NULL for a synchronous request */
  JSValue object;     /* which is this */
  JSValue promise[3]; /* the promise and its resolving functions */
};

/* New requests; NULL with an exception. */
FsReq *fs_req_new(JSContext *ctx, const char *syscall, JSValueConst request);
FsReq *fs_req_path(JSContext *ctx, const char *syscall, JSValueConst request, JSValueConst path);
FsReq *fs_req_paths(JSContext *ctx, const char *syscall, JSValueConst request, JSValueConst path, JSValueConst dest);
FsReq *fs_req_fd(JSContext *ctx, const char *syscall, JSValueConst request, JSValueConst value, int *fd);
/* A request that answers with a promise, as a resource of `provider`. */
FsReq *fs_req_promise(JSContext *ctx, const char *syscall, AsyncProvider provider);
/* Gives up a request that was not run. Always JS_EXCEPTION. */
JSValue fs_req_drop(FsReq *req);

/* Takes the request, after it was given to libuv, which said `status`; gives what the binding function returns. */
JSValue fs_req_run(FsReq *req, int status);
/* Runs `work` on this thread or in the pool; otherwise as fs_req_run. */
JSValue fs_req_work(FsReq *req, FsWork *work);
/* The same, but a synchronous error is not thrown: errno and syscall are set on `context`, and it is returned. */
JSValue fs_req_run_into(FsReq *req, int status, JSValueConst context);

/* Results. */
JSValue fs_result_integer(JSContext *ctx, FsReq *req);
JSValue fs_result_string(JSContext *ctx, FsReq *req); /* the string at uv.ptr, in the request's encoding */

/* A path in a C string: UTF-8 of a string, or the bytes of a buffer as they are. NULL with an exception. Free it with
   free(). */
char *fs_path(JSContext *ctx, JSValueConst value);
/* A descriptor out of an argument; false with an exception. */
bool fs_fd(JSContext *ctx, JSValueConst value, int *fd);
JSValue fs_throw_errno(JSContext *ctx, int error, const char *syscall, const char *message, const char *path);

/* --- the parts of the fs binding --------------------------------------------------------------------------------- */

typedef void FsInit(Env *env, JSContext *ctx, JSValueConst target);

FsInit fs_init_request, fs_init_io, fs_init_stat, fs_init_directory, fs_init_remove, fs_init_copy, fs_init_module,
    fs_init_handle, fs_init_stat_watcher;

/* A FileHandle that owns `fd`. On failure the descriptor stays open. */
JSValue fs_new_file_handle(JSContext *ctx, int fd, const char *path);
/* Puts a stat into the array shared with the library; gives that array. */
JSValue fs_fill_stat(JSContext *ctx, const uv_stat_t *stat, bool bigint, bool second);

#endif
