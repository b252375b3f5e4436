package podium.vfs;

import java.util.List;
import java.util.SortedMap;
import podium.syscall.Errno;

/// What a mount has done since it was made, by whatever programs and by the host's view of the pod.
/// Each number is right by itself; they are not of one moment.
///
/// @param reads reads of contents that succeeded
/// @param bytesRead by these
/// @param writes writes to contents that succeeded, appending ones included
/// @param bytesWritten by these
/// @param lookups names that were looked for in the file system
/// @param cached names that were looked for and known without asking it
/// @param creates names that were made, links included, and files without one
/// @param removals names that were removed
/// @param renames names that were moved or exchanged
/// @param syncs how long syncs took: the number of those below 2, 4, 8 and so on microseconds that
///     are in none before; the last one is for all others
/// @param errors what the file system refused or could not do
public record MountActivity(
        long reads,
        long bytesRead,
        long writes,
        long bytesWritten,
        long lookups,
        long cached,
        long creates,
        long removals,
        long renames,
        List<Long> syncs,
        SortedMap<Errno, Long> errors) {}
