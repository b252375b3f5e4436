# folder: malloc
# targets: wasm32
# A faster malloc for programs that live on it; link it before anything else.

archive spanalloc -Wall -fno-builtin-malloc -fno-builtin-calloc -- malloc.c span.c
