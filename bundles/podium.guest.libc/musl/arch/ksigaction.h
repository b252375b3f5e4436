/* What rt_sigaction passes. The kernel does not call a handler itself: it calls the restorer, at a table index as any
 * C function, with the handler as the first argument. So the restorer knows the handler's C type and the kernel
 * needs only one. */
struct k_sigaction {
	void (*handler)(int);
	unsigned long flags;
	void (*restorer)(void (*)(int), int, void *, void *);
	unsigned mask[2];
};

hidden void __restore(void (*)(int), int, void *, void *);
hidden void __restore_rt(void (*)(int), int, void *, void *);
