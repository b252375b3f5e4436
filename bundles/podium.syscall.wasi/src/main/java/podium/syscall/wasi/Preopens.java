package podium.syscall.wasi;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import podium.syscall.ErrnoException;
import podium.syscall.Grant;
import podium.syscall.OpenFile;
import podium.syscall.Task;
import podium.vfs.FsContext;
import podium.vfs.Location;
import podium.vfs.Mode;

/// The directories a program finds open: those it was given, else all of its pod's files, under the
/// names that Linux programs have for them.
///
/// C libraries take both `/` and `.` for the empty prefix of a path, so a program whose working
/// directory is another one than the root finds that as `.`, and the root's directories by their
/// names: longer prefixes, which win. See RATIONALE: preopens.
final class Preopens {

    private static final int DIRECTORY = OpenFile.O_RDONLY | OpenFile.O_DIRECTORY;

    /// Directories of the root that are opened.
    private static final int MOST = 64;

    private Preopens() {}

    /// Opens them in a process that has none.
    ///
    /// @throws podium.syscall.ErrnoException `EMFILE`; a directory that was given is not there
    static void open(Task task) {
        for (int fd : task.files().open()) if (name(task, fd) != null) return;
        var given = task.process().directories();
        if (given != null) {
            given.forEach((name, path) -> add(task, null, path, name));
            return;
        }
        var fs = task.process().fs();
        add(task, null, "/", "/");
        if (isSame(fs.workingDirectory(), fs.root())) return;
        add(task, fs.workingDirectory(), ".", ".");
        for (var name : directories(fs)) add(task, null, name, name);
    }

    private static boolean isSame(Location one, Location other) {
        return one.device() == other.device()
                && one.attributes().inode() == other.attributes().inode();
    }

    private static void add(Task task, @Nullable Location at, String path, String name) {
        var fs = task.process().fs();
        var file = fs.namespace().open(fs, at, path, DIRECTORY, 0);
        int fd = task.files().add(file, true);
        task.files().setGrant(fd, new Grant(Rights.DIRECTORY, Rights.ALL, name));
    }

    private static List<String> directories(FsContext fs) {
        var names = new ArrayList<String>();
        try {
            if (fs.root().node() instanceof podium.vfs.Node.Directory root)
                for (var entry : root.entries(0, MOST))
                    if (entry.type() == Mode.DIRECTORY) names.add("/" + entry.name());
        } catch (ErrnoException e) {
            // What cannot be listed cannot be found by name either; the rest is there.
            names.clear();
        }
        return names;
    }

    /// The name of an open directory that a program found open; null for any other descriptor.
    static @Nullable String name(Task task, int fd) {
        var grant = task.files().grant(fd);
        return grant == null ? null : grant.name();
    }
}
