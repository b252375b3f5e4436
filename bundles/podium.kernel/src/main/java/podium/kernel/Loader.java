package podium.kernel;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import podium.engine.Engine;
import podium.engine.Module;
import podium.engine.ModuleException;
import podium.engine.ModuleSource;
import podium.syscall.Errno;
import podium.syscall.LinuxString;
import podium.syscall.OpenFile;
import podium.vfs.Attributes;
import podium.vfs.FsContext;
import podium.vfs.Location;
import podium.vfs.Node;

/// Finds programs in a pod's files, as execve(2) does, and makes modules of them. Modules are kept
/// by content for all pods. Which content a file has its file system may know; else it is read, and
/// remembered for as long as the file does not change.
///
/// Thread-safe.
final class Loader {

    private static final byte[] WASM = {0, 'a', 's', 'm'};

    /// `#!` lines that may follow one another.
    private static final int MAX_INTERPRETERS = 5;

    /// Bytes of a `#!` line that count (execve(2)).
    private static final int MAX_LINE = 255;

    private static final int MAX_MODULE = 512 << 20;
    private static final int X_OK = 1;
    private static final int REMEMBERED = 256;

    private final Modules modules;
    private final ModuleCatalog catalog;
    private final Engine engine;
    private final boolean metered;

    /// Guarded by this.
    private final Map<FileKey, String> known =
            new LinkedHashMap<>(16, 0.75f, true) {
                @Override
                protected boolean removeEldestEntry(Map.Entry<FileKey, String> eldest) {
                    return size() > REMEMBERED;
                }
            };

    private record FileKey(long device, long inode, long modified, long changed, long size) {}

    /// @param metered whether programs count fuel
    Loader(Modules modules, ModuleCatalog catalog, Engine engine, boolean metered) {
        this.metered = metered;
        this.modules = modules;
        this.catalog = catalog;
        this.engine = engine;
    }

    /// Finds a program and what runs it.
    ///
    /// @throws podium.syscall.ErrnoException as execve(2)
    /// @throws ModuleException it is a WebAssembly module, but malformed, invalid, or more than the
    ///     engine takes; to execve(2), ENOEXEC
    Program load(FsContext fs, String path, List<String> arguments, List<String> environment)
            throws ModuleException {
        ArgumentBlock.check(arguments, environment);
        return load(fs, path, arguments, environment, 0);
    }

    /// Makes a program of a module that is in no file.
    ///
    /// @throws podium.syscall.ErrnoException as execve(2)
    /// @throws ModuleException as above
    Program load(ModuleSource source, List<String> arguments, List<String> environment)
            throws ModuleException {
        ArgumentBlock.check(arguments, environment);
        try {
            var content = source.bytes();
            if (!isWasm(content)) throw Errno.ENOEXEC.exception();
            var module = module(source.name(), content, source.sha256());
            var snapshot = catalog.snapshot(module.sha256());
            return new Program(module, snapshot, source.name(), arguments, environment);
        } catch (IOException e) {
            throw new ModuleException(source.name() + ": " + e.getMessage(), -1);
        }
    }

    /// A module that a program brings along.
    Module module(String name, byte[] content) throws ModuleException {
        if (!isWasm(content)) throw new ModuleException(name + ": it is not WebAssembly", 0);
        return module(name, content, ModuleSource.sha256(content));
    }

    private Module module(String name, byte[] content, String sha256) throws ModuleException {
        if (isComponent(content))
            throw new ModuleException(
                    name
                            + ": it is a WebAssembly component, as of WASI 0.2; only modules run here, as"
                            + " of WASI 0.1 (wasip1)",
                    -1);
        return modules.load(catalog.source(name, sha256, () -> content), engine, metered);
    }

    private Program load(
            FsContext fs, String path, List<String> arguments, List<String> environment, int depth)
            throws ModuleException {
        var place = fs.namespace().resolve(fs, null, path, 0);
        var attributes = place.attributes();
        if (!attributes.isRegular()) throw Errno.EACCES.exception();
        fs.namespace().access(fs, place, X_OK, true);
        var measured = measured(fs, path, place, attributes);
        if (measured != null) return program(measured, place, arguments, environment);
        var key = key(place, attributes);
        var sha256 = remembered(key);
        var module = sha256 == null ? null : modules.get(sha256, engine, metered);
        if (module == null) {
            var content = content(fs, path, attributes.size());
            if (content.length >= 2 && content[0] == '#' && content[1] == '!') {
                if (depth == MAX_INTERPRETERS) throw Errno.ELOOP.exception();
                var line = Interpreter.of(content);
                return load(fs, line.path, line.arguments(path, arguments), environment, depth + 1);
            }
            if (!isWasm(content)) throw Errno.ENOEXEC.exception();
            sha256 = ModuleSource.sha256(content);
            module = module(place.path(), content, sha256);
            remember(key, sha256);
        }
        return program(module, place, arguments, environment);
    }

    private Program program(
            Module module, Location place, List<String> arguments, List<String> environment) {
        var snapshot = catalog.snapshot(module.sha256());
        return new Program(module, snapshot, place.path(), arguments, environment);
    }

    /// The module of a file whose digest is known without reading it, if it is loaded or was
    /// prepared: then nothing is read. Null for any other file.
    private @Nullable Module measured(
            FsContext fs, String path, Location place, Attributes attributes)
            throws ModuleException {
        var sha256 = place.node() instanceof Node.Regular file ? file.sha256() : null;
        if (sha256 == null) return null;
        var module = modules.get(sha256, engine, metered);
        if (module != null || metered || !catalog.has(sha256, engine.name())) return module;
        return modules.load(
                catalog.source(
                        place.path(),
                        sha256,
                        () -> same(sha256, content(fs, path, attributes.size()))),
                engine,
                metered);
    }

    /// Modules are every pod's: what a guest writes meanwhile must not become the module of the
    /// digest from before.
    private static byte[] same(String sha256, byte[] content) throws IOException {
        if (ModuleSource.sha256(content).equals(sha256)) return content;
        throw new IOException("it changed while it was started");
    }

    private static boolean isWasm(byte[] content) {
        return content.length >= 8 && java.util.Arrays.equals(content, 0, 4, WASM, 0, 4);
    }

    /// Told by the layer field, the upper half of the version (Component Model, Binary.md).
    private static boolean isComponent(byte[] content) {
        return content[6] == 1 && content[7] == 0;
    }

    private static byte[] content(FsContext fs, String path, long size) {
        if (size > MAX_MODULE) throw Errno.ENOEXEC.exception();
        var file = fs.namespace().open(fs, null, path, OpenFile.O_RDONLY, 0);
        try {
            var content = ByteBuffer.allocate((int) size);
            while (content.hasRemaining()) {
                int count = file.read(content, content.position());
                if (count == 0) break; // it has become shorter
                var errno = count < 0 ? Errno.of(-count) : null;
                if (errno != null) throw errno.exception();
            }
            return content.hasRemaining()
                    ? java.util.Arrays.copyOf(content.array(), content.position())
                    : content.array();
        } finally {
            file.release();
        }
    }

    private static FileKey key(Location place, Attributes attributes) {
        return new FileKey(
                place.device(),
                attributes.inode(),
                attributes.modified(),
                attributes.changed(),
                attributes.size());
    }

    private synchronized @Nullable String remembered(FileKey key) {
        return known.get(key);
    }

    private synchronized void remember(FileKey key, String sha256) {
        known.put(key, sha256);
    }

    /// A `#!` line.
    ///
    /// @param argument the rest of the line, one argument whatever is in it; null for none
    private record Interpreter(String path, @Nullable String argument) {

        static Interpreter of(byte[] content) {
            int end = 2;
            while (end < content.length && end < MAX_LINE && content[end] != '\n') end++;
            var line = new String(content, 2, end - 2, StandardCharsets.ISO_8859_1).strip();
            int blank = 0;
            while (blank < line.length() && line.charAt(blank) > ' ') blank++;
            var path = line.substring(0, blank);
            if (path.isEmpty()) throw Errno.ENOEXEC.exception();
            var rest = line.substring(blank).strip();
            return new Interpreter(decode(path), rest.isEmpty() ? null : decode(rest));
        }

        private static String decode(String bytes) {
            return LinuxString.decode(bytes.getBytes(StandardCharsets.ISO_8859_1));
        }

        List<String> arguments(String script, List<String> given) {
            var all = new ArrayList<String>();
            all.add(path);
            if (argument != null) all.add(argument);
            all.add(script);
            if (given.size() > 1) all.addAll(given.subList(1, given.size()));
            return all;
        }
    }
}
