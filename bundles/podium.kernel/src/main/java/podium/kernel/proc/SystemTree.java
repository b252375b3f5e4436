package podium.kernel.proc;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import podium.syscall.PodContext;
import podium.vfs.Node;

/// `/proc/sys`, as far as programs look.
final class SystemTree {

    private static final String BOOT_ID = UUID.randomUUID() + "\n";

    private final Map<String, Supplier<String>> texts = new LinkedHashMap<>();

    SystemTree(Supplier<@Nullable PodContext> pod) {
        texts.put(
                "kernel/hostname",
                () -> {
                    var context = pod.get();
                    return context == null ? "\n" : context.hostname() + "\n";
                });
        texts.put("kernel/osrelease", () -> "6.12.0\n");
        texts.put("kernel/ostype", () -> "Linux\n");
        texts.put("kernel/pid_max", () -> "32768\n");
        texts.put("kernel/random/boot_id", () -> BOOT_ID);
        texts.put("kernel/random/uuid", () -> UUID.randomUUID() + "\n");
        texts.put("kernel/version", () -> "#1 Podium\n");
        texts.put("net/core/somaxconn", () -> "4096\n");
        texts.put("vm/max_map_count", () -> "65530\n");
        texts.put("vm/overcommit_memory", () -> "0\n");
    }

    Node.Directory root() {
        return directory("");
    }

    private ProcDirectory directory(String prefix) {
        return new ProcDirectory("/sys/" + prefix, () -> names(prefix), n -> lookup(prefix, n));
    }

    private List<String> names(String prefix) {
        return texts.keySet().stream()
                .filter(path -> path.startsWith(prefix))
                .map(path -> path.substring(prefix.length()).split("/")[0])
                .distinct()
                .toList();
    }

    private @Nullable Node lookup(String prefix, String name) {
        var text = texts.get(prefix + name);
        if (text != null) return new ProcText("/sys/" + prefix + name, text);
        var deeper = prefix + name + "/";
        return texts.keySet().stream().anyMatch(path -> path.startsWith(deeper))
                ? directory(deeper)
                : null;
    }
}
