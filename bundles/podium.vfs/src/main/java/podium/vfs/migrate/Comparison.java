package podium.vfs.migrate;

import java.util.HashSet;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import podium.syscall.ErrnoException;
import podium.vfs.Mode;
import podium.vfs.Node;

/// Whether copies are as their sources are: attributes but for those that the backend has its own
/// way with (access and change time, blocks, a directory's size and links), names, targets of
/// links, and every byte of content.
///
/// @param log gets what is not the same
/// @param copies the copy of a source, or null
/// @param own whether a name among the copies is none
record Comparison(
        Extents extents,
        DirtyLog log,
        Function<Node, @Nullable Node> copies,
        Predicate<String> own) {

    private static final int AT_ONCE = 256;

    /// Notes where a copy differs.
    ///
    /// @param parts of content to look at
    /// @return whether it does not
    boolean check(Twin twin, Ranges parts) {
        var different = new Ranges();
        if (same(twin.source, twin.copy, parts, different)) return true;
        log.parts(twin.source, different);
        if (twin.source instanceof Node.Directory directory) noteNames(directory, twin.directory());
        return false;
    }

    private void noteNames(Node.Directory source, Node.Directory copy) {
        try {
            for (var name : names(source)) log.name(source, name);
            for (var name : names(copy)) if (!own.test(name)) log.name(source, name);
        } catch (ErrnoException _) {
            // Gone, or damaged: it differs, and that is noted.
            return;
        }
    }

    private boolean same(Node source, Node copy, Ranges parts, Ranges different) {
        try {
            var of = source.attributes();
            var is = copy.attributes();
            if (Mode.type(of.mode()) != Mode.type(is.mode())) return false;
            if (AttributeCopy.loss(of, is) != null) return false;
            if (!AttributeCopy.sameExtended(source, copy)) return false;
            return switch (source) {
                case Node.Directory directory -> sameNames(directory, (Node.Directory) copy);
                case Node.Regular file -> {
                    extents.compare(file, (Node.Regular) copy, parts, different);
                    yield different.isEmpty();
                }
                case Node.Link link -> link.target().equals(((Node.Link) copy).target());
                case Node.Special _ -> true;
            };
        } catch (ErrnoException _) {
            // Gone, or damaged: the next round, and the one after which nothing changes, will say.
            parts.forEach(different::add);
            return false;
        }
    }

    private boolean sameNames(Node.Directory source, Node.Directory copy) {
        var wanted = names(source);
        var found = names(copy);
        found.removeIf(own);
        if (!wanted.equals(found)) return false;
        for (var name : wanted) {
            var node = source.lookup(name);
            var there = copy.lookup(name);
            if (node == null || there == null || !there.equals(copies.apply(node))) return false;
        }
        return true;
    }

    static Set<String> names(Node.Directory directory) {
        var names = new HashSet<String>();
        for (long cookie = 0; ; ) {
            var some = directory.entries(cookie, AT_ONCE);
            if (some.isEmpty()) return names;
            for (var entry : some) names.add(entry.name());
            cookie = some.getLast().cookie();
        }
    }
}
