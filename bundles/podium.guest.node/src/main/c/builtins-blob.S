/* The library's blob (compile-builtins), found on the assembler's include path. */
#ifdef __wasm__
  .section .rodata.builtins_blob,"",@
  .type builtins_blob,@object
#else
  .section .rodata
  .section .note.GNU-stack,"",@progbits
  .section .rodata
#endif
  .globl builtins_blob
  .p2align 4
builtins_blob:
  .incbin "builtins.blob"
  .size builtins_blob, . - builtins_blob
