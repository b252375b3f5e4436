package podium.vfs.host;

import podium.syscall.Errno;
import podium.syscall.ErrnoException;
import podium.syscall.LinuxString;
import podium.vfs.Node;

/// A symbolic link. The host never follows it: its text is the VFS's affair.
final class HostLink extends HostNode implements Node.Link {

    HostLink(HostFileSystem fs, Status first) {
        super(fs, first);
    }

    @Override
    public String target() {
        fs.pause.await();
        var place = place();
        if (place == null || isGone()) throw Errno.ENOENT.exception();
        try (var directory = place.directory().reach()) {
            return LinuxString.decode(Linux.readlinkat(directory.number(), place.bytes()));
        } catch (ErrnoException e) {
            // It is something else by now.
            throw e.errno() == Errno.EINVAL ? Errno.ENOENT.exception() : e;
        }
    }
}
