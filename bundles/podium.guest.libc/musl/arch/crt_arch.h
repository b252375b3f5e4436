/* The entry points are written in C: see crt1.c. */
