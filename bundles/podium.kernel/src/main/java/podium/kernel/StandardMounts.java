package podium.kernel;

import java.util.ArrayList;
import java.util.List;
import podium.syscall.Errno;
import podium.syscall.ErrnoException;
import podium.vfs.FsContext;
import podium.vfs.MountSpec;

/// What a pod has mounted unless it says otherwise.
final class StandardMounts {

    private static final String PROC = "proc";

    private StandardMounts() {}

    /// The mounts of a pod: the standard ones first, unless its own begin with `/`. Every `proc` is
    /// told which pod it shows.
    static List<MountSpec> with(List<MountSpec> wanted, String pod) {
        var all = new ArrayList<MountSpec>();
        if (wanted.isEmpty() || !wanted.getFirst().target().equals("/")) {
            all.add(MountSpec.of("/", "memory").withOption("base", "image"));
            all.add(MountSpec.of("/tmp", "memory").withOption("mode", "1777"));
            all.add(MountSpec.of("/dev", "dev"));
            all.add(MountSpec.of("/proc", PROC));
        }
        all.addAll(wanted);
        all.replaceAll(m -> m.type().equals(PROC) ? m.withOption("pod", pod) : m);
        return all;
    }

    /// Makes the directory a mount goes on, and those above it.
    static void makeTarget(FsContext context, String target) {
        for (int end = target.indexOf('/', 1); ; end = target.indexOf('/', end + 1)) {
            var path = end < 0 ? target : target.substring(0, end);
            if (!exists(context, path)) make(context, path);
            if (end < 0) return;
        }
    }

    private static boolean exists(FsContext context, String path) {
        try {
            context.namespace().resolve(context, null, path, 0);
            return true;
        } catch (ErrnoException e) {
            if (e.errno() == Errno.ENOENT) return false;
            throw e;
        }
    }

    private static void make(FsContext context, String path) {
        context.namespace().makeDirectory(context, null, path, 0755);
    }
}
