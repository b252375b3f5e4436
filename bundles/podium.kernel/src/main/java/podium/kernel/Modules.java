package podium.kernel;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import podium.engine.Engine;
import podium.engine.Module;
import podium.engine.ModuleException;
import podium.engine.ModuleSource;

/// Compiled modules, by content, engine and form; those not used for longest go when there are
/// many.
///
/// Thread-safe: a module is compiled once, while others that want it wait.
final class Modules {

    private static final int KEPT = 32;

    private record Key(String sha256, Engine engine, boolean metered) {}

    /// Guarded by itself.
    private final Map<Key, Module> modules =
            new LinkedHashMap<>(16, 0.75f, true) {
                @Override
                protected boolean removeEldestEntry(Map.Entry<Key, Module> eldest) {
                    return size() > KEPT;
                }
            };

    private final ConcurrentHashMap<Key, Object> compiling = new ConcurrentHashMap<>();

    @Nullable Module get(String sha256, Engine engine, boolean metered) {
        return get(new Key(sha256, engine, metered));
    }

    private @Nullable Module get(Key key) {
        synchronized (modules) {
            return modules.get(key);
        }
    }

    /// @param metered whether instances count fuel
    Module load(ModuleSource source, Engine engine, boolean metered) throws ModuleException {
        var key = new Key(source.sha256(), engine, metered);
        synchronized (compiling.computeIfAbsent(key, _ -> new Object())) {
            try {
                var known = get(key);
                if (known != null) return known;
                var module = metered ? engine.loadMetered(source) : engine.load(source);
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
