package podium.syscall.wasi.abi;

import podium.syscall.OpenFile;
import podium.syscall.SocketFile;
import podium.vfs.Attributes;
import podium.vfs.Mode;

/// What a file is (`filetype`), in the order of the numbers.
public enum FileType {
    UNKNOWN,
    BLOCK_DEVICE,
    CHARACTER_DEVICE,
    DIRECTORY,
    REGULAR_FILE,
    SOCKET_DGRAM,
    SOCKET_STREAM,
    SYMBOLIC_LINK;

    /// Of an inode's mode; pipes have no number of their own.
    public static FileType of(int mode) {
        return switch (Mode.type(mode)) {
            case Mode.BLOCK -> BLOCK_DEVICE;
            case Mode.CHARACTER -> CHARACTER_DEVICE;
            case Mode.DIRECTORY -> DIRECTORY;
            case Mode.REGULAR -> REGULAR_FILE;
            case Mode.SOCKET -> SOCKET_STREAM;
            case Mode.LINK -> SYMBOLIC_LINK;
            default -> UNKNOWN;
        };
    }

    public static FileType of(OpenFile file, Attributes attributes) {
        return file instanceof SocketFile socket && !socket.isStream()
                ? SOCKET_DGRAM
                : of(attributes.mode());
    }
}
