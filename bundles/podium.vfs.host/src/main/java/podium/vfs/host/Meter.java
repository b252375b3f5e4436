package podium.vfs.host;

import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import podium.syscall.Errno;
import podium.vfs.MigrationProgress;
import podium.vfs.MigrationProgress.Phase;

/// Counts what is copied for a snapshot, and asks whether to go on.
final class Meter implements LongConsumer {

    private static final int INODES = 256;

    private final MigrationProgress progress;
    private final BooleanSupplier ending;
    private Phase phase = Phase.COPY;
    private long inodes;
    private long bytes;

    /// @param ending whether it has to end, whatever the progress says
    Meter(MigrationProgress progress, BooleanSupplier ending) {
        this.progress = progress;
        this.ending = ending;
    }

    /// One that nobody looks at.
    static Meter unseen() {
        return new Meter(MigrationProgress.NONE, () -> false);
    }

    /// @throws podium.syscall.ErrnoException `ECANCELED`
    void enter(Phase next) {
        phase = next;
        report();
    }

    /// An inode was read, or written back.
    void inode() {
        if (++inodes % INODES == 0) report();
    }

    /// Bytes were copied, or compared.
    @Override
    public void accept(long count) {
        bytes += count;
        report();
    }

    private void report() {
        boolean on = progress.advanced(phase, inodes, bytes, 0);
        boolean ends = !on || ending.getAsBoolean();
        if (ends && phase.compareTo(Phase.COMMIT) < 0) throw Errno.ECANCELED.exception();
    }
}
