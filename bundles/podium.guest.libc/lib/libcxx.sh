# source: llvm
# paths: libcxx/src libcxx/include libcxx/vendor libcxx/LICENSE.TXT libcxxabi/src libcxxabi/include libcxxabi/LICENSE.TXT
# targets: wasm32
# The C++ standard library and its ABI library, without exceptions: a throw aborts.

v1=$PREFIX/include/c++/v1
mkdir -p "$v1"
cp -r "$SOURCES/libcxx/include/." "$SOURCES/libcxxabi/include/." "$v1/"
cp "$SOURCES/libcxx/vendor/llvm/default_assertion_handler.in" "$v1/__assertion_handler"
cat > "$v1/__config_site" <<'SITE'
#ifndef _LIBCPP___CONFIG_SITE
#define _LIBCPP___CONFIG_SITE
#define _LIBCPP_ABI_VERSION 1
#define _LIBCPP_ABI_NAMESPACE __1
#define _LIBCPP_HAS_MUSL_LIBC
#define _LIBCPP_HAS_THREAD_API_PTHREAD
#define _LIBCPP_HAS_NO_VENDOR_AVAILABILITY_ANNOTATIONS
#define _LIBCPP_HAS_NO_STD_MODULES
#define _LIBCPP_HAS_NO_TIME_ZONE_DATABASE
#define _LIBCPP_PSTL_BACKEND_SERIAL
#define _LIBCPP_HARDENING_MODE_DEFAULT 2
#endif
SITE
rm -f "$v1"/__config_site.in "$v1"/CMakeLists.txt "$v1"/module.modulemap

export CXX_HEADERS=$v1
flags=(-std=c++23 -fno-exceptions -fvisibility=hidden -fvisibility-inlines-hidden -w)
core=(algorithm any atomic barrier bind call_once charconv chrono condition_variable condition_variable_destructor
  error_category exception expected functional future hash legacy_pointer_safety memory memory_resource mutex
  mutex_destructor new_handler new_helpers optional print random random_shuffle shared_mutex stdexcept string system_error
  thread typeinfo valarray variant vector verbose_abort)
streams=(fstream ios ios.instantiations iostream locale ostream regex strstream)
filesystem=(directory_entry directory_iterator filesystem_clock filesystem_error operations path)
archive c++ "${flags[@]}" -D_LIBCPP_BUILDING_LIBRARY -DLIBCXX_BUILDING_LIBCXXABI -I"$SOURCES/libcxx/src" -- \
  $(printf 'libcxx/src/%s.cpp ' "${core[@]}" "${streams[@]}" "${filesystem[@]/#/filesystem/}" ryu/{d2fixed,d2s,f2s})

abi=(cxa_aux_runtime cxa_default_handlers cxa_demangle cxa_exception_storage cxa_guard cxa_handlers cxa_noexception
  cxa_thread_atexit cxa_vector cxa_virtual stdlib_exception stdlib_new_delete stdlib_stdexcept stdlib_typeinfo
  abort_message fallback_malloc private_typeinfo)
archive c++abi "${flags[@]}" -D_LIBCXXABI_BUILDING_LIBRARY -D_LIBCPP_BUILDING_LIBRARY -DLIBCXXABI_NON_DEMANGLING_TERMINATE \
  -I"$SOURCES/libcxx/src" -- $(printf 'libcxxabi/src/%s.cpp ' "${abi[@]}")
