package podium.vfs.impl;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import podium.syscall.ErrnoException;
import podium.vfs.FileSystem;
import podium.vfs.FileSystem.Capability;
import podium.vfs.MigrationPlan;
import podium.vfs.MigrationProgress;
import podium.vfs.MigrationProgress.Phase;
import podium.vfs.MigrationSummary;
import podium.vfs.MountException;
import podium.vfs.MountSpec;
import podium.vfs.Node;
import podium.vfs.migrate.Copier;
import podium.vfs.migrate.CopyException;
import podium.vfs.migrate.DirtyLog;
import podium.vfs.migrate.Listener;

/// Moves a mount to another backend while it is in use. See RATIONALE: moving a mount.
///
/// 1. Everything is copied, and what changes meanwhile is noted and copied again, in rounds, until
///    one is short. In the last ones calls come slowly, so that little is left.
/// 2. The mount's gate is shut; what is left is copied, made durable and compared.
/// 3. The record is committed. All inodes in use go over to their copies, and the gate is opened.
///
/// Until 3 nothing has happened to the old backend, and any failure leaves it in use.
final class Migration implements Listener {

    private static final Logger LOG = LoggerFactory.getLogger(Migration.class);

    private static final long SHORTEST_DELAY = 100_000;
    private static final long LONGEST_DELAY = 20_000_000;

    /// How long a call waits while the last rounds are copied.
    private static final long CLOSING_DELAY = 1_000_000;

    /// So few inodes and names need not become fewer before the gate is shut.
    private static final int FEW = 8;

    private static final int PORTION = 1 << 20;
    private static final int INODES = 256;

    private final Mount mount;
    private final Backend next;
    private final MountSpec spec;
    private final FileSystem to;
    private final MigrationPlan plan;
    private final MigrationProgress progress;
    private final @Nullable MountRecord record;
    private final DirtyLog log = new DirtyLog();
    private final Identities identities = new Identities();
    private final Copier copier;

    /// Whether the types that made what it moves to are there yet.
    private final BooleanSupplier provided;

    /// What the record said before.
    private @Nullable Properties before;

    private Phase phase = Phase.COPY;
    private long bytes;
    private long unreported;
    private int inodesUnreported;
    private int rounds;
    private long delay;

    /// What the round before has left.
    private long left = Long.MAX_VALUE;

    /// When calls are held too long; null while they are not.
    private @Nullable Long deadline;

    /// The progress has ended it.
    private static final class CanceledException extends RuntimeException {

        private static final long serialVersionUID = 1;

        CanceledException() {
            super(null, null, false, false);
        }
    }

    /// @param next empty; closed by the caller when it is not moved to
    /// @param provided whether the types that made it are there yet
    Migration(
            Mount mount,
            Backend next,
            MigrationPlan plan,
            MigrationProgress progress,
            @Nullable MountRecord record,
            BooleanSupplier provided) {
        this.mount = mount;
        this.next = next;
        spec = next.spec();
        to = next.fs();
        this.plan = plan;
        this.progress = progress;
        this.record = record;
        this.provided = provided;
        copier = new Copier(mount.fs(), to, log, this, this::isOpen);
    }

    /// @throws MountException it has not moved, and nothing is left of the attempt
    MigrationSummary run() throws MountException {
        check();
        if (!mount.begin(log)) throw failure("it is being moved already, or was unmounted");
        boolean done = false;
        try {
            if (record != null) before = record.intend(spec);
            var old = mount.fs();
            report(Phase.COPY);
            copier.copyAll();
            to.sync();
            var summary = catchUp();
            done = true;
            close(old);
            report(Phase.DONE);
            return summary;
        } catch (CopyException e) {
            throw failure(text(e), e);
        } catch (ErrnoException e) {
            throw failure(e.errno().text(), e);
        } catch (CanceledException e) {
            throw failure("canceled", e);
        } finally {
            mount.gate.slow(0);
            mount.end(log);
            if (!done) discard();
        }
    }

    private void check() throws MountException {
        var lacking = Kept.lacking(mount.fs(), to);
        if (!mount.readOnly() && spec.readOnly()) lacking = "writing";
        if (!lacking.isEmpty())
            throw failure(
                    "%s cannot keep what is there: it lacks %s".formatted(spec.type(), lacking));
        if (record != null && !to.capabilities().contains(Capability.DURABLE))
            throw failure(spec.type() + " is not durable, and the mount has a record");
        if (!to.root().entries(0, 1).isEmpty())
            throw failure(
                    "%s is not empty: what is there, perhaps by a move that was cut off, has to be"
                                    .formatted(place(spec))
                            + " removed first");
    }

    static String place(MountSpec spec) {
        return spec.source().isEmpty() ? spec.type() : spec.type() + " " + spec.source();
    }

    private MigrationSummary catchUp() throws MountException {
        boolean compares = false;
        for (; ; ) {
            boolean small = round(compares);
            if (!small) {
                slowDown();
                continue;
            }
            if (plan.verify() && !compares) {
                report(Phase.VERIFY);
                copier.compareAll();
                compares = true;
                continue;
            }
            var summary = freeze();
            if (summary != null) return summary;
            slowDown();
        }
    }

    /// Copies what was noted.
    ///
    /// @param compares whether what was copied before has been compared, so that this is to be, too
    /// @return whether what is left by now can be copied while calls are held
    private boolean round(boolean compares) throws MountException {
        long start = System.nanoTime();
        copyNoted(compares);
        // Making it durable takes a while, however little there is.
        long took = System.nanoTime() - start;
        to.sync();
        return took <= plan.pause().toNanos() && log.pending() <= plan.tail();
    }

    private void copyNoted(boolean compares) throws MountException {
        checkProvided();
        report(Phase.CATCH_UP);
        rounds++;
        var round = copier.round();
        copyUnnamed();
        copier.purge(false);
        if (compares) copier.compare(round);
    }

    /// Makes what is left short: what changed while all else was made durable is copied, while
    /// calls come slowly, and whatever need not wait for the gate to be shut is done.
    private void closeIn() throws MountException {
        long wait = Math.max(delay, CLOSING_DELAY);
        mount.gate.slow(wait);
        if (log.pending() > FEW) round(plan.verify());
        mount.endGone();
        for (; log.pending() > FEW && wait <= LONGEST_DELAY; wait *= 2) {
            mount.gate.slow(wait);
            copyNoted(plan.verify());
        }
    }

    /// Files that are open have copies that are, and those without a name have copies, too.
    private void copyUnnamed() {
        for (var inode : mount.inodes()) {
            if (!(inode instanceof RegularInode file) || !file.isOpen()) continue;
            copier.hold(file.backend());
            if (copier.copy(file.backend()) == null && file.attributes().links() == 0)
                copier.copyUnnamed(file.backend());
        }
    }

    private boolean isOpen(Node source) {
        var inode = mount.known(source);
        return inode != null && inode.isOpen();
    }

    private void slowDown() throws MountException {
        if (rounds >= plan.rounds())
            throw failure(
                    "it changes faster than it is copied: %d changes in %d rounds"
                            .formatted(log.changes(), rounds));
        long before = left;
        left = log.pending();
        // The first rounds become shorter without anybody's help.
        if (left < before / 2) return;
        delay = delay == 0 ? SHORTEST_DELAY : Math.min(LONGEST_DELAY, 2 * delay);
        mount.gate.slow(delay);
    }

    /// Copies the rest while nobody changes anything, and commits.
    ///
    /// @return null when there was more of it than expected
    private @Nullable MigrationSummary freeze() throws MountException {
        closeIn();
        long limit = plan.limit().toNanos();
        long start = System.nanoTime();
        if (!mount.gate.shut(limit))
            throw failure("a call that was begun before does not end; try again");
        try {
            long tail = log.pending();
            if (tail > plan.tail()) return null;
            deadline = start + limit;
            copier.setFrozen(true);
            var nodes = copyTail();
            commit(nodes);
            return new MigrationSummary(
                    copier.inodes(),
                    bytes,
                    rounds,
                    log.changes(),
                    tail,
                    Duration.ofNanos(System.nanoTime() - start));
        } finally {
            deadline = null;
            mount.gate.open();
        }
    }

    private List<Exchange> copyTail() {
        report(Phase.FREEZE);
        var round = copier.round();
        copyUnnamed();
        copier.purge(true);
        copier.freeUnused();
        var nodes = exchanges();
        to.sync();
        if (plan.verify()) copier.compare(round);
        checkDeadline();
        return nodes;
    }

    private List<Exchange> exchanges() {
        var all = new ArrayList<Exchange>();
        for (var inode : mount.inodes()) {
            var copy = copier.copy(inode.backend());
            if (copy == null) {
                all.add(new Exchange(inode, Relic.of(inode), null, null));
                continue;
            }
            if (inode instanceof RegularInode file && file.isWritable())
                ((Node.Regular) copy).openedForWriting();
            var order =
                    inode instanceof DirectoryInode directory && directory.isOpen()
                            ? StreamOrder.of(directory)
                            : null;
            all.add(new Exchange(inode, copy, identities.of(copy.attributes()), order));
        }
        return all;
    }

    private void commit(List<Exchange> nodes) throws MountException {
        if (!mount.exchange(next, nodes, identities, this::record))
            throw failure("it was unmounted meanwhile");
    }

    private void record() throws MountException {
        // Whoever leaves later finds what it has made.
        checkProvided();
        if (record != null) record.commit(spec);
        report(Phase.COMMIT);
    }

    private void checkProvided() throws MountException {
        if (!provided.getAsBoolean()) throw failure("the bundle that provides its type has left");
    }

    private void close(FileSystem old) {
        try {
            old.close();
        } catch (RuntimeException e) {
            LOG.warn("What {} was moved from could not be closed", spec.target(), e);
        }
    }

    /// Removes what was copied, when it is certain that nobody will look for it there.
    private void discard() {
        try {
            if (record != null && before != null) record.restore(before);
            copier.discard();
        } catch (RuntimeException | MountException e) {
            LOG.warn("Something is left in {}: {}", place(spec), e.getMessage());
        }
    }

    private String text(CopyException e) {
        var node = e.node();
        var path = node == null ? null : copier.path(node);
        return node == null
                ? String.valueOf(e.getMessage())
                : e.getMessage() + " " + (path == null ? "a file without a name" : path);
    }

    private MountException failure(String why) {
        return failure(why, null);
    }

    private MountException failure(String why, @Nullable Throwable cause) {
        var line = "cannot move %s to %s: %s".formatted(spec.target(), place(spec), why);
        return cause == null ? new MountException(line) : new MountException(line, cause);
    }

    private void report(Phase now) {
        phase = now;
        report();
    }

    private void report() {
        unreported = 0;
        inodesUnreported = 0;
        boolean on = progress.advanced(phase, copier.inodes(), bytes, log.pending());
        if (!on && phase.compareTo(Phase.COMMIT) < 0) throw new CanceledException();
    }

    private void checkDeadline() {
        var end = deadline;
        if (end != null && System.nanoTime() - end > 0)
            throw new CopyException("calls were held for the longest time allowed", null, null);
    }

    @Override
    public void copied(int count) {
        bytes += count;
        compared(count);
    }

    @Override
    public void compared(int count) {
        unreported += count;
        checkDeadline();
        if (unreported >= PORTION) report();
    }

    @Override
    public void copied(Node source, Node copy) {
        var of = source.attributes();
        var former = mount.identities();
        var known = former == null ? null : former.of(of);
        identities.put(copy.attributes(), known == null ? of : known.of(of));
        if (++inodesUnreported == INODES) report();
        checkDeadline();
    }
}
