package podium.vfs.nio;

import java.io.IOException;
import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.ProviderMismatchException;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import podium.syscall.ErrnoException;
import podium.syscall.LinuxString;

/// A path in a pod: names with slashes between. The empty path is one empty name, as in the JDK.
final class PodPath implements Path {

    private final PodFileSystem fileSystem;
    private final boolean absolute;
    private final List<String> names;
    private final String text;

    private PodPath(PodFileSystem fileSystem, boolean absolute, List<String> names) {
        this.fileSystem = fileSystem;
        this.absolute = absolute;
        this.names = names;
        text = (absolute ? "/" : "") + String.join("/", names);
    }

    /// @throws InvalidPathException it has a NUL, or a surrogate that stands for no byte
    static PodPath of(PodFileSystem fileSystem, String text) {
        int nul = text.indexOf('\0');
        if (nul >= 0) throw new InvalidPathException(text, "NUL in a path", nul);
        try {
            var unused = LinuxString.encode(text);
        } catch (ErrnoException e) {
            throw new InvalidPathException(text, "no such bytes");
        }
        boolean absolute = text.startsWith("/");
        var names = new ArrayList<String>();
        for (var name : text.split("/+")) if (!name.isEmpty()) names.add(name);
        if (names.isEmpty() && !absolute) names.add("");
        return new PodPath(fileSystem, absolute, List.copyOf(names));
    }

    /// @throws ProviderMismatchException it is of another file system
    private PodPath own(Path other) {
        if (java.util.Objects.requireNonNull(other) instanceof PodPath path
                && path.fileSystem == fileSystem) return path;
        throw new ProviderMismatchException();
    }

    private PodPath with(boolean absolute, List<String> names) {
        var all = names.isEmpty() && !absolute ? List.of("") : names;
        return new PodPath(fileSystem, absolute, List.copyOf(all));
    }

    @Override
    public PodFileSystem getFileSystem() {
        return fileSystem;
    }

    @Override
    public boolean isAbsolute() {
        return absolute;
    }

    private boolean isEmpty() {
        return text.isEmpty();
    }

    @Override
    public @Nullable PodPath getRoot() {
        return absolute ? with(true, List.of()) : null;
    }

    @Override
    public @Nullable PodPath getFileName() {
        return names.isEmpty() ? null : with(false, List.of(names.getLast()));
    }

    @Override
    public @Nullable PodPath getParent() {
        if (names.isEmpty()) return null;
        if (names.size() == 1) return getRoot();
        return with(absolute, names.subList(0, names.size() - 1));
    }

    @Override
    public int getNameCount() {
        return names.size();
    }

    @Override
    public PodPath getName(int index) {
        if (index < 0 || index >= names.size()) throw new IllegalArgumentException();
        return with(false, List.of(names.get(index)));
    }

    @Override
    public PodPath subpath(int from, int to) {
        if (from < 0 || to > names.size() || from >= to) throw new IllegalArgumentException();
        return with(false, names.subList(from, to));
    }

    @Override
    public boolean startsWith(Path other) {
        if (!(java.util.Objects.requireNonNull(other) instanceof PodPath path)
                || path.fileSystem != fileSystem
                || path.absolute != absolute
                || path.isEmpty() != isEmpty()) return false;
        int count = path.names.size();
        return count <= names.size() && names.subList(0, count).equals(path.names);
    }

    @Override
    public boolean endsWith(Path other) {
        if (!(java.util.Objects.requireNonNull(other) instanceof PodPath path)
                || path.fileSystem != fileSystem
                || path.isEmpty() != isEmpty()) return false;
        if (path.absolute) return equals(path);
        int extra = names.size() - path.names.size();
        return extra >= 0 && names.subList(extra, names.size()).equals(path.names);
    }

    @Override
    public PodPath normalize() {
        var kept = new ArrayList<String>();
        for (var name : names) {
            if (name.equals(".") || name.isEmpty()) continue;
            boolean up = name.equals("..");
            boolean below = !kept.isEmpty() && !kept.getLast().equals("..");
            if (up && below) kept.removeLast();
            else if (!up || !absolute) kept.add(name);
        }
        return with(absolute, kept);
    }

    @Override
    public PodPath resolve(Path other) {
        var path = own(other);
        if (path.absolute || isEmpty()) return path;
        if (path.isEmpty()) return this;
        var all = new ArrayList<>(names);
        all.addAll(path.names);
        return with(absolute, all);
    }

    /// The path of an entry of this directory.
    PodPath child(String name) {
        return resolve(named(name));
    }

    /// A name alone.
    PodPath named(String name) {
        return with(false, List.of(name));
    }

    @Override
    public PodPath resolve(String other) {
        return resolve(of(fileSystem, other));
    }

    @Override
    public PodPath relativize(Path other) {
        var path = own(other);
        if (path.equals(this)) return with(false, List.of());
        if (path.absolute != absolute)
            throw new IllegalArgumentException("one of the paths is absolute");
        if (isEmpty()) return path;
        var from = isDotted() ? normalize() : this;
        var to = isDotted() || path.isDotted() ? path.normalize() : path;
        var here = from.isEmpty() ? List.<String>of() : from.names;
        var there = to.isEmpty() ? List.<String>of() : to.names;
        int common = 0;
        while (common < Math.min(here.size(), there.size())
                && here.get(common).equals(there.get(common))) common++;
        var all = new ArrayList<String>();
        for (var name : here.subList(common, here.size())) {
            if (name.equals(".."))
                throw new IllegalArgumentException("no way from " + this + " to " + path);
            all.add("..");
        }
        all.addAll(there.subList(common, there.size()));
        return with(false, all);
    }

    private boolean isDotted() {
        return names.contains("..") || names.contains(".");
    }

    @Override
    public URI toUri() {
        return PodUri.of(this);
    }

    @Override
    public PodPath toAbsolutePath() {
        if (absolute) return this;
        return with(true, isEmpty() ? List.of() : names);
    }

    @Override
    public PodPath toRealPath(LinkOption... options) throws IOException {
        return RealPath.of(this, OpenFlags.follows(options));
    }

    @Override
    public WatchKey register(
            WatchService watcher, WatchEvent.Kind<?>[] events, WatchEvent.Modifier... modifiers)
            throws IOException {
        if (!(java.util.Objects.requireNonNull(watcher) instanceof PodWatchService service)
                || service.fileSystem() != fileSystem) throw new ProviderMismatchException();
        for (var modifier : modifiers)
            throw new UnsupportedOperationException("modifier " + modifier);
        return service.register(this, events);
    }

    /// By their bytes.
    @Override
    public int compareTo(Path other) {
        return Arrays.compareUnsigned(
                LinuxString.encode(text), LinuxString.encode(((PodPath) other).text));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof PodPath path
                && path.fileSystem == fileSystem
                && path.text.equals(text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }

    /// As system calls take it: the empty path is the working directory.
    String call() {
        return isEmpty() ? "." : text;
    }
}
