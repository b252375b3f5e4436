package podium.kernel;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import podium.engine.Engine;
import podium.engine.Module;
import podium.engine.ModuleException;
import podium.engine.ModuleSource;

/// Compiled modules, by content and engine; those not used for longest go when there are many.
///
/// Thread-safe: a module is compiled once, while others that want it wait.
final class Modules {

    private static final int KEPT = 32;

    private record Key(String sha256, Engine engine) {}

    /// Guarded by itself.
    private final Map<Key, Module> modules =
            new LinkedHashMap<>(16, 0.75f, true) {
                @Override
                protected boolean removeEldestEntry(Map.Entry<Key, Module> eldest) {
                    return size() > KEPT;
                }
            };

    private final ConcurrentHashMap<Key, Object> compiling = new ConcurrentHashMap<>();

    @Nullable Module get(String sha256, Engine engine) {
        synchronized (modules) {
            return modules.get(new Key(sha256, engine));
        }
    }

    Module load(ModuleSource source, Engine engine) throws ModuleException {
        var key = new Key(source.sha256(), engine);
        synchronized (compiling.computeIfAbsent(key, _ -> new Object())) {
            try {
                var known = get(key.sha256, engine);
                if (known != null) return known;
                var module = engine.load(source);
                synchronized (modules) {
                    modules.put(key, module);
                }
                return module;
            } finally {
                compiling.remove(key);
            }
        }
    }

    /// An engine has gone: its modules go, too. Running instances keep theirs.
    void forget(Engine engine) {
        synchronized (modules) {
            modules.keySet().removeIf(key -> key.engine == engine);
        }
    }
}
