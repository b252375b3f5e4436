package podium.syscall.wasi;

import org.jspecify.annotations.Nullable;
import podium.syscall.Errno;
import podium.syscall.ErrorNumbers;
import podium.syscall.GuestMemory;
import podium.syscall.OpenFile;
import podium.syscall.SyscallFamily;
import podium.syscall.wasi.abi.WasiErrno;
import podium.vfs.Location;

/// One area of the interface, in one of its versions. Methods are named and take their parameters
/// as
/// the interface has them; they return an `errno`, or wait.
abstract class WasiFamily implements SyscallFamily {

    final Version version;

    WasiFamily(Version version) {
        this.version = version;
    }

    @Override
    public final String module() {
        return version.module();
    }

    @Override
    public final ErrorNumbers errors() {
        return WasiErrno.NUMBERS;
    }

    /// A path, or a symbolic link's target.
    ///
    /// @throws podium.syscall.ErrnoException `ENAMETOOLONG` before anything is copied
    static String path(GuestMemory memory, int address, int length) {
        if (Integer.compareUnsigned(length, GuestMemory.PATH_MAX) >= 0)
            throw Errno.ENAMETOOLONG.exception();
        return memory.string(address, length);
    }

    /// Where paths through a descriptor begin, and what they do not leave.
    ///
    /// @throws podium.syscall.ErrnoException `ENOTDIR`
    static Location directory(OpenFile file) {
        @Nullable Location place = file.location();
        if (place == null) throw Errno.ENOTDIR.exception();
        return place.beneath();
    }
}
