package podium.vfs.backend;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import podium.syscall.Errno;

/// What the host says when it has no space left. Java has the error's text alone.
public final class HostSpace {

    private HostSpace() {}

    /// Which lack of space an error is about.
    ///
    /// @return `EDQUOT`, `ENOSPC`, or null when it is about something else
    public static @Nullable Errno error(IOException e) {
        var text = String.valueOf(e.getMessage());
        if (text.contains("quota exceeded")) return Errno.EDQUOT;
        return text.contains("No space left") ? Errno.ENOSPC : null;
    }
}
