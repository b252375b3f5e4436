package podium.archive;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import podium.vfs.backend.ExtendedAttributes;

/// Gives a tree to a [Sink]. Symbolic links are archived, never followed.
final class TreeWriter {

    private static final int PORTION = 1 << 18;
    private static final String WANTED = "unix:mode,uid,gid,nlink,lastModifiedTime,fileKey,size";

    private final Sink sink;
    private final Budget budget;

    /// Names of files that have several, by what they are.
    private final Map<Object, String> linked = new HashMap<>();

    private final byte[] buffer = new byte[PORTION];

    TreeWriter(Sink sink, Budget budget) {
        this.sink = sink;
        this.budget = budget;
    }

    void write(Path tree) throws IOException {
        var root = tree.toRealPath();
        if (!Files.isDirectory(root)) {
            add(root, Objects.requireNonNull(root.getFileName()).toString());
            return;
        }
        Files.walkFileTree(
                root,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes of)
                            throws IOException {
                        if (!path.equals(root)) add(path, root.relativize(path).toString());
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFile(Path path, BasicFileAttributes of)
                            throws IOException {
                        add(path, root.relativize(path).toString());
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFileFailed(Path path, IOException failure)
                            throws IOException {
                        if (failure instanceof NoSuchFileException && !path.equals(root))
                            return FileVisitResult.CONTINUE; // gone by now
                        throw failure;
                    }
                });
    }

    private void add(Path path, String name) throws IOException {
        try {
            var of = Files.readAttributes(path, WANTED, LinkOption.NOFOLLOW_LINKS);
            int mode = number(of, "mode");
            switch (mode & 0170000) {
                case 0100000 -> addFile(path, name, of);
                case 0040000 -> {
                    var extended = UserAttributes.read(path);
                    add(item(name, Item.Kind.DIRECTORY, of, "", 0, extended));
                }
                case 0120000 ->
                        add(
                                item(
                                        name,
                                        Item.Kind.SYMBOLIC_LINK,
                                        of,
                                        Files.readSymbolicLink(path).toString(),
                                        0,
                                        ExtendedAttributes.NONE));
                default -> {
                    budget.entry();
                    budget.leave();
                }
            }
        } catch (NoSuchFileException _) {
            // Gone by now.
        }
    }

    private void add(Item item) throws IOException {
        budget.entry();
        var unused = sink.begin(item);
        sink.end();
    }

    private static int number(Map<String, Object> of, String name) {
        return (Integer) Objects.requireNonNull(of.get(name));
    }

    private static Item item(
            String name,
            Item.Kind kind,
            Map<String, Object> of,
            String link,
            long size,
            ExtendedAttributes extended) {
        return new Item(
                name,
                kind,
                number(of, "mode") & 07777,
                number(of, "uid"),
                number(of, "gid"),
                (FileTime) of.get("lastModifiedTime"),
                link,
                size,
                extended);
    }

    private void addFile(Path path, String name, Map<String, Object> of) throws IOException {
        if (number(of, "nlink") > 1 && sink.hardLinks()) {
            var first = linked.putIfAbsent(Objects.requireNonNull(of.get("fileKey")), name);
            if (first != null) {
                add(item(name, Item.Kind.HARD_LINK, of, first, 0, ExtendedAttributes.NONE));
                return;
            }
        }
        try (var in = Files.newInputStream(path, LinkOption.NOFOLLOW_LINKS)) {
            long size = (Long) Objects.requireNonNull(of.get("size"));
            var extended = UserAttributes.read(path);
            budget.entry();
            var out = sink.begin(item(name, Item.Kind.FILE, of, "", size, extended));
            copy(in, out, size);
            sink.end();
        }
    }

    /// Exactly so much, whatever the file has become meanwhile.
    private void copy(InputStream in, OutputStream out, long size) throws IOException {
        for (long rest = size; rest > 0; ) {
            int wanted = (int) Math.min(rest, buffer.length);
            int count = in.read(buffer, 0, wanted);
            if (count < 0) {
                java.util.Arrays.fill(buffer, 0, wanted, (byte) 0);
                count = wanted;
            }
            out.write(buffer, 0, count);
            budget.content(count);
            rest -= count;
        }
    }
}
