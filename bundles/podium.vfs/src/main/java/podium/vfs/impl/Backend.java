package podium.vfs.impl;

import java.util.Set;
import podium.vfs.FileSystem;
import podium.vfs.FileSystemType;
import podium.vfs.MountSpec;

/// What a mount's content is kept by.
///
/// @param spec what it was made from
/// @param makers the types that made it, by identity
/// @param stable as [FileSystem#stable]
/// @param readOnly whether guests cannot change it
record Backend(
        MountSpec spec,
        FileSystem fs,
        Set<FileSystemType> makers,
        boolean stable,
        boolean readOnly) {

    static Backend of(MountSpec spec, FileSystem fs, Set<FileSystemType> makers) {
        boolean writable = fs.capabilities().contains(FileSystem.Capability.WRITE);
        return new Backend(spec, fs, makers, fs.stable(), spec.readOnly() || !writable);
    }
}
