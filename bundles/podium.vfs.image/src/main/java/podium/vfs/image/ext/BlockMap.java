package podium.vfs.image.ext;

import java.io.IOException;

/// Where an inode's blocks are.
interface BlockMap {

    /// Blocks that follow each other.
    ///
    /// @param block the first one on disk, or 0 for blocks that are nowhere and read as zeros
    /// @param count how many, at least 1
    record Run(long block, long count) {}

    /// What is at a block of the inode, and behind it.
    ///
    /// @param block of the inode, below [#LIMIT]
    /// @throws IOException the map is damaged
    Run find(long block) throws IOException;

    /// Blocks that an inode can have.
    long LIMIT = 1L << 32;
}
