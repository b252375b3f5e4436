/* tty_wrap: terminals. */
#include <unistd.h>

#include "../stream.h"

#if UV_VERSION_HEX < 0x013300 /* 1.51 has the mode; before, plain raw mode is all there is */
#define UV_TTY_MODE_RAW_VT 3
#define RAW_MODE UV_TTY_MODE_RAW
#else
#define RAW_MODE UV_TTY_MODE_RAW_VT
#endif

/* new TTY(fd, context): a failure goes to context.code and context.message, as the library expects it. */
static JSValue construct_tty(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  Env *env = env_of(ctx);
  LibuvStream *tty;
  int fd = arg_int32(ctx, argv[0]);
  JSValue object = base_object_new(ctx, self, &libuv_stream_type, sizeof(*tty), &tty);
  if (JS_IsException(object))
    return object;
  int error = uv_tty_init(env->loop, &tty->uv.tty, fd, 0);
  if (error) {
    char text[128];
    if (argc > 1 && JS_IsObject(argv[1])) {
      define_number(ctx, argv[1], "errno", error);
      define_string(ctx, argv[1], "code", uv_err_name_r(error, text, sizeof(text)));
      define_string(ctx, argv[1], "message", uv_strerror_r(error, text, sizeof(text)));
      define_string(ctx, argv[1], "syscall", "uv_tty_init");
    }
    return object;
  }
  libuv_stream_init(env, tty, PROVIDER_TTYWRAP);
  tty->fd = fd;
  return object;
}

static JSValue get_window_size(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  LibuvStream *tty = libuv_stream_open(self);
  int width, height, error = tty ? uv_tty_get_winsize(&tty->uv.tty, &width, &height) : UV_EBADF;
  if (!error) {
    JS_SetPropertyUint32(ctx, argv[0], 0, JS_NewInt32(ctx, width));
    JS_SetPropertyUint32(ctx, argv[0], 1, JS_NewInt32(ctx, height));
  }
  return JS_NewInt32(ctx, error);
}

static JSValue set_raw_mode(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  LibuvStream *tty = libuv_stream_open(self);
  uv_tty_mode_t mode = arg_bool(ctx, argv[0]) ? RAW_MODE : UV_TTY_MODE_NORMAL;
  return JS_NewInt32(ctx, tty ? uv_tty_set_mode(&tty->uv.tty, mode) : UV_EBADF);
}

static JSValue is_tty(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  return JS_NewBool(ctx, uv_guess_handle(arg_int32(ctx, argv[0])) == UV_TTY);
}

void init_tty_wrap(Env *env, JSContext *ctx, JSValueConst target)
{
  static const BindingFunction functions[] = {{"isTTY", is_tty, 1}};
  static const BindingFunction methods[] = {{"getWindowSize", get_window_size, 1}, {"setRawMode", set_raw_mode, 1}};
  static const BindingConstant constants[] = {{"UV_TTY_MODE_NORMAL", UV_TTY_MODE_NORMAL},
                                              {"UV_TTY_MODE_IO", UV_TTY_MODE_IO},
                                              {"UV_TTY_MODE_RAW_VT", UV_TTY_MODE_RAW_VT}};
  DEFINE_FUNCTIONS(ctx, target, functions);
  DEFINE_CONSTANTS(ctx, target, constants);
  define_class(ctx, target, "TTY", construct_tty, libuv_stream_constructor(env), methods, COUNT_OF(methods));
}
