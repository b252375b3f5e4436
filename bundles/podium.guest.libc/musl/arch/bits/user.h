#include <signal.h>

/* Wasm has no registers a debugger could read through ptrace. */
#define ELF_NGREG 4
typedef unsigned long elf_greg_t, elf_gregset_t[ELF_NGREG];
typedef unsigned long elf_fpregset_t;
