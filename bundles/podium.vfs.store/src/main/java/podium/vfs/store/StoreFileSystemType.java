package podium.vfs.store;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.osgi.service.component.annotations.Component;
import podium.vfs.CheckReport;
import podium.vfs.CheckResult;
import podium.vfs.FileSystem;
import podium.vfs.FileSystemType;
import podium.vfs.MountException;
import podium.vfs.MountSpec;
import podium.vfs.backend.DurableOptions;

/// Makes file systems of type `store`: the mount's source is a directory of the host.
@Component
public final class StoreFileSystemType implements FileSystemType {

    @Override
    public String name() {
        return "store";
    }

    @Override
    public FileSystem create(MountSpec spec) throws MountException {
        var options = DurableOptions.of("a store", "a directory", spec);
        try {
            boolean readOnly = spec.readOnly();
            if (!readOnly) makeDirectory(options.path());
            return open(new HostDisk(options.path(), !readOnly), options, readOnly);
        } catch (IOException e) {
            throw new MountException(
                    "cannot mount the store %s: %s".formatted(options.path(), reason(e)), e);
        }
    }

    @Override
    public CheckResult check(MountSpec spec, boolean repair, CheckReport report)
            throws MountException {
        var path = DurableOptions.of("a store", "a directory", spec).path();
        try {
            int problems = repair ? Check.repair(path, report) : Check.check(path, report);
            return new CheckResult(problems, repair && problems > 0);
        } catch (IOException e) {
            throw new MountException(
                    "cannot %s the store %s: %s"
                            .formatted(repair ? "repair" : "check", path, reason(e)),
                    e);
        }
    }

    private static FileSystem open(Disk disk, DurableOptions options, boolean readOnly)
            throws IOException {
        boolean done = false;
        try {
            var fs = StoreFileSystem.open(disk, Limits.STANDARD, options, readOnly);
            done = true;
            return fs;
        } finally {
            if (!done) disk.close();
        }
    }

    private static void makeDirectory(Path path) throws IOException {
        try {
            Files.createDirectory(path);
        } catch (FileAlreadyExistsException e) {
            if (!Files.isDirectory(path)) throw new IOException("it is no directory", e);
            return;
        }
        var above = path.toAbsolutePath().getParent();
        if (above == null) return;
        try (var file =
                new HostDiskFile(
                        above, Files.getFileStore(above), java.nio.file.StandardOpenOption.READ)) {
            file.force();
        }
    }

    /// Faults of files have their name as the message, and the class says what it was.
    static String reason(IOException e) {
        return switch (e) {
            case java.nio.file.NoSuchFileException _ -> "the directory above it does not exist";
            case java.nio.file.AccessDeniedException _ -> "access denied";
            case java.nio.file.FileSystemException f when f.getReason() != null -> f.getReason();
            default -> String.valueOf(e.getMessage());
        };
    }
}
