package podium.vfs.host;

import org.osgi.service.component.annotations.Component;
import podium.syscall.ErrnoException;
import podium.syscall.LinuxString;
import podium.vfs.FileSystem;
import podium.vfs.FileSystemType;
import podium.vfs.MountException;
import podium.vfs.MountSpec;

/// Makes file systems of type `host`: the mount's source is a directory of the host.
@Component
public final class HostFileSystemType implements FileSystemType {

    @Override
    public String name() {
        return "host";
    }

    @Override
    public FileSystem create(MountSpec spec) throws MountException {
        var source = spec.source();
        if (source.isEmpty())
            throw new MountException("a host file system needs a source, a directory of the host");
        var missing = Linux.missing();
        if (missing != null)
            throw new MountException("there is no host file system here: " + missing);
        var options = HostOptions.of(spec);
        try {
            var fs = new HostFileSystem(LinuxString.encode(source), options);
            if (options.snapshots() != null) fs.keepSnapshots(options.snapshots());
            return fs;
        } catch (ErrnoException e) {
            throw new MountException("cannot mount %s: %s".formatted(source, e.errno().text()), e);
        }
    }
}
