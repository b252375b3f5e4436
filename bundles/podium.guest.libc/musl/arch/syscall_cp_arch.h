/* Cancellation points. A wasm program has no program counter that a signal handler could move, so the window between
 * "test" and "call" is closed by the kernel instead: a signal that is pending when a call would block makes it answer
 * -EINTR. So: test, call, test again. Both functions do nothing until pthread_cancel is linked. */
hidden long __cancel_before(long number);
hidden long __cancel_after(long number, long result);

#define __cancellable(n, call) ({ long __r = __cancel_before(n); __r ? __r : __cancel_after(n, call); })

#define __syscall_cp0(n) __cancellable(n, __syscall0(n))
#define __syscall_cp1(n,a) __cancellable(n, __syscall1(n, a))
#define __syscall_cp2(n,a,b) __cancellable(n, __syscall2(n, a, b))
#define __syscall_cp3(n,a,b,c) __cancellable(n, __syscall3(n, a, b, c))
#define __syscall_cp4(n,a,b,c,d) __cancellable(n, __syscall4(n, a, b, c, d))
#define __syscall_cp5(n,a,b,c,d,e) __cancellable(n, __syscall5(n, a, b, c, d, e))
#define __syscall_cp6(n,a,b,c,d,e,f) __cancellable(n, __syscall6(n, a, b, c, d, e, f))
