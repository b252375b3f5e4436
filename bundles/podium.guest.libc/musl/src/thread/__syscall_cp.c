/* Cancellation points of a program that cancels no thread: see syscall_cp_arch.h. */
#include "syscall.h"

static long nothing_pending(long number) { return 0; }
static long unchanged(long number, long result) { return result; }

weak_alias(nothing_pending, __cancel_before);
weak_alias(unchanged, __cancel_after);
