package podium.engine.v8;

import com.caoccao.javet.interop.V8Host;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import podium.engine.Engine;
import podium.engine.Memory;
import podium.engine.MemoryType;
import podium.engine.Module;
import podium.engine.ModuleException;
import podium.engine.ModuleSource;
import podium.engine.v8.wasm.ModuleReader;
import podium.engine.v8.wasm.UnsupportedModule;

/// The engine on V8. It is there when its native library is; it is the default only where someone
/// configures a higher ranking for it.
@Component(property = "service.ranking:Integer=-100")
public final class V8Engine implements Engine {

    private static final Set<Feature> FEATURES =
            Set.of(
                    Feature.ATOMICS,
                    Feature.LEGACY_EXCEPTIONS,
                    Feature.EXCEPTIONS,
                    Feature.SIMD,
                    Feature.TAIL_CALLS,
                    Feature.EXTENDED_CONSTANTS,
                    Feature.SNAPSHOTS,
                    Feature.FUEL);

    private final V8Host host;
    private final Compiler compiler;

    /// @throws IOException V8 cannot be loaded; then there is no such engine
    @Activate
    public V8Engine(BundleContext context) throws IOException {
        this(folder(context));
        loadClasses(context.getBundle(), "/podium/engine/v8");
        loadClasses(FrameworkUtil.getBundle(V8Host.class), "/com/caoccao/javet/values");
        loadClasses(FrameworkUtil.getBundle(V8Host.class), "/com/caoccao/javet/exceptions");
    }

    /// Modules and instances may outlive the bundles, and then no more classes can be loaded.
    private static void loadClasses(Bundle bundle, String folder) {
        for (var files = bundle.findEntries(folder, "*.class", true); files.hasMoreElements(); ) {
            var file = files.nextElement().getPath().substring(1);
            try {
                bundle.loadClass(file.substring(0, file.lastIndexOf('.')).replace('/', '.'));
            } catch (ClassNotFoundException e) {
                throw new IllegalStateException(file + " is no class of its bundle", e);
            }
        }
    }

    /// @param folder of the native library's file
    V8Engine(Path folder) throws IOException {
        host = NativeLibrary.load(folder);
        compiler = new Compiler(host);
    }

    private static Path folder(BundleContext context) throws IOException {
        File folder = context.getDataFile("");
        return folder != null ? folder.toPath() : Files.createTempDirectory("podium.engine.v8");
    }

    @Override
    public String name() {
        return "v8";
    }

    @Override
    public Set<Feature> features() {
        return FEATURES;
    }

    @Override
    public long callStack() {
        return GuestStack.SIZE;
    }

    @Override
    public Module load(ModuleSource source) throws ModuleException {
        return read(source, false);
    }

    @Override
    public Module loadMetered(ModuleSource source) throws ModuleException {
        var module = read(source, true);
        try {
            module.compile();
        } catch (IllegalArgumentException e) {
            throw new ModuleException(
                    source.name() + ": too large for counting fuel: " + e.getMessage(), -1);
        }
        return module;
    }

    private V8Module read(ModuleSource source, boolean metered) throws ModuleException {
        try {
            var bytes = source.bytes();
            compiler.validate(source.name(), bytes);
            var wasm = ModuleReader.read(bytes, metered);
            return new V8Module(this, source.name(), source.sha256(), wasm);
        } catch (UnsupportedModule e) {
            throw new ModuleException(source.name() + ": " + e.getMessage(), -1);
        } catch (IOException e) {
            throw new ModuleException(source.name() + " cannot be read: " + e.getMessage(), -1);
        }
    }

    @Override
    public Memory newMemory(MemoryType type) {
        var isolate = newIsolate();
        try {
            return new V8Memory(isolate, type, type.minimum());
        } finally {
            isolate.release();
        }
    }

    Isolate newIsolate() {
        return new Isolate(host);
    }

    /// @throws IllegalArgumentException V8 finds it invalid
    Code compile(byte[] content) {
        return compiler.code(content);
    }
}
