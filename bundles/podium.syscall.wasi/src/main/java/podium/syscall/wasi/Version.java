package podium.syscall.wasi;

import podium.syscall.GuestMemory;
import podium.syscall.wasi.abi.FileType;
import podium.vfs.Attributes;

/// The two versions of the interface, and all that they differ in.
enum Version {
    PREVIEW1("wasi_snapshot_preview1", 48, 16) {
        @Override
        int whence(int whence) {
            return whence;
        }

        @Override
        void putFilestat(GuestMemory memory, int at, long device, Attributes of, FileType type) {
            memory.clear(at, 64);
            memory.putLong(at, device);
            memory.putLong(at + 8, of.inode());
            memory.putByte(at + 16, (byte) type.ordinal());
            memory.putLong(at + 24, of.links());
            putSizeAndTimes(memory, at + 32, of);
        }
    },

    UNSTABLE("wasi_unstable", 56, 24) {
        @Override
        int whence(int whence) {
            return switch (whence) {
                case 0 -> 1;
                case 1 -> 2;
                case 2 -> 0;
                default -> whence;
            };
        }

        @Override
        void putFilestat(GuestMemory memory, int at, long device, Attributes of, FileType type) {
            memory.clear(at, 56);
            memory.putLong(at, device);
            memory.putLong(at + 8, of.inode());
            memory.putByte(at + 16, (byte) type.ordinal());
            memory.putInt(at + 20, of.links());
            putSizeAndTimes(memory, at + 24, of);
        }
    };

    private final String module;
    private final int subscriptionSize;
    private final int clock;

    Version(String module, int subscriptionSize, int clock) {
        this.module = module;
        this.subscriptionSize = subscriptionSize;
        this.clock = clock;
    }

    /// The import module.
    String module() {
        return module;
    }

    /// Bytes of a `subscription`.
    int subscriptionSize() {
        return subscriptionSize;
    }

    /// Where in a subscription the clock's number is; its time, precision and flags follow at 8, 16
    /// and 24 bytes from there.
    int clockOffset() {
        return clock;
    }

    /// lseek(2)'s number for a `whence`.
    abstract int whence(int whence);

    /// Writes a `filestat`.
    abstract void putFilestat(
            GuestMemory memory, int at, long device, Attributes of, FileType type);

    private static void putSizeAndTimes(GuestMemory memory, int at, Attributes of) {
        memory.putLong(at, of.size());
        memory.putLong(at + 8, of.accessed());
        memory.putLong(at + 16, of.modified());
        memory.putLong(at + 24, of.changed());
    }
}
