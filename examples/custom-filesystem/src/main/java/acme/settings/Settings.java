package acme.settings;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.osgi.service.component.annotations.Component;
import podium.vfs.Attributes;
import podium.vfs.FileSystem;
import podium.vfs.FileSystemType;
import podium.vfs.Mode;
import podium.vfs.MountException;
import podium.vfs.MountSpec;
import podium.vfs.Node;
import podium.vfs.ReadOnlyDirectory;
import podium.vfs.ReadOnlyRegular;

/// Makes file systems of type `settings`: what stands in a file of properties, each setting a file
/// that guests read. `db.url=x` is `db/url`, with `x` in it and nothing else. They are the settings
/// at the time of the mount: a program does not see half of a change.
///
/// The source is the absolute path of the file ([Properties], in UTF-8). The option `prefix=app.`
/// shows only the settings that begin so, without the prefix.
@Component
public final class Settings implements FileSystemType {

    private static final int MOST_BYTES = 1 << 20;

    @Override
    public String name() {
        return "settings";
    }

    @Override
    public FileSystem create(MountSpec spec) throws MountException {
        for (var option : spec.options().keySet())
            if (!option.equals("prefix"))
                throw new MountException("settings have the option prefix, not " + option);
        var source = spec.source();
        try {
            var path = Path.of(source);
            if (!path.isAbsolute())
                throw new MountException(
                        "settings need the absolute path of a file, not '" + source + "'");
            if (!Files.isRegularFile(path))
                throw new MountException(source + ": there is no such file");
            long time = Files.getLastModifiedTime(path).to(TimeUnit.NANOSECONDS);
            return tree(properties(path), spec.options().getOrDefault("prefix", ""), time);
        } catch (CharacterCodingException e) {
            throw new MountException(source + ": this is no text in UTF-8", e);
        } catch (IOException | IllegalArgumentException e) { // a wrong path or escape
            throw new MountException(source + ": " + e.getMessage(), e);
        }
    }

    private static Properties properties(Path path) throws IOException, MountException {
        try (var in = Files.newInputStream(path)) {
            var bytes = in.readNBytes(MOST_BYTES + 1);
            if (bytes.length > MOST_BYTES)
                throw new MountException(path + ": settings are at most 1 MiB");
            var properties = new Properties();
            var text = UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
            properties.load(new StringReader(text));
            return properties;
        }
    }

    private static Tree tree(Properties properties, String prefix, long time)
            throws MountException, CharacterCodingException {
        var tree = new Tree(new Group(1, time));
        long inode = 1;
        // In order: a setting comes before those that are named as if they were below it.
        for (var key : new TreeSet<>(properties.stringPropertyNames())) {
            if (!key.startsWith(prefix)) continue;
            var names = key.substring(prefix.length()).split("\\.", -1);
            var group = tree.root;
            for (int i = 0; i < names.length - 1; i++) {
                var found = group.children.get(checked(names[i], key));
                if (found instanceof Setting)
                    throw new MountException(key + " is below another setting: rename one");
                if (found == null) group.add(names[i], found = new Group(++inode, time));
                group = (Group) found;
            }
            var name = checked(names[names.length - 1], key);
            group.add(name, new Setting(++inode, time, bytes(properties.getProperty(key))));
        }
        return tree;
    }

    private static String checked(String name, String key)
            throws MountException, CharacterCodingException {
        boolean fits = !name.isEmpty() && bytes(name).length <= 255;
        if (!fits || name.contains("/") || name.contains("\0"))
            throw new MountException("'" + key + "' has a part that is no file name: rename it");
        return name;
    }

    private static byte[] bytes(String text) throws CharacterCodingException {
        var encoded = UTF_8.newEncoder().encode(CharBuffer.wrap(text));
        return Arrays.copyOf(encoded.array(), encoded.limit());
    }

    /// Never changes once it is made, so any number of threads may use it.
    private record Tree(Group root) implements FileSystem {

        @Override
        public Set<Capability> capabilities() {
            return Set.of(Capability.CASE_SENSITIVE, Capability.NANOSECONDS);
        }

        @Override
        public Statistics statistics() {
            return new Statistics(0x73657474, 4096, 0, 0, 0, 0); // the number says "sett"
        }

        @Override
        public void sync() {}

        @Override
        public void close() {}
    }

    private static final class Group implements ReadOnlyDirectory {

        private final Map<String, Node> children = new HashMap<>();
        private final List<Entry> entries = new ArrayList<>();
        private final long inode;
        private final long time;
        private int links = 2; // its name and its "."

        Group(long inode, long time) {
            this.inode = inode;
            this.time = time;
        }

        void add(String name, Node child) {
            var attributes = child.attributes();
            if (attributes.isDirectory()) links++; // its ".."
            children.put(name, child);
            int type = Mode.type(attributes.mode());
            entries.add(new Entry(name, attributes.inode(), type, entries.size() + 1));
        }

        @Override
        public Attributes attributes() {
            int mode = Mode.DIRECTORY | 0555;
            return new Attributes(inode, mode, links, 0, 0, 0, 0, 0, time, time, time, time);
        }

        @Override
        public Node lookup(String name) {
            return children.get(name);
        }

        @Override
        public List<Entry> entries(long cookie, int limit) {
            int from = (int) Math.min(cookie, entries.size());
            int to = (int) Math.min((long) from + limit, entries.size());
            return List.copyOf(entries.subList(from, to));
        }
    }

    private record Setting(long inode, long time, byte[] value) implements ReadOnlyRegular {

        @Override
        public Attributes attributes() {
            int mode = Mode.REGULAR | 0444;
            return new Attributes(inode, mode, 1, 0, 0, 0, value.length, 0, time, time, time, time);
        }

        @Override
        public int read(ByteBuffer into, long position) {
            if (position >= value.length) return 0;
            int count = Math.min(into.remaining(), value.length - (int) position);
            into.put(value, (int) position, count);
            return count;
        }
    }
}
