package podium.vfs.host;

/// System calls of Linux and their numbers (asm/unistd_64.h, asm-generic/unistd.h).
enum Call {
    CLOSE(3, 57),
    COPY_FILE_RANGE(326, 285),
    FALLOCATE(285, 47),
    FCHMODAT(268, 53),
    FCHOWNAT(260, 54),
    FDATASYNC(75, 83),
    FSTATFS(138, 44),
    FSYNC(74, 82),
    FTRUNCATE(77, 46),
    GETDENTS64(217, 61),
    GETEGID(108, 177),
    GETEUID(107, 175),
    GETXATTR(191, 8),
    INOTIFY_ADD_WATCH(254, 27),
    INOTIFY_INIT1(294, 26),
    INOTIFY_RM_WATCH(255, 28),
    IOCTL(16, 29),
    LINKAT(265, 37),
    LISTXATTR(194, 11),
    LSEEK(8, 62),
    MEMFD_CREATE(319, 279),
    MKDIRAT(258, 34),
    MKNODAT(259, 33),
    OPENAT(257, 56),
    OPENAT2(437, 437),
    PREAD64(17, 67),
    PRLIMIT64(302, 261),
    PWRITE64(18, 68),
    PWRITEV2(328, 287),
    READ(0, 63),
    READLINKAT(267, 78),
    REMOVEXATTR(197, 14),
    RENAMEAT2(316, 276),
    SETXATTR(188, 5),
    STATX(332, 291),
    SYMLINKAT(266, 36),
    SYNC(162, 81),
    SYNCFS(306, 267),
    UNLINKAT(263, 35),
    UTIMENSAT(280, 88);

    /// Of the processor this runs on.
    final long number;

    Call(int x64, int arm64) {
        number = Machine.ARM64 ? arm64 : x64;
    }
}
