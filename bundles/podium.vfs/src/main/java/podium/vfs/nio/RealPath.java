package podium.vfs.nio;

import java.io.IOException;
import java.nio.file.FileSystemException;

/// Paths without detours.
final class RealPath {

    private RealPath() {}

    static PodPath of(PodPath path, boolean follow) throws IOException {
        return follow ? followed(path) : unfollowed(path.toAbsolutePath());
    }

    private static PodPath followed(PodPath path) throws IOException {
        var context = path.getFileSystem().context();
        var text = Failures.on(path, () -> path.getFileSystem().resolve(path, true).path(context));
        // What /proc/PID/fd leads to may be a pipe.
        if (!text.startsWith("/"))
            throw new FileSystemException(path.toString(), null, "It has no path: " + text);
        return path.getFileSystem().getPath(text);
    }

    /// With the links in it: only behind what is no link, `..` is a step back.
    private static PodPath unfollowed(PodPath path) throws IOException {
        var real = path.getFileSystem().getPath("/");
        for (int i = 0; i < path.getNameCount(); i++) {
            var name = path.getName(i).toString();
            if (name.equals(".")) continue;
            var parent = real.getParent();
            if (!name.equals("..")) real = real.child(name);
            else if (parent != null && isLink(real)) real = real.child("..");
            else if (parent != null) real = parent;
        }
        var unused = PodAttributes.of(real, false);
        return real;
    }

    private static boolean isLink(PodPath path) throws IOException {
        return PodAttributes.of(path, false).isSymbolicLink();
    }
}
