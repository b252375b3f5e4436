package podium.vfs.impl;

import org.jspecify.annotations.Nullable;
import podium.syscall.Credentials;
import podium.syscall.Errno;
import podium.syscall.OpenFile;
import podium.vfs.Location;
import podium.vfs.Node;

/// Follows a path, component by component (path_resolution(7)). All of the path logic is here.
///
/// A walk ends before its last component: [#parent], [#name] and [#kind] then say where and what
/// that is, for those who make, remove or open names; [#entry] looks it up, and [#follow] goes on
/// through a symbolic link found there.
///
/// For one system call. Not thread-safe.
final class Walker implements AutoCloseable {

    /// What the last component is.
    enum Last {
        NAME,
        DOT,
        DOT_DOT,

        /// None: the place is [#parent] itself.
        NONE
    }

    private static final String[] NONE = {};
    private static final int MAX_LINKS = 40;
    private static final int PATH_MAX = 4096;

    /// What no path leads out of.
    private Entry root;

    /// Whether a path that would lead out is refused, instead of ending there.
    private boolean beneath;

    private final Context context;
    private final Credentials who;

    /// [Namespace#moves] before the walk.
    private final int moves;

    private Entry current;
    private String path = "";
    private int at;

    /// What is left of the paths that symbolic links interrupted, innermost last.
    private String[] rests = NONE;
    private int depth;
    private int links;
    private @Nullable OpenFile held;

    private final Part part = new Part();

    /// The last component, once somebody has asked for it.
    private @Nullable String name;

    private Last kind = Last.NONE;
    private boolean slash;

    /// Whether all steps so far were through stable mounts.
    private boolean stable = true;

    Walker(Context context) {
        this.context = context;
        moves = context.moves();
        root = context.root();
        who = context.credentials();
        current = root;
    }

    /// The directory of the last component.
    Entry parent() {
        return current;
    }

    String name() {
        var known = name;
        if (known == null) name = known = kind == Last.NONE ? "" : part.toString();
        return known;
    }

    /// @throws podium.syscall.ErrnoException `ENAMETOOLONG`: no name can be as long
    void checkName() {
        part.checkLength();
    }

    Last kind() {
        return kind;
    }

    /// Whether slashes follow the last component, so that it has to be a directory.
    boolean slash() {
        return slash;
    }

    Credentials who() {
        return who;
    }

    /// Walks a path up to its last component.
    ///
    /// @param from where a relative path begins; null for the working directory
    Walker start(@Nullable Location from, String path) {
        if (path.isEmpty()) throw Errno.ENOENT.exception();
        if (path.length() >= PATH_MAX) throw Errno.ENAMETOOLONG.exception();
        if (path.indexOf('\0') >= 0) throw Errno.EINVAL.exception();
        if (from instanceof Beneath directory) confine(directory.entry());
        this.path = path;
        at = 0;
        if (path.charAt(0) == '/') descend();
        else {
            current = from == null ? context.workingDirectory() : Entry.of(from);
            run();
        }
        return this;
    }

    /// Walks an absolute path, from the directory that a path before it has led to, if that is in
    /// the same one.
    private void descend() {
        current = top();
        int length = path.lastIndexOf('/') + 1;
        boolean below = length > 1 && length < path.length();
        if (!below || beneath || !Access.superuser(who)) {
            run();
            return;
        }
        var known = context.lastDirectory.find(path, length, moves);
        if (known != null) {
            current = known;
            at = length;
        }
        run();
        if (known == null && links == 0 && stable)
            context.lastDirectory.walked(path, length, moves, current);
    }

    private void confine(Entry directory) {
        root = directory;
        beneath = true;
    }

    /// Where absolute paths begin.
    private Entry top() {
        if (beneath) throw Errno.EPERM.exception();
        return root;
    }

    /// Resolves a path to what is there.
    ///
    /// @param follow whether a symbolic link at the end is followed
    Entry resolve(@Nullable Location from, String path, boolean follow) {
        start(from, path);
        for (; ; ) {
            var entry = entry();
            if (entry == null) throw Errno.ENOENT.exception();
            if (entry.inode instanceof LinkInode link && (follow || slash)) {
                follow(link);
                continue;
            }
            if (slash && !entry.inode.isDirectory()) throw Errno.ENOTDIR.exception();
            return entry;
        }
    }

    /// What the last component names, links not followed; null when nothing is there.
    @Nullable Entry entry() {
        return switch (kind) {
            case NAME -> child(current, part);
            case DOT, NONE -> current;
            case DOT_DOT -> up(current);
        };
    }

    /// What is known to be there already, as [#entry], without asking a backend; null when nothing
    /// is known.
    @Nullable Entry known() {
        return kind == Last.NAME ? known(current, part) : entry();
    }

    /// Goes on through a symbolic link that the last component names.
    void follow(Node.Link link) {
        name = null;
        at = path.length();
        if (enter(link)) run();
        else kind = Last.NONE;
    }

    private void run() {
        for (; ; ) {
            while (at < path.length() && path.charAt(at) == '/') at++;
            if (at == path.length()) {
                if (depth > 0) {
                    path = rests[--depth];
                    at = 0;
                    continue;
                }
                kind = Last.NONE;
                return;
            }
            at = part.take(path, at);
            if (!current.inode.isDirectory()) throw Errno.ENOTDIR.exception();
            Access.check(who, current.inode, Access.EXECUTE);
            if (isLast()) {
                last();
                return;
            }
            step();
        }
    }

    private boolean isLast() {
        if (!onlySlashes(path, at)) return false;
        for (int i = 0; i < depth; i++) if (!onlySlashes(rests[i], 0)) return false;
        return true;
    }

    private void last() {
        slash |= at < path.length() || depth > 0;
        depth = 0;
        kind = part.isDot() ? Last.DOT : part.isDotDot() ? Last.DOT_DOT : Last.NAME;
        // "link/." is not "link": the dot asks for a directory, as a slash does.
        if (kind != Last.NAME) slash = true;
    }

    private void step() {
        if (part.isDot()) return;
        if (part.isDotDot()) {
            current = up(current);
            return;
        }
        stable &= current.mount.stable();
        var next = child(current, part);
        if (next == null) throw Errno.ENOENT.exception();
        if (next.inode instanceof LinkInode link) enter(link);
        else current = next;
    }

    /// Puts a link's target before what is left of the path.
    ///
    /// @return false when it led to a place at once
    private boolean enter(Node.Link link) {
        if (++links > MAX_LINKS) throw Errno.ELOOP.exception();
        var file = link.jump();
        if (file != null) {
            jump(file);
            return false;
        }
        var target = link.target();
        if (target.isEmpty()) throw Errno.ENOENT.exception();
        if (at < path.length()) push(path.substring(at));
        path = target;
        at = 0;
        if (target.charAt(0) == '/') current = top();
        return true;
    }

    private void jump(OpenFile file) {
        close();
        held = file;
        if (beneath) throw Errno.EPERM.exception();
        current =
                file.location() instanceof Entry entry
                        ? entry
                        : ((Namespace) context.namespace()).place(file);
    }

    private void push(String rest) {
        if (depth == rests.length) rests = java.util.Arrays.copyOf(rests, Math.max(4, 2 * depth));
        rests[depth++] = rest;
    }

    private Entry up(Entry entry) {
        if (entry == root) {
            if (beneath) throw Errno.EPERM.exception();
            return root;
        }
        boolean confined = root.parent() != null || root.mount.point() != null;
        if (!confined) return above(entry);
        // No rename comes between looking where the directory is and going up from there.
        var renames = root.mount.namespace.renames;
        renames.lock();
        try {
            // A directory that was moved out of the root leads nowhere from here.
            if (!Paths.below(root, entry)) throw Errno.ENOENT.exception();
            return above(entry);
        } finally {
            renames.unlock();
        }
    }

    private Entry above(Entry entry) {
        for (var at = entry; ; ) {
            if (at == root) return root;
            var parent = at.parent();
            if (parent != null) return parent.covered();
            var point = at.mount.point();
            if (point == null) return at;
            at = point;
        }
    }

    /// An entry of a directory, with what is mounted on it; null when there is none.
    private static @Nullable Entry child(Entry directory, Part part) {
        var known = known(directory, part);
        if (known != null) return known;
        var found = lookup(directory, part.toString());
        return found == null ? null : found.covered();
    }

    private static @Nullable Entry known(Entry directory, Part part) {
        part.checkLength();
        var known = directory.mount.stable() ? directory.cached(part) : null;
        if (known == null || known.isStale()) return null;
        directory.mount.activity.cached.increment();
        return known.covered();
    }

    /// Looks a name up in the backend, and remembers it.
    static @Nullable Entry lookup(Entry directory, String name) {
        var there = directory.directory();
        // What is known waits for nobody who changes names.
        var known = directory.cached(name);
        if (known != null) {
            if (isSure(known)) return known;
            int era = directory.mount.era();
            if (there.find(name) == known.inode && directory.cached(name) == known) {
                known.confirm(era);
                return known;
            }
        }
        there.names.lock();
        try {
            return remembered(directory, name);
        } finally {
            there.names.unlock();
        }
    }

    /// Whether anything was ever known of the last component, a name in a directory, whether or not
    /// it is true still. The directory's names are locked.
    boolean isRemembered() {
        return current.cached(part) != null;
    }

    /// What the last component names, a name in a directory, without what is mounted there; null
    /// when there is nothing. The directory's names are locked.
    @Nullable Entry named() {
        return remembered(current, part);
    }

    /// @param name a string, or a [Part] that equals one
    private static @Nullable Entry remembered(Entry directory, Object name) {
        var known = directory.cached(name);
        if (known != null && isSure(known)) return known;
        int era = directory.mount.era();
        var text = name.toString();
        var inode = directory.directory().find(text);
        if (inode == null) {
            if (known != null) known.remove();
            return null;
        }
        if (known != null && known.inode == inode) {
            known.confirm(era);
            return known;
        }
        if (known != null && known.isStale()) known.remove();
        var fresh = new Entry(directory.mount, directory, text, inode);
        directory.remember(fresh);
        return fresh;
    }

    /// Whether a name that is known need not be asked for.
    private static boolean isSure(Entry known) {
        return known.mount.stable() && !known.isStale();
    }

    private static boolean onlySlashes(String text, int from) {
        for (int i = from; i < text.length(); i++) if (text.charAt(i) != '/') return false;
        return true;
    }

    /// Ends the use of a file that a link jumped to.
    @Override
    public void close() {
        var file = held;
        held = null;
        if (file != null) file.release();
    }
}
