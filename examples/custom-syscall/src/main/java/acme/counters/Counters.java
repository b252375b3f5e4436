package acme.counters;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.osgi.service.component.annotations.Component;
import podium.syscall.Export;
import podium.syscall.SyscallFamily;
import podium.syscall.Utf8;

/// Named counters shared by all pods; guests import them from module "acme_counters".
@Component
public final class Counters implements SyscallFamily {

    private final ConcurrentHashMap<String, LongAdder> counters = new ConcurrentHashMap<>();

    @Override
    public String module() {
        return "acme_counters";
    }

    /// C: `int64_t add(const char *name, size_t length, int64_t delta)`
    @Export
    public long add(@Utf8 String name, long delta) {
        var counter = counters.computeIfAbsent(name, _ -> new LongAdder());
        counter.add(delta);
        return counter.sum();
    }
}
