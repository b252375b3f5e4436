package podium.vfs.migrate;

import static podium.syscall.Errno.ENOENT;
import static podium.syscall.Errno.ESTALE;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import podium.syscall.Errno;
import podium.syscall.ErrnoException;
import podium.vfs.FileSystem;
import podium.vfs.Node;

/// Makes one tree as another one is, in rounds, each of what the [DirtyLog] has.
///
/// Names that lead to something else than in the source are taken out of the tree first, and
/// parked;
/// then what is missing is put in its place, from there if that is where it is. So what was moved
/// is moved, and no directory comes below itself.
public final class Copier {

    private static final int AT_ONCE = 256;

    private final FileSystem from;
    private final FileSystem to;
    private final DirtyLog log;
    private final Listener listener;
    private final Predicate<Node> inUse;
    private final boolean hardLinks;
    private final Extents extents;
    private final Parking parking;
    private final Comparison comparison;

    private final Map<Node, Twin> twins = new HashMap<>();
    private final Map<Node, Twin> byCopy = new HashMap<>();

    /// Directories whose entries are all to be copied yet.
    private final Deque<Twin> fresh = new ArrayDeque<>();

    /// Directories whose attributes are to be set when their entries are done.
    private final Set<Twin> touched = new LinkedHashSet<>();

    /// Names in the root that are there because of us.
    private final Set<String> made = new HashSet<>();

    /// Whether nothing changes any more.
    private boolean frozen;

    /// @param to empty
    /// @param inUse whether somebody has a file open
    public Copier(
            FileSystem from,
            FileSystem to,
            DirtyLog log,
            Listener listener,
            Predicate<Node> inUse) {
        this.from = from;
        this.to = to;
        this.log = log;
        this.listener = listener;
        this.inUse = inUse;
        hardLinks = to.capabilities().contains(FileSystem.Capability.HARD_LINKS);
        extents = new Extents(listener);
        parking = new Parking(to.root());
        comparison = new Comparison(extents, log, this::copy, parking::isCalled);
    }

    /// Copies all there is.
    public void copyAll() {
        var root = twin(from.root(), to.root(), null);
        fresh.add(root);
        copyFresh();
        finishDirectories();
    }

    /// Inodes that have a copy.
    public long inodes() {
        return twins.size();
    }

    /// The copy of an inode, or null.
    public @Nullable Node copy(Node source) {
        var twin = twins.get(source);
        return twin == null ? null : twin.copy;
    }

    /// Nothing changes in the source from now on, but what the log has already.
    ///
    /// @param frozen false to take that back
    public void setFrozen(boolean frozen) {
        this.frozen = frozen;
    }

    /// Copies what the log has.
    public Round round() {
        var marks = log.take();
        marks.forEach((node, mark) -> each(node, mark, this::take));
        marks.forEach((node, mark) -> each(node, mark, this::put));
        copyFresh();
        marks.forEach(this::copyMarked);
        finishDirectories();
        return new Round(marks);
    }

    /// What was copied in a round.
    public record Round(Map<Node, Mark> marks) {}

    @FunctionalInterface
    private interface NameStep {
        void accept(Twin directory, String name);
    }

    private void each(Node node, Mark mark, NameStep step) {
        var directory = twins.get(node);
        // One without a copy is copied whole when it gets one.
        if (directory == null) return;
        for (var name : mark.names) attempt(step, directory, name);
        if (!mark.names.isEmpty()) touched.add(directory);
    }

    private void attempt(NameStep step, Twin directory, String name) {
        try {
            step.accept(directory, name);
        } catch (ErrnoException e) {
            if (missed(e, directory.source)) log.name(directory.sourceDirectory(), name);
        }
    }

    /// Takes a name out of the tree that leads to something else in the source.
    private void take(Twin directory, String name) {
        var there = directory.directory().lookup(name);
        if (there == null) return;
        var wanted = directory.sourceDirectory().lookup(name);
        if (wanted != null && there.equals(copy(wanted))) return;
        park(directory, name, there);
    }

    private void park(Twin directory, String name, Node there) {
        var twin = byCopy.get(there);
        boolean isDirectory = there instanceof Node.Directory;
        boolean last = isDirectory || there.attributes().links() <= 1;
        if (!isDirectory && twin != null && isGone(twin.source)) {
            directory.directory().unlink(name);
            if (last) drop(twin);
            return;
        }
        if (!last) {
            directory.directory().unlink(name);
            return;
        }
        parking.take(directory.directory(), name, there);
        if (twin != null) twin.parent = null;
    }

    /// Puts a name into the tree that is missing.
    private void put(Twin directory, String name) {
        var wanted = directory.sourceDirectory().lookup(name);
        if (wanted == null || directory.directory().lookup(name) != null) return;
        if (directory.source.equals(from.root())) made.add(name);
        var twin = twins.get(wanted);
        if (twin == null || !putAgain(directory, name, twin)) make(directory, name, wanted);
    }

    /// Gives a copy that is somewhere another name.
    ///
    /// @return false when it is of no use any more
    private boolean putAgain(Twin directory, String name, Twin twin) {
        boolean isDirectory = twin.copy instanceof Node.Directory;
        if (parking.has(twin.copy)) {
            if (isDirectory && directory.isBelow(twin)) return later(directory, name);
            parking.give(twin.copy, directory.directory(), name);
            if (isDirectory) twin.parent = directory;
        } else {
            // Where it was is noted, too, or will be.
            if (isDirectory) return later(directory, name);
            if (!hardLinks || !linked(directory, name, twin)) {
                drop(twin);
                return false;
            }
        }
        done(twin);
        return true;
    }

    private static boolean linked(Twin directory, String name, Twin twin) {
        try {
            directory.directory().link(name, twin.copy);
            return true;
        } catch (ErrnoException e) {
            if (e.errno() == ENOENT || e.errno() == ESTALE) return false;
            throw e;
        }
    }

    private boolean later(Twin directory, String name) {
        if (frozen)
            throw new CopyException("something else than the mount moved", directory.source, null);
        log.name(directory.sourceDirectory(), name);
        return true;
    }

    private void copyFresh() {
        for (var directory = fresh.poll(); directory != null; directory = fresh.poll()) {
            touched.add(directory);
            for (long cookie = 0; ; ) {
                var some = directory.sourceDirectory().entries(cookie, AT_ONCE);
                if (some.isEmpty()) break;
                for (var entry : some) attempt(this::put, directory, entry.name());
                cookie = some.getLast().cookie();
            }
        }
    }

    /// What is not found while others change the tree was removed, which is noted as such; or is on
    /// its way from one name to another, where a backend that goes by names does not find it.
    ///
    /// @return whether it may be there still, so that what was not done has to be noted again
    private boolean missed(ErrnoException e, Node node) {
        if (frozen || !isMissing(e)) throw failed(e, node);
        try {
            return node.attributes().links() > 0 || inUse.test(node);
        } catch (ErrnoException again) {
            if (!isMissing(again)) throw failed(again, node);
            return true;
        }
    }

    private static boolean isMissing(ErrnoException e) {
        return e.errno() == ENOENT || e.errno() == ESTALE;
    }

    /// What there is of a copy may not be all.
    private void noteAll(Node source) {
        log.parts(source, Ranges.all());
    }

    private static CopyException failed(ErrnoException e, Node node) {
        return new CopyException("cannot copy (" + e.errno().text() + ")", node, e);
    }

    private void make(Twin directory, String name, Node source) {
        var there = directory.directory();
        try {
            var of = source.attributes();
            int uid = of.uid();
            int gid = of.gid();
            switch (source) {
                case Node.Directory _ ->
                        fresh.add(
                                twin(
                                        source,
                                        there.createDirectory(name, 0700, uid, gid),
                                        directory));
                case Node.Regular file -> fill(file, there.create(name, 0600, uid, gid));
                case Node.Link link ->
                        done(twin(link, there.createLink(name, link.target(), uid, gid), null));
                case Node.Special _ ->
                        done(
                                twin(
                                        source,
                                        there.createSpecial(name, of.mode(), of.device(), uid, gid),
                                        null));
            }
        } catch (ErrnoException e) {
            if (missed(e, source)) missedNew(directory, name, source);
        }
    }

    /// Notes what was to be copied for the first time, and was not, or not all of it.
    private void missedNew(Twin directory, String name, Node source) {
        if (twins.containsKey(source)) noteAll(source);
        else log.name(directory.sourceDirectory(), name);
    }

    /// Copies a file that has no name.
    public void copyUnnamed(Node.Regular source) {
        if (twins.containsKey(source)) return;
        try {
            var of = source.attributes();
            fill(source, unnamed(of.uid(), of.gid()));
        } catch (ErrnoException e) {
            if (missed(e, source)) noteAll(source);
        }
    }

    private Node.Regular unnamed(int uid, int gid) {
        try {
            return to.root().createUnnamed(0600, uid, gid);
        } catch (ErrnoException e) {
            if (e.errno() != Errno.EOPNOTSUPP) throw e;
            return parking.create(uid, gid);
        }
    }

    private void fill(Node.Regular source, Node.Regular copy) {
        var twin = twin(source, copy, null);
        // Open already, so that it is one that may be written whatever its mode is.
        hold(twin);
        try {
            extents.copy(source, copy, 0, Long.MAX_VALUE);
            done(twin);
        } finally {
            if (!inUse.test(source)) free(twin);
        }
    }

    private Twin twin(Node source, Node copy, @Nullable Twin parent) {
        var twin = new Twin(source, copy, parent);
        twins.put(source, twin);
        byCopy.put(copy, twin);
        return twin;
    }

    private void drop(Twin twin) {
        free(twin);
        twins.remove(twin.source, twin);
        byCopy.remove(twin.copy, twin);
    }

    private void copyMarked(Node node, Mark mark) {
        var twin = twins.get(node);
        if (twin == null) return;
        if (isGone(node)) {
            drop(twin);
            return;
        }
        try {
            if (!mark.content.isEmpty() && twin.copy instanceof Node.Regular copy)
                copyContent((Node.Regular) node, copy, mark.content);
            if (node instanceof Node.Directory) touched.add(twin);
            else done(twin);
        } catch (ErrnoException e) {
            if (missed(e, node)) log.parts(node, mark.content);
        }
    }

    /// Whether an inode exists no longer, and never will again. While others change the tree, one
    /// that is not found may still be there.
    private boolean isGone(Node source) {
        try {
            return source.attributes().links() == 0 && !inUse.test(source);
        } catch (ErrnoException e) {
            if (isMissing(e)) return frozen;
            throw failed(e, source);
        }
    }

    private void copyContent(Node.Regular source, Node.Regular copy, Ranges ranges) {
        ranges.forEach((start, end) -> extents.copy(source, copy, start, end));
    }

    private void finishDirectories() {
        for (var directory : touched)
            try {
                if (twins.get(directory.source) == directory) done(directory);
            } catch (ErrnoException e) {
                if (missed(e, directory.source)) log.attributes(directory.source);
            }
        touched.clear();
    }

    /// Sets a copy's attributes.
    private void done(Twin twin) {
        AttributeCopy.copy(twin.source, twin.copy);
        listener.copied(twin.source, twin.copy);
    }

    /// Opens the copy of a file that is open, if there is one.
    public void hold(Node source) {
        var twin = twins.get(source);
        if (twin != null) hold(twin);
    }

    private static void hold(Twin twin) {
        if (twin.held || !(twin.copy instanceof Node.Regular file)) return;
        file.opened();
        twin.held = true;
    }

    private static void free(Twin twin) {
        if (!twin.held || !(twin.copy instanceof Node.Regular file)) return;
        twin.held = false;
        file.released();
    }

    /// Closes the copies of files that are not open. All has been copied.
    public void freeUnused() {
        for (var twin : twins.values()) if (twin.held && !inUse.test(twin.source)) free(twin);
    }

    /// Removes what has no place in the tree, and has had none since the round before.
    ///
    /// @param all whether the rest goes, too, and nothing is left of where it was
    public void purge(boolean all) {
        parking.purge(all, this::purged);
        var root = twins.get(from.root());
        if (root == null || !parking.isUsed()) return;
        touched.add(root);
        finishDirectories();
    }

    /// A copy has lost its name.
    private void purged(Node copy) {
        var twin = byCopy.get(copy);
        if (twin == null || twin.held) return;
        boolean gone = copy instanceof Node.Directory || copy.attributes().links() == 0;
        if (gone) drop(twin);
    }

    /// Compares all copies with what they are copies of, and notes where they differ.
    public void compareAll() {
        var all = Ranges.all();
        for (var twin : List.copyOf(twins.values())) comparison.check(twin, all);
    }

    /// Compares what was copied in a round, and notes where it differs.
    ///
    /// @throws CopyException it does, and nothing has changed since
    public void compare(Round round) {
        round.marks.forEach(
                (node, mark) -> {
                    var twin = twins.get(node);
                    if (twin != null && !comparison.check(twin, mark.content) && frozen)
                        throw new CopyException("the copy differs of", node, null);
                });
    }

    /// Removes everything that was copied.
    public void discard() {
        for (var twin : twins.values()) free(twin);
        parking.discard(made);
    }

    /// The path of an inode in the source, for people; null when it has none.
    public @Nullable String path(Node node) {
        return Names.path(from.root(), node);
    }
}
