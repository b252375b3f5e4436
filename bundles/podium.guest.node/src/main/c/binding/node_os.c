/* os: facts of the machine. */
#include "../env.h"
#include "../string_bytes.h"

#include <errno.h>
#include <string.h>
#include <sys/utsname.h>

/* Functions that can fail get a context object last and fill it in, as uvException wants it. */
static JSValue fail(JSContext *ctx, JSValueConst where, int error, const char *syscall)
{
  char code[64], message[128];
  define_string(ctx, where, "syscall", syscall);
  define_string(ctx, where, "code", uv_err_name_r(error, code, sizeof(code)));
  define_string(ctx, where, "message", uv_strerror_r(error, message, sizeof(message)));
  define_number(ctx, where, "errno", error);
  return JS_UNDEFINED;
}

static JSValue get_hostname(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  char name[UV_MAXHOSTNAMESIZE];
  size_t size = sizeof(name);
  int error = uv_os_gethostname(name, &size);
  return error ? fail(ctx, argv[0], error, "uv_os_gethostname") : JS_NewString(ctx, name);
}

static JSValue get_os_information(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  uv_utsname_t info;
  int error = uv_os_uname(&info);
  if (error)
    return fail(ctx, argv[0], error, "uv_os_uname");
  const char *texts[] = {info.sysname, info.version, info.release, info.machine};
  JSValue array = JS_NewArray(ctx);
  for (uint32_t i = 0; i < 4; i++)
    JS_SetPropertyUint32(ctx, array, i, JS_NewString(ctx, texts[i]));
  return array;
}

static JSValue get_load_average(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  EngineView view;
  double average[3];
  uv_loadavg(average);
  if (engine_view(argv[0], &view) && view.length >= sizeof(average))
    memcpy(view.data, average, sizeof(average));
  return JS_UNDEFINED;
}

static JSValue get_uptime(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  double uptime;
  int error = uv_uptime(&uptime);
  return error ? fail(ctx, argv[0], error, "uv_uptime") : JS_NewFloat64(ctx, uptime);
}

static JSValue get_total_memory(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  return JS_NewFloat64(ctx, (double)uv_get_total_memory());
}

static JSValue get_free_memory(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  return JS_NewFloat64(ctx, (double)uv_get_free_memory());
}

static JSValue get_cpus(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  uv_cpu_info_t *infos;
  int count;
  uint32_t n = 0;
  if (uv_cpu_info(&infos, &count))
    return JS_UNDEFINED;
  JSValue array = JS_NewArray(ctx); /* flat: seven values a processor */
  for (int i = 0; i < count; i++) {
    JS_SetPropertyUint32(ctx, array, n++, JS_NewString(ctx, infos[i].model ? infos[i].model : "unknown"));
    double values[] = {infos[i].speed, (double)infos[i].cpu_times.user, (double)infos[i].cpu_times.nice,
                       (double)infos[i].cpu_times.sys, (double)infos[i].cpu_times.idle, (double)infos[i].cpu_times.irq};
    for (int k = 0; k < 6; k++)
      JS_SetPropertyUint32(ctx, array, n++, JS_NewNumber(ctx, values[k]));
  }
  uv_free_cpu_info(infos, count);
  return array;
}

static JSValue get_interface_addresses(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  uv_interface_address_t *addresses;
  int count;
  uint32_t n = 0;
  int error = uv_interface_addresses(&addresses, &count);
  if (error == UV_ENOSYS)
    return JS_NewArray(ctx);
  if (error)
    return fail(ctx, argv[0], error, "uv_interface_addresses");
  JSValue array = JS_NewArray(ctx); /* flat: name, address, netmask, family, mac, internal, scope id */
  for (int i = 0; i < count; i++) {
    const uv_interface_address_t *a = &addresses[i];
    bool v6 = a->address.address4.sin_family == AF_INET6;
    char address[INET6_ADDRSTRLEN] = "", netmask[INET6_ADDRSTRLEN] = "", mac[18];
    snprintf(mac, sizeof(mac), "%02x:%02x:%02x:%02x:%02x:%02x", (unsigned char)a->phys_addr[0],
             (unsigned char)a->phys_addr[1], (unsigned char)a->phys_addr[2], (unsigned char)a->phys_addr[3],
             (unsigned char)a->phys_addr[4], (unsigned char)a->phys_addr[5]);
    if (v6) {
      uv_ip6_name(&a->address.address6, address, sizeof(address));
      uv_ip6_name(&a->netmask.netmask6, netmask, sizeof(netmask));
    } else {
      uv_ip4_name(&a->address.address4, address, sizeof(address));
      uv_ip4_name(&a->netmask.netmask4, netmask, sizeof(netmask));
    }
    JSValue values[] = {JS_NewString(ctx, a->name), JS_NewString(ctx, address), JS_NewString(ctx, netmask),
                        JS_NewString(ctx, v6 ? "IPv6" : "IPv4"), JS_NewString(ctx, mac),
                        JS_NewBool(ctx, a->is_internal),
                        JS_NewInt64(ctx, v6 ? (int64_t)a->address.address6.sin6_scope_id : -1)};
    for (int k = 0; k < 7; k++)
      JS_SetPropertyUint32(ctx, array, n++, values[k]);
  }
  uv_free_interface_addresses(addresses, count);
  return array;
}

static JSValue get_home_directory(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  char path[4096];
  size_t size = sizeof(path);
  int error = uv_os_homedir(path, &size);
  return error ? fail(ctx, argv[0], error, "uv_os_homedir") : JS_NewStringLen(ctx, path, size);
}

static void define_encoded(JSContext *ctx, JSValueConst object, const char *name, const char *text, Encoding encoding)
{
  define_value(ctx, object, name, string_bytes_encode(ctx, (const uint8_t *)text, strlen(text), encoding));
}

/* getUserInfo(options, where) */
static JSValue get_user_info(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  uv_passwd_t user;
  JSValue wanted = JS_IsObject(argv[0]) ? JS_GetPropertyStr(ctx, argv[0], "encoding") : JS_UNDEFINED;
  if (JS_IsException(wanted))
    return wanted;
  Encoding encoding = JS_IsString(wanted) ? parse_encoding(ctx, wanted, UTF8) : UTF8;
  JS_FreeValue(ctx, wanted);
  int error = uv_os_get_passwd(&user);
  if (error)
    return fail(ctx, argv[1], error, "uv_os_get_passwd");
  JSValue info = new_null_object(ctx);
  define_number(ctx, info, "uid", (double)(int64_t)user.uid);
  define_number(ctx, info, "gid", (double)(int64_t)user.gid);
  define_encoded(ctx, info, "username", user.username, encoding);
  define_encoded(ctx, info, "homedir", user.homedir, encoding);
  if (user.shell)
    define_encoded(ctx, info, "shell", user.shell, encoding);
  else
    define_value(ctx, info, "shell", JS_NULL);
  uv_os_free_passwd(&user);
  return info;
}

static JSValue set_priority(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  int error = uv_os_setpriority(arg_int32(ctx, argv[0]), arg_int32(ctx, argv[1]));
  if (error)
    fail(ctx, argv[2], error, "uv_os_setpriority");
  return JS_NewInt32(ctx, error);
}

static JSValue get_priority(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  int priority;
  int error = uv_os_getpriority(arg_int32(ctx, argv[0]), &priority);
  return error ? fail(ctx, argv[1], error, "uv_os_getpriority") : JS_NewInt32(ctx, priority);
}

static JSValue get_available_parallelism(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
{
  return JS_NewInt32(ctx, (int32_t)uv_available_parallelism());
}

void init_os(Env *env, JSContext *ctx, JSValueConst target)
{
  static const BindingFunction functions[] = {
      {"getHostname", get_hostname, 1},
      {"getOSInformation", get_os_information, 1},
      {"getLoadAvg", get_load_average, 1},
      {"getUptime", get_uptime, 1},
      {"getTotalMem", get_total_memory, 0},
      {"getFreeMem", get_free_memory, 0},
      {"getCPUs", get_cpus, 0},
      {"getInterfaceAddresses", get_interface_addresses, 1},
      {"getHomeDirectory", get_home_directory, 1},
      {"getUserInfo", get_user_info, 2},
      {"setPriority", set_priority, 3},
      {"getPriority", get_priority, 2},
      {"getAvailableParallelism", get_available_parallelism, 0},
  };
  DEFINE_FUNCTIONS(ctx, target, functions);
  define_bool(ctx, target, "isBigEndian", false);
}
