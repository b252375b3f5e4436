package podium.vfs.impl;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import podium.vfs.FileSystemType;
import podium.vfs.MigrationPlan;
import podium.vfs.MigrationProgress;
import podium.vfs.MountException;
import podium.vfs.MountSpec;
import podium.vfs.migrate.DirtyLog;

/// What becomes of a mount whose type's service has left. It moves to where its option `drain`
/// says, while the service that leaves waits for that. Else changes and look-ups are held, as
/// reading what is open need not be, until somebody provides the type again, and then it goes on
/// with the file system it has; or until it is moved; or for so long, and then that is closed, and
/// every use is `EIO`.
final class Departure {

    private static final Logger LOG = LoggerFactory.getLogger(Departure.class);
    private static final Duration LOOK = Duration.ofMillis(20);

    private final FileSystems types;
    private final Duration patience;

    Departure(FileSystems types, Duration patience) {
        this.types = types;
        this.patience = patience;
    }

    /// @param namespace of the mount
    void of(Mount mount, FileSystemType type, Namespace namespace) {
        var drain = Options.drain(mount.spec());
        if (drain != null && drained(mount, drain, namespace)) return;
        if (types.has(mount.spec())) return;
        Thread.ofVirtual().name("podium-vfs-departure").start(() -> hold(mount, type));
    }

    private static boolean drained(Mount mount, MountSpec to, Namespace namespace) {
        if (!mount.acquire()) return true;
        try {
            var none = MigrationProgress.NONE;
            var done = namespace.migrate(mount, to, MigrationPlan.DEFAULT, none);
            LOG.info(
                    "{} has moved to {}: {} inodes",
                    to.target(),
                    Migration.place(to),
                    done.inodes());
            return true;
        } catch (MountException e) {
            LOG.error("{}", e.getMessage());
            return false;
        } finally {
            mount.release();
        }
    }

    private void hold(Mount mount, FileSystemType type) {
        long end = System.nanoTime() + patience.toNanos();
        // Nobody else moves it once this has begun, and it is not lost while somebody does.
        var claim = new DirtyLog();
        while (mount.hold(this, () -> isLeft(mount, type))) {
            if (System.nanoTime() - end > 0 && mount.begin(claim)) {
                if (isLeft(mount, type)) lose(mount);
                mount.end(claim);
            }
            pause();
        }
    }

    private void lose(Mount mount) {
        LOG.error(
                "{} is lost, and every use of it an error: nobody has provided file systems of type"
                        + " {} again",
                mount.spec().target(),
                mount.spec().type());
        mount.gate.shut(patience.toNanos());
        mount.lose();
        mount.gate.open();
    }

    /// Whether it still has what a type made that nobody provides.
    private boolean isLeft(Mount mount, FileSystemType type) {
        return !mount.closed()
                && mount.backend().makers().contains(type)
                && !types.has(mount.spec());
    }

    private static void pause() {
        try {
            Thread.sleep(LOOK);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
