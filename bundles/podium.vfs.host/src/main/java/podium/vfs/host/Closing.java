package podium.vfs.host;

import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import podium.syscall.ErrnoException;
import podium.syscall.LinuxString;

/// A file that this process is closing: what inotify says of that is not for those who watch. Each
/// watch that the event comes to leaves it out once.
final class Closing {

    private static final String DELETED = " (deleted)";

    private final Status.Id id;

    /// In the directory it was opened in.
    private final String name;

    private final Set<Integer> hidden = new HashSet<>();

    private Closing(Status.Id id, String name) {
        this.id = id;
        this.name = name;
    }

    /// @param descriptor still open
    /// @return null when the host does not say what it is: then its closing is told
    static @Nullable Closing of(int descriptor) {
        try {
            var path = LinuxString.decode(Linux.path(descriptor));
            var name = path.substring(path.lastIndexOf('/') + 1);
            return new Closing(Linux.stat(descriptor).id(), name);
        } catch (ErrnoException e) {
            return null;
        }
    }

    /// Whether an event is this one's, and has not come yet.
    ///
    /// @param event `IN_CLOSE_WRITE`
    boolean hides(Watched watched, InotifyEvent event) {
        boolean own =
                event.name() == null ? watched.node().first.id().equals(id) : is(event.name());
        return own && hidden.add(event.watch());
    }

    private boolean is(String other) {
        return name.equals(other) || name.equals(other + DELETED);
    }
}
