package podium.cli;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import podium.vfs.Attributes;
import podium.vfs.Mode;

/// A file's line in `podium ls`, as ls(1) has it: mode, owner, size, time, name.
final class FileRow {

    private FileRow() {}

    static List<String> of(String name, Attributes attributes) {
        var time = Instant.EPOCH.plus(attributes.modified(), ChronoUnit.NANOS);
        return List.of(
                mode(attributes.mode()),
                attributes.uid() + ":" + attributes.gid(),
                "" + attributes.size(),
                time.truncatedTo(ChronoUnit.SECONDS).toString(),
                name);
    }

    /// As ls(1) writes a mode.
    static String mode(int mode) {
        char type =
                switch (Mode.type(mode)) {
                    case Mode.DIRECTORY -> 'd';
                    case Mode.LINK -> 'l';
                    case Mode.REGULAR -> '-';
                    case Mode.SOCKET -> 's';
                    case Mode.FIFO -> 'p';
                    case Mode.CHARACTER -> 'c';
                    case Mode.BLOCK -> 'b';
                    default -> '?';
                };
        var text = new StringBuilder().append(type);
        for (int bit = 0400, i = 0; bit != 0; bit >>= 1, i++)
            text.append((mode & bit) == 0 ? '-' : "rwx".charAt(i % 3));
        return text.toString();
    }
}
