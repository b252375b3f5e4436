package podium.vfs.host;

import podium.syscall.Errno;
import podium.syscall.LinuxString;

/// A name an inode was found under.
record Place(HostDirectory directory, String name) {

    /// A name's bytes, checked once more: what is no single name never reaches the host.
    ///
    /// @throws podium.syscall.ErrnoException `EINVAL`, `ENAMETOOLONG`
    static byte[] bytes(String name) {
        var bytes = LinuxString.encode(name);
        if (bytes.length > 255) throw Errno.ENAMETOOLONG.exception();
        if (!Linux.isName(bytes)) throw Errno.EINVAL.exception();
        return bytes;
    }

    byte[] bytes() {
        return bytes(name);
    }
}
