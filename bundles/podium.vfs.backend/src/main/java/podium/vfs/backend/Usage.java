package podium.vfs.backend;

import podium.vfs.FileSystem.Statistics;

/// statfs(2) of a tree that quotas count.
public final class Usage {

    /// Bytes, of blocks and of pages.
    private static final int PAGE = 4096;

    private Usage() {}

    /// What is free is what the quota leaves, or the host, whichever is less.
    ///
    /// @param magic `f_type`
    /// @param left bytes that the host has left, 0 where nothing can be written
    /// @param pages of 4 KiB
    public static Statistics of(long magic, long left, Quota pages, Quota inodes) {
        long free = Math.min(left / PAGE, pages.left());
        long used = pages.used();
        // More than an int holds confuses programs.
        long files = Math.min(inodes.limit, Integer.MAX_VALUE);
        return new Statistics(
                magic,
                PAGE,
                Math.max(used + free, used),
                free,
                files,
                Math.clamp(files - inodes.used(), 0, files));
    }
}
