package podium.engine.v8;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What Java and JavaScript know each other's objects by: numbers. Used inside the isolate.
final class Things {

    private final List<@Nullable HostCall> hosts = new ArrayList<>();
    private final ArrayDeque<Integer> freeHosts = new ArrayDeque<>();
    private final Map<Integer, V8Function> functions = new HashMap<>();
    private final IdentityHashMap<Object, Integer> objectNumbers = new IdentityHashMap<>();
    private final List<Object> objects = new ArrayList<>();

    /// Enters a function of the host's.
    int add(HostCall host) {
        var free = freeHosts.poll();
        if (free != null) {
            hosts.set(free, host);
            return free;
        }
        hosts.add(host);
        return hosts.size() - 1;
    }

    void removeHost(int number) {
        hosts.set(number, null);
        freeHosts.add(number);
    }

    HostCall host(int number) {
        var host = hosts.get(number);
        if (host == null) throw new IllegalStateException("the instance is closed");
        return host;
    }

    // ---- functions of guests

    void add(V8Function function) {
        functions.put(function.number(), function);
    }

    void removeFunction(int number) {
        functions.remove(number);
    }

    @Nullable V8Function known(int number) {
        return functions.get(number);
    }

    // ---- objects of the host's that guests refer to; they are kept as long as the isolate

    @Nullable Object object(int number) {
        return number == 0 ? null : objects.get(number - 1);
    }

    int objectNumber(@Nullable Object object) {
        if (object == null) return 0;
        return objectNumbers.computeIfAbsent(
                object,
                o -> {
                    objects.add(o);
                    return objects.size();
                });
    }
}
