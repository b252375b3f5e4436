/* What the compiler's setjmp lowering keeps: see src/setjmp. */
typedef unsigned long __jmp_buf[6];
