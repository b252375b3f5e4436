/* The thread pointer is itself a thread-local variable: its place follows from the wasm global __tls_base, which every
 * thread's instance has for itself. */
extern _Thread_local uintptr_t __thread_pointer;
static inline uintptr_t __get_tp(void) { return __thread_pointer; }

/* Upstream's cancellation looks at a program counter; ours does not, but the name must exist. */
#define MC_PC __unused[0]
