package podium.syscall.wasi;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import podium.syscall.Errno;
import podium.syscall.ErrnoException;
import podium.syscall.Grant;
import podium.syscall.OpenFile;
import podium.syscall.Task;
import podium.syscall.wasi.abi.Rights;
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

    /// Where C libraries look for them, up to the first descriptor that is none.
    private static final int FIRST = 3;

    private Preopens() {}

    /// Opens them in a process that has none, from descriptor 3 on; what was inherited there moves
    /// behind them.
    ///
    /// @throws podium.syscall.ErrnoException `EMFILE`; a directory that was given is not there
    static void open(Task task) {
        var files = task.files();
        for (int fd : files.open()) if (name(task, fd) != null) return;
        var inherited = new ArrayList<Integer>();
        for (int fd : files.open()) if (fd >= FIRST) inherited.add(fd);
        openAll(task);
        moveBehind(task, inherited);
    }

    /// Moves what was inherited at numbers that directories need behind these, in order.
    private static void moveBehind(Task task, List<Integer> inherited) {
        var files = task.files();
        for (int old : inherited) {
            int directory = -1;
            for (int fd : files.open()) if (name(task, fd) != null) directory = fd;
            if (directory < old) return;
            var file = files.retain(old);
            var grant = files.grant(old, file);
            files.add(file, directory + 1, files.closeOnExec(old), grant);
            files.move(directory, old);
        }
    }

    private static void openAll(Task task) {
        var given = task.process().directories();
        if (given != null) {
            given.forEach((name, path) -> add(task, null, path, name));
            return;
        }
        var fs = task.process().fs();
        add(task, null, "/", "/");
        if (isSame(fs.workingDirectory(), fs.root())) return;
        addIfOpen(task, fs.workingDirectory(), ".", ".");
        for (var name : directories(fs)) addIfOpen(task, null, name, name);
    }

    /// Adds a directory that nobody asked for, unless it may not be read or has gone.
    private static void addIfOpen(Task task, @Nullable Location at, String path, String name) {
        try {
            add(task, at, path, name);
        } catch (ErrnoException e) {
            if (e.errno() != Errno.EACCES && e.errno() != Errno.ENOENT) throw e;
        }
    }

    private static boolean isSame(Location one, Location other) {
        return one.device() == other.device()
                && one.attributes().inode() == other.attributes().inode();
    }

    private static void add(Task task, @Nullable Location at, String path, String name) {
        var fs = task.process().fs();
        var file = fs.namespace().open(fs, at, path, DIRECTORY, 0);
        task.files().add(file, FIRST, true, new Grant(Rights.DIRECTORY, Rights.ALL, name));
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

    /// The name of an open directory that a program found open; null for any other open descriptor.
    ///
    /// @throws podium.syscall.ErrnoException `EBADF`
    static @Nullable String name(Task task, int fd) {
        var grant = task.files().grant(fd, task.files().get(fd));
        return grant == null ? null : grant.name();
    }
}
