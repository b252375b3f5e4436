package podium.kernel;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import podium.engine.ModuleSource;
import podium.engine.Snapshot;

/// What was prepared at build time for modules, found by the SHA-256 of the binary: under
/// `META-INF/podium/modules/SHA256/`, the file `snapshot` and for each engine the file
/// `ENGINE/module`.
///
/// Thread-safe.
public final class ModuleCatalog {

    /// Where prepared forms are in a bundle.
    public static final String FOLDER = "META-INF/podium/modules/";

    private final CopyOnWriteArrayList<Prepared> places = new CopyOnWriteArrayList<>();
    private final ConcurrentHashMap<String, Snapshot> snapshots = new ConcurrentHashMap<>();

    /// A place with prepared forms, such as a bundle.
    @FunctionalInterface
    public interface Prepared {

        /// Opens a file.
        ///
        /// @param path relative to [#FOLDER], such as `SHA256/snapshot`
        /// @return null when there is none
        @Nullable InputStream open(String path) throws IOException;
    }

    public void add(Prepared place) {
        places.add(place);
    }

    /// Forgets a place. Snapshots in use stay with those who use them.
    public void remove(Prepared place) {
        places.remove(place);
        snapshots.clear();
    }

    private @Nullable InputStream open(String path) throws IOException {
        for (var place : places) {
            var in = place.open(path);
            if (in != null) return in;
        }
        return null;
    }

    /// Whether a form of a module was prepared for an engine, so that its binary is not needed.
    boolean has(String sha256, String engine) {
        try (var in = prepared(sha256, engine)) {
            return in != null;
        } catch (IOException e) {
            Failure.LOG.warn("module {} cannot be read: {}", sha256, e.toString());
            return false;
        }
    }

    private @Nullable InputStream prepared(String sha256, String engine) throws IOException {
        return open(sha256 + "/" + engine + "/module");
    }

    /// Reads a module's binary when it is wanted.
    @FunctionalInterface
    interface Binary {
        byte[] read() throws IOException;
    }

    /// A module with the forms prepared for it.
    ModuleSource source(String name, String sha256, Binary binary) {
        return new Known(this, name, sha256, binary);
    }

    private record Known(ModuleCatalog catalog, String name, String sha256, Binary binary)
            implements ModuleSource {

        @Override
        public byte[] bytes() throws IOException {
            return binary.read();
        }

        @Override
        public @Nullable InputStream prepared(String engine) throws IOException {
            return catalog.prepared(sha256, engine);
        }
    }

    /// The snapshot prepared for a module, or null. Read once: engines share its pages by its
    /// identity.
    @Nullable Snapshot snapshot(String sha256) {
        var known = snapshots.get(sha256);
        if (known != null) return known;
        try (var in = open(sha256 + "/snapshot")) {
            if (in == null) return null;
            var read = Snapshot.readFrom(new BufferedInputStream(in, 1 << 16));
            var other = snapshots.putIfAbsent(sha256, read);
            return other != null ? other : read;
        } catch (IOException e) {
            // The program can start without; that it is slow must not be a riddle.
            Failure.LOG.warn("the snapshot of module {} cannot be read: {}", sha256, e.toString());
            return null;
        }
    }
}
