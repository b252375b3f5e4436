package podium.archive;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Makes the files of an archive below a directory. Nothing is ever made through a symbolic link:
/// every directory on the way to an entry is looked at, or was made by this reader.
final class TreeReader {

    private static final int PORTION = 1 << 18;
    private static final int HOLE = 1 << 12;
    private static final LinkOption NOFOLLOW = LinkOption.NOFOLLOW_LINKS;

    private final Path asked;
    private final Budget budget;
    private Path target;

    /// Directories that are no links, as far as this reader did nothing about it.
    private final Set<Path> known = new HashSet<>();

    /// Directories whose attributes are set at the end, when their entries are there.
    private final Deque<Directory> directories = new ArrayDeque<>();

    private record Directory(Path path, Item item) {}

    TreeReader(Path target, Budget budget) {
        asked = target;
        this.target = target;
        this.budget = budget;
    }

    void read(Source source) throws IOException {
        var first = source.next();
        if (!Files.isDirectory(asked)) Files.createDirectories(asked);
        target = asked.toRealPath();
        known.add(target);
        for (var item = first; item != null; item = source.next()) {
            budget.entry();
            if (item.kind() == Item.Kind.OTHER) budget.leave();
            else make(item, source);
        }
        while (!directories.isEmpty()) {
            var last = directories.removeLast();
            if (isDirectory(last.path)) setAttributes(last.path, last.item);
        }
    }

    private void make(Item item, Source source) throws IOException {
        var path = place(item.name());
        if (path.equals(target)) {
            if (item.kind() != Item.Kind.DIRECTORY) throw refused(item, "it has no name");
            return;
        }
        prepare(item.name(), path);
        switch (item.kind()) {
            case FILE -> {
                clear(path);
                makeFile(path, item, source);
            }
            case DIRECTORY -> makeDirectory(path, item);
            case SYMBOLIC_LINK -> {
                checkTarget(item, path);
                clear(path);
                Files.createSymbolicLink(path, target.getFileSystem().getPath(item.link()));
                setAttributes(path, item);
            }
            case HARD_LINK -> makeLink(path, item);
            case OTHER -> throw new IllegalArgumentException(item.toString());
        }
    }

    private static IOException refused(Item item, @Nullable String why) {
        return refused(item.name(), why);
    }

    private static IOException refused(String name, @Nullable String why) {
        return new IOException(
                "the archive's '"
                        + Item.shown(name)
                        + "' is refused: "
                        + Item.shown(String.valueOf(why)));
    }

    /// Where an entry goes.
    ///
    /// @throws IOException that would be outside
    private Path place(String name) throws IOException {
        if (name.startsWith("/")) throw refused(name, "its name is absolute");
        for (var part : name.split("/+"))
            if (part.equals("..")) throw refused(name, "its name has '..'");
        try {
            return target.resolve(name).normalize();
        } catch (InvalidPathException e) {
            throw refused(name, e.getReason());
        }
    }

    /// Sees to the directories above an entry: they are there, and no links.
    private void prepare(String name, Path path) throws IOException {
        var above = path.getParent();
        if (above == null || known.contains(above)) return;
        prepare(name, above);
        try {
            var there = attributes(above);
            if (there == null) {
                budget.entry();
                Files.createDirectory(above);
            } else if (there.isSymbolicLink()) throw refused(name, "its way leads through a link");
            else if (!there.isDirectory()) throw refused(name, "its way leads through a file");
        } catch (FileAlreadyExistsException e) {
            throw refused(name, "its way is changed meanwhile");
        }
        known.add(above);
    }

    private static @Nullable BasicFileAttributes attributes(Path path) throws IOException {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class, NOFOLLOW);
        } catch (NoSuchFileException _) {
            return null;
        }
    }

    private static boolean isDirectory(Path path) {
        return Files.isDirectory(path, NOFOLLOW);
    }

    /// Removes what is in the way, unless it is a directory with something in it.
    private void clear(Path path) throws IOException {
        if (Files.deleteIfExists(path)) known.remove(path);
    }

    private void makeDirectory(Path path, Item item) throws IOException {
        if (!isDirectory(path)) {
            clear(path);
            Files.createDirectory(path);
        }
        known.add(path);
        directories.add(new Directory(path, item));
    }

    /// A link's `..` are in front, where no other link is on the way, so that what it leads to can
    /// be told from its text.
    private void checkTarget(Item item, Path path) throws IOException {
        if (budget.outsideLinks()) return;
        var text = item.link();
        boolean named = text.startsWith("/");
        for (var part : text.split("/+")) {
            if (part.equals("..") && named)
                throw refused(item, "its link may lead outside: " + text);
            named |= !part.isEmpty() && !part.equals(".") && !part.equals("..");
        }
        var above = java.util.Objects.requireNonNull(path.getParent());
        try {
            if (!above.resolve(text).normalize().startsWith(target) || climbs(above, text))
                throw refused(item, "its link leads outside: " + text);
        } catch (InvalidPathException e) {
            throw refused(item, e.getReason());
        }
    }

    /// Whether there are more steps up than there are directories.
    private boolean climbs(Path above, String text) {
        int room = above.getNameCount() - target.getNameCount();
        for (var part : text.split("/+")) if (part.equals("..")) room--;
        return room < 0;
    }

    private void makeLink(Path path, Item item) throws IOException {
        var existing = place(item.link());
        prepare(item.link(), existing);
        var there = attributes(existing);
        if (there == null)
            throw refused(item, "it links to '" + item.link() + "', which is not there");
        if (there.isDirectory()) throw refused(item, "it links to a directory");
        if (path.equals(existing)) return;
        clear(path);
        Files.createLink(path, existing);
    }

    private void makeFile(Path path, Item item, Source source) throws IOException {
        budget.checkSize(item.size());
        try (var in = source.content();
                var out =
                        Files.newByteChannel(
                                path,
                                Set.of(
                                        StandardOpenOption.CREATE_NEW,
                                        StandardOpenOption.WRITE,
                                        StandardOpenOption.SPARSE))) {
            copy(in, out, item);
        }
        setAttributes(path, item);
    }

    /// Portions of zeros become holes.
    private void copy(InputStream in, SeekableByteChannel out, Item item) throws IOException {
        var bytes = new byte[PORTION];
        long size = 0;
        boolean hole = false;
        for (int count; (count = in.readNBytes(bytes, 0, bytes.length)) > 0; ) {
            budget.content(count);
            size += count;
            hole = count >= HOLE && isZero(bytes, count);
            if (hole) out.position(size);
            else out.write(ByteBuffer.wrap(bytes, 0, count));
        }
        if (size != item.size())
            throw new IOException(
                    "the archive is damaged or cut off: '"
                            + Item.shown(item.name())
                            + "' has "
                            + size
                            + " of "
                            + item.size()
                            + " bytes");
        if (hole) out.position(size - 1).write(ByteBuffer.wrap(new byte[1]));
    }

    private static boolean isZero(byte[] bytes, int count) {
        for (int i = 0; i < count; i++) if (bytes[i] != 0) return false;
        return true;
    }

    /// The owner first: with a new one, the set-id bits go.
    private static void setAttributes(Path path, Item item) throws IOException {
        if (item.uid() >= 0 || item.uid() < -1) set(path, "unix:uid", item.uid());
        if (item.gid() >= 0 || item.gid() < -1) set(path, "unix:gid", item.gid());
        // Before the mode, which may let nobody write.
        UserAttributes.write(path, item.extended());
        if (item.kind() != Item.Kind.SYMBOLIC_LINK) set(path, "unix:mode", item.mode());
        var modified = item.modified();
        if (modified != null) setTime(path, modified);
    }

    private static void set(Path path, String attribute, Object value) throws IOException {
        try {
            Files.setAttribute(path, attribute, value, NOFOLLOW);
        } catch (FileSystemException e) {
            // Not everybody may give files away; on a host's directory nobody can.
            boolean owner = !attribute.endsWith("mode");
            if (!owner || !"Operation not permitted".equals(e.getReason())) throw e;
        }
    }

    private static void setTime(Path path, FileTime modified) throws IOException {
        Files.getFileAttributeView(path, BasicFileAttributeView.class, NOFOLLOW)
                .setTimes(modified, null, null);
    }
}
