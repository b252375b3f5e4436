/* System calls are wasm imports, one for each: the constant number at the place of the call picks it at compile time.
 * A number known only at run time goes through the import "syscall". 64-bit values are passed as two halves, low first. */
#include "syscall_imports.h"

#define __SYSCALL_LL_E(x) (long)(x), (long)((unsigned long long)(x) >> 32)
#define __SYSCALL_LL_O(x) __SYSCALL_LL_E(x)

#define __inline_syscall static inline __attribute__((always_inline)) long
__inline_syscall __syscall0(long n) { return __linux(n, 0, 0, 0, 0, 0, 0); }
__inline_syscall __syscall1(long n, long a) { return __linux(n, a, 0, 0, 0, 0, 0); }
__inline_syscall __syscall2(long n, long a, long b) { return __linux(n, a, b, 0, 0, 0, 0); }
__inline_syscall __syscall3(long n, long a, long b, long c) { return __linux(n, a, b, c, 0, 0, 0); }
__inline_syscall __syscall4(long n, long a, long b, long c, long d) { return __linux(n, a, b, c, d, 0, 0); }
__inline_syscall __syscall5(long n, long a, long b, long c, long d, long e) { return __linux(n, a, b, c, d, e, 0); }
__inline_syscall __syscall6(long n, long a, long b, long c, long d, long e, long f) { return __linux(n, a, b, c, d, e, f); }
#undef __inline_syscall

#define IPC_64 0
