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

    /// With no slash too many.
    private final String text;

    /// The names, once somebody has asked for them.
    private @Nullable List<String> names;

    private PodPath(PodFileSystem fileSystem, String text) {
        this.fileSystem = fileSystem;
        this.text = text;
    }

    /// @throws InvalidPathException it has a NUL, or a surrogate that stands for no byte
    static PodPath of(PodFileSystem fileSystem, String text) {
        int nul = text.indexOf('\0');
        if (nul >= 0) throw new InvalidPathException(text, "NUL in a path", nul);
        checkSurrogates(text);
        return new PodPath(fileSystem, normal(text));
    }

    private static void checkSurrogates(String text) {
        for (int i = 0; i < text.length(); i++)
            if (Character.isSurrogate(text.charAt(i)))
                try {
                    var unused = LinuxString.encode(text);
                    return;
                } catch (ErrnoException e) {
                    throw new InvalidPathException(text, "no such bytes");
                }
    }

    /// A path without the slashes that mean nothing.
    private static String normal(String text) {
        int last = text.length() - 1;
        if (text.indexOf("//") < 0 && (last <= 0 || text.charAt(last) != '/')) return text;
        var kept = new StringBuilder(text.length());
        for (int i = 0; i <= last; i++) {
            char c = text.charAt(i);
            if (c != '/' || i == 0 || text.charAt(i - 1) != '/') kept.append(c);
        }
        int length = kept.length();
        if (length > 1 && kept.charAt(length - 1) == '/') kept.setLength(length - 1);
        return kept.toString();
    }

    /// @throws ProviderMismatchException it is of another file system
    private PodPath own(Path other) {
        if (java.util.Objects.requireNonNull(other) instanceof PodPath path
                && path.fileSystem == fileSystem) return path;
        throw new ProviderMismatchException();
    }

    private PodPath with(boolean absolute, List<String> names) {
        var joined = String.join("/", names);
        return with(absolute ? "/" + joined : joined);
    }

    private PodPath with(String normal) {
        return new PodPath(fileSystem, normal);
    }

    private List<String> names() {
        var known = names;
        if (known == null) names = known = split();
        return known;
    }

    private List<String> split() {
        int start = isAbsolute() ? 1 : 0;
        var all = new ArrayList<String>();
        for (int end; (end = text.indexOf('/', start)) >= 0; start = end + 1)
            all.add(text.substring(start, end));
        if (start < text.length() || all.isEmpty() && !isAbsolute()) all.add(text.substring(start));
        return List.copyOf(all);
    }

    @Override
    public PodFileSystem getFileSystem() {
        return fileSystem;
    }

    @Override
    public boolean isAbsolute() {
        return text.startsWith("/");
    }

    private boolean isRoot() {
        return text.equals("/");
    }

    private boolean isEmpty() {
        return text.isEmpty();
    }

    @Override
    public @Nullable PodPath getRoot() {
        return isAbsolute() ? with("/") : null;
    }

    @Override
    public @Nullable PodPath getFileName() {
        if (isRoot()) return null;
        int slash = text.lastIndexOf('/');
        return slash < 0 ? this : with(text.substring(slash + 1));
    }

    @Override
    public @Nullable PodPath getParent() {
        int slash = text.lastIndexOf('/');
        if (slash < 0 || isRoot()) return null;
        return with(slash == 0 ? "/" : text.substring(0, slash));
    }

    @Override
    public int getNameCount() {
        return names().size();
    }

    @Override
    public PodPath getName(int index) {
        if (index < 0 || index >= names().size()) throw new IllegalArgumentException();
        return with(names().get(index));
    }

    @Override
    public PodPath subpath(int from, int to) {
        if (from < 0 || to > names().size() || from >= to) throw new IllegalArgumentException();
        return with(false, names().subList(from, to));
    }

    @Override
    public boolean startsWith(Path other) {
        if (!(java.util.Objects.requireNonNull(other) instanceof PodPath path)
                || path.fileSystem != fileSystem
                || path.isAbsolute() != isAbsolute()
                || path.isEmpty() != isEmpty()) return false;
        if (!text.startsWith(path.text)) return false;
        int length = path.text.length();
        return path.isRoot() || length == text.length() || text.charAt(length) == '/';
    }

    @Override
    public boolean endsWith(Path other) {
        if (!(java.util.Objects.requireNonNull(other) instanceof PodPath path)
                || path.fileSystem != fileSystem
                || path.isEmpty() != isEmpty()) return false;
        if (path.isAbsolute()) return equals(path);
        if (!text.endsWith(path.text)) return false;
        int extra = text.length() - path.text.length();
        return extra == 0 || text.charAt(extra - 1) == '/';
    }

    @Override
    public PodPath normalize() {
        var kept = new ArrayList<String>();
        for (var name : names()) {
            if (name.equals(".") || name.isEmpty()) continue;
            boolean up = name.equals("..");
            boolean below = !kept.isEmpty() && !kept.getLast().equals("..");
            if (up && below) kept.removeLast();
            else if (!up || !isAbsolute()) kept.add(name);
        }
        return with(isAbsolute(), kept);
    }

    @Override
    public PodPath resolve(Path other) {
        var path = own(other);
        if (path.isAbsolute() || isEmpty()) return path;
        return path.isEmpty() ? this : child(path.text);
    }

    /// The path of an entry of this directory, or of something below it.
    PodPath child(String name) {
        if (isEmpty()) return with(name);
        return with(isRoot() ? text + name : text + '/' + name);
    }

    /// A name alone.
    PodPath named(String name) {
        return with(name);
    }

    @Override
    public PodPath resolve(String other) {
        return resolve(of(fileSystem, other));
    }

    @Override
    public PodPath relativize(Path other) {
        var path = own(other);
        if (path.equals(this)) return with("");
        if (path.isAbsolute() != isAbsolute())
            throw new IllegalArgumentException("one of the paths is absolute");
        if (isEmpty()) return path;
        var from = isDotted() ? normalize() : this;
        var to = isDotted() || path.isDotted() ? path.normalize() : path;
        var here = from.isEmpty() ? List.<String>of() : from.names();
        var there = to.isEmpty() ? List.<String>of() : to.names();
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
        return names().contains("..") || names().contains(".");
    }

    @Override
    public URI toUri() {
        return PodUri.of(this);
    }

    @Override
    public PodPath toAbsolutePath() {
        return isAbsolute() ? this : with('/' + text);
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
