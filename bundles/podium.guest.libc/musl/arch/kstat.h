/* No stat structure of the kernel's own: files are examined with statx only. */
