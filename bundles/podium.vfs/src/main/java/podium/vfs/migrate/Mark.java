package podium.vfs.migrate;

import java.util.LinkedHashSet;
import java.util.Set;

/// What of an inode has changed since it was copied. Its attributes have with all else.
final class Mark {

    final Ranges content = new Ranges();

    /// Names in a directory that lead to something else than before.
    final Set<String> names = new LinkedHashSet<>();
}
