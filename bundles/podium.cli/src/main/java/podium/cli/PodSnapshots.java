package podium.cli;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import podium.syscall.Errno;
import podium.syscall.ErrnoException;
import podium.vfs.MigrationProgress.Phase;
import podium.vfs.MountException;
import podium.vfs.Snapshot;
import podium.vfs.Snapshots;

/// What `podium fs snapshot` and `restore` do in the container. Apart from these, which the program
/// loads without the API.
record PodSnapshots(PodPlace place, Snapshots snapshots, FsSession session) {

    static PodSnapshots of(PodPlace place, FsSession session)
            throws CommandException, MountException {
        var files = session.pod(place.pod()).files();
        return new PodSnapshots(place, files.namespace().snapshots(files, place.path()), session);
    }

    /// @param asked for; empty for one of the time
    void take(String asked, boolean json) throws CommandException, IOException {
        var name =
                asked.isEmpty() ? Instant.now().truncatedTo(ChronoUnit.SECONDS).toString() : asked;
        try {
            done(
                    "took snapshot " + name + " of ",
                    name,
                    snapshots.take(name, this::advanced),
                    json);
        } catch (ErrnoException e) {
            throw failure("take snapshot", name, e);
        }
    }

    void restore(String name, boolean json) throws CommandException, IOException {
        try {
            var held = snapshots.restore(name, this::advanced);
            done("restored snapshot " + name + " of ", name, held, json);
        } catch (ErrnoException e) {
            throw failure("restore snapshot", name, e);
        }
    }

    private boolean advanced(Phase phase, long inodes, long bytes, long tail) {
        return session.progress(inodes, bytes, 0);
    }

    private void done(String what, String name, Duration held, boolean json) throws IOException {
        var ms = String.format(Locale.ROOT, "%.1f", held.toNanos() / 1e6);
        if (json)
            session.print(new Table(List.of("NAME", "HELD_MS"), List.of(List.of(name, ms))), true);
        else session.message(what + place + "; programs were held for " + ms + " ms");
    }

    void delete(String name) throws CommandException {
        try {
            snapshots.delete(name);
        } catch (ErrnoException e) {
            if (e.errno() == Errno.EBUSY)
                throw new CommandException(
                        "cannot delete snapshot '%s' of %s: it is mounted".formatted(name, place));
            throw failure("delete snapshot", name, e);
        }
    }

    void list(boolean json) {
        var rows = new ArrayList<List<String>>();
        for (var one : snapshots.list()) rows.add(row(one, json));
        session.print(new Table(List.of("NAME", "TAKEN", "INODES", "SIZE", "OWN"), rows), json);
    }

    private static List<String> row(Snapshot one, boolean json) {
        var taken = Instant.ofEpochSecond(0, one.taken());
        return List.of(
                one.name(),
                (json ? taken : taken.truncatedTo(ChronoUnit.SECONDS)).toString(),
                "" + one.inodes(),
                json ? "" + one.bytes() : FsSubcommand.size(one.bytes()),
                json ? "" + one.own() : FsSubcommand.size(one.own()));
    }

    private CommandException failure(String what, String name, ErrnoException e) {
        var why =
                switch (e.errno()) {
                    case EINVAL ->
                            "a name has 1 to 64 letters, digits and ._+:-, and begins with a letter"
                                    + " or digit";
                    case EEXIST -> "there is one of that name; delete it first";
                    case ENOENT -> "there is none of that name (--list shows them)";
                    case EDQUOT -> "there are %d already".formatted(Snapshots.MOST);
                    case EBUSY -> "something is mounted on a directory that it does not have there";
                    case EAGAIN -> "it is being moved; try again";
                    case ECANCELED -> "canceled";
                    case ETIMEDOUT -> "a call that was begun before does not end; try again";
                    default -> e.errno().text();
                };
        return new CommandException("cannot %s '%s' of %s: %s".formatted(what, name, place, why));
    }
}
