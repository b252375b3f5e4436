package podium.vfs.store;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import podium.syscall.Errno;
import podium.syscall.ErrnoException;
import podium.vfs.backend.Quota;

/// A store in use: its tree in memory, and how changes of it come to the disk.
///
/// A change happens in memory, between [#begin] and [#end], and leaves [Records]. A commit first
/// makes a cut, with the gate closed to changes: content that waits in memory goes to segments, and
/// the records become one frame, so that it holds everything up to one moment. Then, with the gate
/// open again, the segments are forced, the frame is written, and the journal forced.
final class Store implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Store.class);

    final Disk disk;
    final Limits limits;
    final boolean readOnly;

    /// Pages of content, and inodes.
    final Quota pages;

    final Quota inodes;
    final NodeTable nodes = new NodeTable();
    final Segments segments;
    final PagePool spare;
    private final Batch batch;
    final Faults faults;

    /// Held while names change; taken before any directory's own monitor.
    final Object tree = new Object();

    final StoreSnapshots snapshots = new StoreSnapshots(this);
    private final Room room;
    final Compactor compactor = new Compactor(this);

    /// Changes share it, a cut has it alone.
    private final ReentrantReadWriteLock gate = new ReentrantReadWriteLock();

    /// Fair, so that those who waited for a commit go before those who come again: whoever makes
    /// the next one then makes it for all of them.
    private final ReentrantLock committing = new ReentrantLock(true);

    private final AtomicLong changes = new AtomicLong();
    private volatile long durable;

    /// The last change that is durable wherever the disk wants it ([Disk#settle]).
    private volatile long settled;

    private final Pending pending = new Pending();
    private final AtomicInteger dirty = new AtomicInteger();
    private volatile boolean closed;
    private boolean warned;
    private @Nullable Journal journal;

    Store(Disk disk, Limits limits, Quota pages, Quota inodes, boolean readOnly)
            throws IOException {
        this.disk = disk;
        this.limits = limits;
        this.readOnly = readOnly;
        this.pages = pages;
        this.inodes = inodes;
        segments = new Segments(disk, segment(disk, limits));
        batch = new Batch(segments);
        spare = new PagePool(limits.dirty());
        room = new Room(disk);
        faults = new Faults(disk.name());
    }

    /// On a small disk, segments are small: one of them has to fit when others are moved together.
    private static int segment(Disk disk, Limits limits) throws IOException {
        return (int) Math.min(limits.segment(), Math.max(1 << 20, disk.usable() / 32));
    }

    /// What a commit writes.
    ///
    /// @param change the last change in it
    /// @param written segments to force first
    /// @param unused segments that nothing refers to once it is durable
    private record Cut(Records records, long change, List<Segment> written, List<Segment> unused) {}

    StoreDirectory root() {
        if (nodes.get(1) instanceof StoreDirectory root) return root;
        throw new IllegalStateException("a store without a root");
    }

    /// Goes on with a journal that was read.
    void resume(Journal journal) {
        this.journal = journal;
    }

    /// A change begins. No monitor of an inode is held.
    ///
    /// @param frees whether it takes no space, so that it is let through when the disk is full
    /// @throws ErrnoException `EROFS`; `EIO`: the store is closed or has faults.isFailed();
    /// `ENOSPC`
    void begin(boolean frees) {
        if (refusal() == null && isPressed()) relieve(frees);
        if (!frees && room.isLow() && refusal() == null) reclaim();
        gate.readLock().lock();
        var error = refusal();
        if (error == null) return;
        gate.readLock().unlock();
        throw error.exception();
    }

    private @Nullable Errno refusal() {
        if (closed || faults.isFailed()) return Errno.EIO;
        return readOnly ? Errno.EROFS : null;
    }

    /// Does something with the whole tree, while nothing changes and nothing waits in memory.
    ///
    /// @param record what it is, in the journal
    /// @return how long that was
    /// @throws ErrnoException as [#begin]; what the action throws, before it has changed anything
    Duration alone(Runnable check, Consumer<Records> record, Runnable action) {
        gate.writeLock().lock();
        long start = System.nanoTime();
        try {
            var error = refusal();
            if (error != null) throw error.exception();
            flush();
            check.run();
            pending.seal(record);
            action.run();
            stamp();
            return Duration.ofNanos(System.nanoTime() - start);
        } catch (NoSpaceException e) {
            throw e.errno().exception();
        } catch (IOException e) {
            throw faults.fail(e);
        } finally {
            gate.writeLock().unlock();
        }
    }

    /// Looks at something while nothing changes.
    <T> T looking(Supplier<T> look) {
        gate.writeLock().lock();
        try {
            return look.get();
        } finally {
            gate.writeLock().unlock();
        }
    }

    /// As [#begin], for what need not happen.
    boolean tryBegin() {
        gate.readLock().lock();
        if (refusal() == null) return true;
        gate.readLock().unlock();
        return false;
    }

    /// A change has ended.
    void end() {
        gate.readLock().unlock();
    }

    /// @throws ErrnoException `EIO`: the store is closed
    void checkOpen() {
        if (closed) throw Errno.EIO.exception();
    }

    /// The number of a new change.
    long stamp() {
        return changes.incrementAndGet();
    }

    /// Where a change is recorded, until [#end].
    Records records() {
        return pending.records();
    }

    /// Adds a new inode.
    ///
    /// @throws ErrnoException `ENOSPC`
    <T extends StoreNode> T add(Supplier<T> maker, int mode, int uid, int gid) {
        inodes.take(1);
        boolean done = false;
        try {
            take(Pending.INODE);
            var node = maker.get();
            nodes.add(node);
            synchronized (node) {
                node.begin(mode, uid, gid);
            }
            done = true;
            return node;
        } catch (IOException e) {
            throw faults.unwritable(e, null);
        } finally {
            if (!done) inodes.give(1);
        }
    }

    long number() {
        return nodes.number();
    }

    void queue(StoreNode node) {
        pending.queue(node);
    }

    /// Takes room on the disk for content or records.
    ///
    /// @throws NoSpaceException there is none
    void take(long bytes) throws IOException {
        room.take(bytes, (long) dirty.get() * Extent.PAGE);
    }

    /// Pages more, or less, wait in memory.
    void dirtied(int pages) {
        dirty.addAndGet(pages);
    }

    private boolean isPressed() {
        return dirty.get() > limits.dirty() || isLong();
    }

    private boolean isLong() {
        return pending.length() > limits.pending();
    }

    private void relieve(boolean frees) {
        try {
            if (dirty.get() > limits.dirty()) flush();
            if (isLong()) commit(changes.get(), false);
        } catch (ErrnoException e) {
            if (!frees || !isFull(e)) throw e;
        } catch (NoSpaceException e) {
            if (!frees) throw e.errno().exception();
        } catch (IOException e) {
            throw faults.fail(e);
        }
    }

    private static boolean isFull(ErrnoException e) {
        return e.errno() == Errno.ENOSPC || e.errno() == Errno.EDQUOT;
    }

    private static boolean isTold(ErrnoException e) {
        return e.errno() == Errno.EIO || e.errno() == Errno.ETIMEDOUT;
    }

    /// Little is left of the disk: what is wasted of it is needed.
    private void reclaim() {
        try {
            if (compactor.reclaim(room.left())) room.look((long) dirty.get() * Extent.PAGE);
        } catch (NoSpaceException e) {
            LOG.debug("store {}: no room to move content together", disk.name());
        } catch (IOException e) {
            throw faults.fail(e);
        }
    }

    /// Brings content to segments, without making it durable.
    private void flush() throws IOException {
        gate.writeLock().lock();
        try {
            if (closed) return;
            for (var node : pending.queue())
                if (node instanceof StoreRegular file)
                    synchronized (file) {
                        file.content.flush(file, batch);
                    }
            batch.write();
        } finally {
            batch.end();
            gate.writeLock().unlock();
        }
    }

    /// Makes everything up to a change durable, and settles it. Whoever comes while another commit
    /// is under way waits for that, and then shares one with all who wait.
    ///
    /// @throws ErrnoException `EIO`, `ENOSPC`; `ETIMEDOUT`: it is durable, and could not be settled
    void commit(long change) {
        commit(change, true);
    }

    private void commit(long change, boolean settle) {
        if (readOnly || isDone(change, settle)) return;
        committing.lock();
        try {
            if (isDone(change, settle)) return;
            if (closed || faults.isFailed()) throw Errno.EIO.exception();
            if (durable < change) write();
            if (settle) settle();
        } finally {
            committing.unlock();
        }
    }

    /// Makes everything durable.
    void commit() {
        commit(changes.get());
    }

    private boolean isDone(long change, boolean settle) {
        return (settle ? settled : durable) >= change;
    }

    private void settle() {
        long reached = durable;
        try {
            disk.settle();
        } catch (IOException e) {
            throw faults.fail(e);
        }
        settled = reached;
    }

    private void write() {
        try {
            write(cut());
        } catch (NoSpaceException e) {
            throw e.errno().exception();
        } catch (IOException e) {
            throw faults.fail(e);
        }
        var now = journal;
        if (now == null || now.growth() > Math.max(limits.journal(), now.base())) checkpoint();
    }

    private Cut cut() throws IOException {
        gate.writeLock().lock();
        try {
            flush();
            return new Cut(pending.cut(), changes.get(), segments.unforced(), segments.unused());
        } finally {
            gate.writeLock().unlock();
        }
    }

    private void write(Cut cut) throws IOException {
        try {
            segments.force(cut.written());
            if (cut.records().length() > 0 && journal != null) {
                journal.append(Frame.COMMIT, cut.records().bytes());
                journal.force();
            }
        } catch (NoSpaceException e) {
            restore(cut);
            throw e;
        }
        durable = cut.change();
        segments.delete(cut.unused());
    }

    /// A cut could not be written: it goes into the next one.
    private void restore(Cut cut) {
        gate.writeLock().lock();
        try {
            pending.restore(cut.records());
            segments.again(cut.written());
        } finally {
            gate.writeLock().unlock();
        }
    }

    /// Begins another journal with the state as it is, in place of the one that has grown. A full
    /// disk puts it off.
    private void checkpoint() {
        try {
            replaceJournal();
            warned = false;
        } catch (NoSpaceException e) {
            if (!warned) LOG.warn("store {}: no room for a shorter journal yet", disk.name());
            warned = true;
        } catch (IOException e) {
            throw faults.fail(e);
        }
    }

    /// @throws NoSpaceException nothing has changed
    void replaceJournal() throws IOException {
        var old = journal;
        Cut cut = null;
        Journal next;
        boolean done = false;
        gate.writeLock().lock();
        try {
            cut = cut();
            next = Snapshot.write(this, old);
            done = true;
        } finally {
            if (!done && cut != null) restore(cut);
            gate.writeLock().unlock();
        }
        segments.force(cut.written());
        next.force();
        next.publish(disk);
        journal = next;
        durable = cut.change();
        if (old != null) {
            old.close();
            disk.delete(Journal.name(old.header.generation()));
        }
        segments.delete(cut.unused());
    }

    /// Commits what is there, and whatever is put off ([Limits#interval]).
    void tick() {
        if (closed || faults.isFailed() || readOnly) return;
        try {
            if (durable == changes.get()) spare.clear();
            commit();
            compactor.compact();
        } catch (ErrnoException e) {
            // A full disk, of which whoever syncs is told; a failure was told when it happened.
            if (!isFull(e) && !isTold(e)) throw e;
        } catch (NoSpaceException e) {
            LOG.debug("store {}: no room to move content together", disk.name());
        } catch (IOException e) {
            faults.fail(e);
        }
    }

    /// Commits and ends. Idempotent.
    @Override
    public void close() {
        committing.lock();
        try {
            if (closed) return;
            if (!readOnly && !faults.isFailed() && journal != null) write();
        } catch (ErrnoException e) {
            LOG.error("store {}: the last changes are lost: {}", disk.name(), e.errno().text());
        } finally {
            end(closed);
            committing.unlock();
        }
    }

    /// Ends it when it could not be opened. Its disk is not closed.
    void abandon() throws IOException {
        closed = true;
        segments.close();
        if (journal != null) journal.close();
    }

    private void end(boolean before) {
        if (before) return;
        gate.writeLock().lock();
        closed = true;
        gate.writeLock().unlock();
        try (disk;
                segments;
                var _ = journal) {
            LOG.debug("store {}: closed", disk.name());
        } catch (IOException e) {
            LOG.error("store {}: closing: {}", disk.name(), e.toString());
        }
    }
}
