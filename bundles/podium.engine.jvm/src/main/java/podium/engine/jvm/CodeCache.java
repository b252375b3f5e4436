package podium.engine.jvm;

import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;
import java.util.zip.CheckedOutputStream;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Modules compiled at run time, in files, for the next time. What was not used for longest goes
/// first when the files take too much. A file that cannot be read or written is as one that is not
/// there: the module is compiled.
///
/// Thread-safe, and several processes may share a folder: files appear and disappear as a whole.
final class CodeCache {

    private static final Logger LOG = LoggerFactory.getLogger(CodeCache.class);

    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

    private static final String SUFFIX = ".code";
    private static final String METERED = ".metered" + SUFFIX;

    private static final int TRAILER = Long.BYTES;

    private final Path folder;
    private final long limit;

    /// @param folder made when there is something to keep
    /// @param limit of all files together, in bytes
    CodeCache(Path folder, long limit) {
        this.folder = folder;
        this.limit = limit;
    }

    /// The cache of a bundle, in its own folder; null where bundles have none. Another build of the
    /// bundle compiles anew: what is there of an older one is removed.
    static @Nullable CodeCache of(BundleContext context, long limit) {
        var data = context.getDataFile("compiled");
        if (data == null) return null;
        var folder = data.toPath().resolve(Long.toString(context.getBundle().getLastModified()));
        try {
            removeOthers(data.toPath(), folder);
        } catch (IOException e) {
            LOG.warn("code compiled by an older engine remains in '{}': {}", data, e.toString());
        }
        return new CodeCache(folder, limit);
    }

    private static void removeOthers(Path data, Path folder) throws IOException {
        if (!Files.exists(data)) return;
        try (var folders = Files.newDirectoryStream(data)) {
            for (var other : folders) {
                if (other.equals(folder)) continue;
                try (var files = Files.newDirectoryStream(other)) {
                    for (var file : files) Files.deleteIfExists(file);
                }
                Files.deleteIfExists(other);
            }
        }
    }

    /// What was kept for a module, or null.
    ///
    /// @param metered whether its code counts fuel
    @Nullable PreparedCode get(String sha256, boolean metered) {
        var file = file(sha256, metered);
        if (file == null) return null;
        try {
            var content = Files.readAllBytes(file);
            var code = isWhole(content) ? read(content, sha256) : null;
            if (code == null) {
                Files.deleteIfExists(file);
                return null;
            }
            Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
            return code;
        } catch (NoSuchFileException _) {
            return null;
        } catch (IOException e) {
            LOG.warn("compiled code is not taken from '{}': {}", file, e.toString());
            return null;
        }
    }

    /// Keeps a module's code.
    void put(String sha256, boolean metered, PreparedCode code) {
        var file = file(sha256, metered);
        if (file == null) return;
        try {
            if (code.size() > limit) return;
            Files.createDirectories(folder);
            var part = Files.createTempFile(folder, "", ".part");
            try {
                write(part, sha256, code);
                Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(part);
            }
            trim();
        } catch (ClosedByInterruptException e) {
            LOG.debug("the engine stopped before '{}' was written", file, e);
        } catch (IOException e) {
            LOG.warn("compiled code is not kept in '{}': {}", file, e.toString());
        }
    }

    private @Nullable Path file(String sha256, boolean metered) {
        if (!SHA256.matcher(sha256).matches()) return null;
        return folder.resolve(sha256 + (metered ? METERED : SUFFIX));
    }

    private static @Nullable PreparedCode read(byte[] content, String sha256) throws IOException {
        int length = content.length - TRAILER;
        return PreparedCode.readFrom(new ByteArrayInputStream(content, 0, length), sha256);
    }

    private static void write(Path file, String sha256, PreparedCode code) throws IOException {
        try (var out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 16)) {
            var checked = new CheckedOutputStream(out, new CRC32C());
            code.writeTo(checked, sha256);
            long sum = checked.getChecksum().getValue();
            out.write(ByteBuffer.allocate(TRAILER).putLong(sum).array());
        }
    }

    /// The disk may have lost a part; classes that are not what was compiled must not run.
    private static boolean isWhole(byte[] content) {
        int length = content.length - TRAILER;
        return length >= 0 && ByteBuffer.wrap(content).getLong(length) == sum(content, length);
    }

    private static long sum(byte[] content, int length) {
        var sum = new CRC32C();
        sum.update(content, 0, length);
        return sum.getValue();
    }

    private record Kept(Path file, BasicFileAttributes attributes) {}

    /// Removes what was used longest ago until the rest is within the limit.
    private void trim() throws IOException {
        var all = kept();
        all.sort(Comparator.comparing(kept -> kept.attributes.lastModifiedTime()));
        long size = all.stream().mapToLong(kept -> kept.attributes.size()).sum();
        for (var kept : all) {
            if (size <= limit) return;
            Files.deleteIfExists(kept.file);
            size -= kept.attributes.size();
        }
    }

    private List<Kept> kept() throws IOException {
        var all = new ArrayList<Kept>();
        try (var files = Files.newDirectoryStream(folder)) {
            for (var file : files) {
                try {
                    all.add(new Kept(file, Files.readAttributes(file, BasicFileAttributes.class)));
                } catch (NoSuchFileException _) {
                    // Somebody else removed it.
                }
            }
        }
        return all;
    }
}
