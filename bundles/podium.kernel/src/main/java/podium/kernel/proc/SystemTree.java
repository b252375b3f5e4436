package podium.kernel.proc;

import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import podium.syscall.PodContext;
import podium.vfs.Node;

/// `/proc/sys`, as far as programs look.
final class SystemTree {

    private static final String BOOT_ID = UUID.randomUUID() + "\n";

    private static final List<String> PATHS =
            List.of(
                    "kernel/hostname",
                    "kernel/osrelease",
                    "kernel/ostype",
                    "kernel/pid_max",
                    "kernel/random/boot_id",
                    "kernel/random/uuid",
                    "kernel/version",
                    "net/core/somaxconn",
                    "vm/max_map_count",
                    "vm/overcommit_memory");

    private final Supplier<@Nullable PodContext> pod;

    SystemTree(Supplier<@Nullable PodContext> pod) {
        this.pod = pod;
    }

    /// What a file says now.
    ///
    /// @param path of [#PATHS]
    private String text(String path) {
        return switch (path) {
            case "kernel/hostname" -> {
                var context = pod.get();
                yield context == null ? "\n" : context.hostname() + "\n";
            }
            case "kernel/osrelease" -> "6.12.0\n";
            case "kernel/ostype" -> "Linux\n";
            case "kernel/pid_max" -> "32768\n";
            case "kernel/random/boot_id" -> BOOT_ID;
            case "kernel/random/uuid" -> UUID.randomUUID() + "\n";
            case "kernel/version" -> "#1 Podium\n";
            case "net/core/somaxconn" -> "4096\n";
            case "vm/max_map_count" -> "65530\n";
            case "vm/overcommit_memory" -> "0\n";
            default -> throw new IllegalArgumentException(path);
        };
    }

    Node.Directory root() {
        return directory("");
    }

    private ProcDirectory directory(String prefix) {
        return new ProcDirectory("/sys/" + prefix, () -> names(prefix), n -> lookup(prefix, n));
    }

    private List<String> names(String prefix) {
        return PATHS.stream()
                .filter(path -> path.startsWith(prefix))
                .map(path -> path.substring(prefix.length()).split("/")[0])
                .distinct()
                .toList();
    }

    private @Nullable Node lookup(String prefix, String name) {
        var at = prefix + name;
        if (PATHS.contains(at)) return new ProcText("/sys/" + at, () -> text(at));
        var deeper = at + "/";
        return PATHS.stream().anyMatch(path -> path.startsWith(deeper)) ? directory(deeper) : null;
    }
}
