package podium.vfs.sqlite;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import podium.vfs.CheckReport;
import podium.vfs.CheckResult;
import podium.vfs.FileSystem;
import podium.vfs.FileSystemType;
import podium.vfs.MountException;
import podium.vfs.MountSpec;
import podium.vfs.backend.DurableOptions;

/// Makes file systems of type `sqlite`: the mount's source is a file of the host.
@Component
public final class SqliteFileSystemType implements FileSystemType {

    /// Milliseconds after which what nobody syncs is made durable.
    private static final int INTERVAL = 5000;

    private final @Nullable Path folder;

    /// In a container, SQLite's library goes to the bundle's own folder.
    @Activate
    public SqliteFileSystemType(BundleContext context) {
        var file = context.getDataFile("native");
        folder = file == null ? null : file.toPath();
    }

    /// Outside of a container.
    public SqliteFileSystemType() {
        folder = null;
    }

    @Override
    public String name() {
        return "sqlite";
    }

    @Override
    public FileSystem create(MountSpec spec) throws MountException {
        var options = DurableOptions.of("a database", "a file", spec);
        try {
            NativeLibrary.load(folder);
            return SqliteFileSystem.open(options, spec.readOnly(), INTERVAL);
        } catch (IOException e) {
            throw new MountException(
                    "cannot mount the database %s: %s".formatted(options.path(), reason(e)), e);
        }
    }

    @Override
    public CheckResult check(MountSpec spec, boolean repair, CheckReport report)
            throws MountException {
        var options = DurableOptions.of("a database", "a file", spec);
        try {
            NativeLibrary.load(folder);
            return Check.run(options.path(), repair, report);
        } catch (IOException e) {
            throw new MountException(
                    "cannot %s the database %s: %s"
                            .formatted(repair ? "repair" : "check", options.path(), reason(e)),
                    e);
        }
    }

    /// Faults of files have their name as the message, and the class says what it was.
    private static String reason(IOException e) {
        return switch (e) {
            case NoSuchFileException _ -> "it does not exist, or the directory above it does not";
            case AccessDeniedException _ -> "access denied";
            case FileSystemException f when f.getReason() != null -> f.getReason();
            default -> String.valueOf(e.getMessage());
        };
    }
}
