package podium.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import podium.syscall.Errno;
import podium.syscall.ErrnoException;
import podium.vfs.FsContext;
import podium.vfs.MigrationPlan;
import podium.vfs.MountException;
import podium.vfs.MountSpec;

/// What `podium fs mount`, `umount` and `migrate` do in the container. Apart from these, which the
/// program
/// loads without the API.
record PodMounts(FsContext files) {

    static PodMounts of(String pod, FsSession session) throws CommandException {
        return new PodMounts(session.pod(pod).files());
    }

    List<List<String>> rows() {
        var rows = new ArrayList<List<String>>();
        for (var mounted : files.namespace().mounts()) {
            var spec = mounted.spec();
            var options =
                    new TreeMap<>(spec.options())
                            .entrySet().stream()
                                    .map(one -> one.getKey() + "=" + one.getValue())
                                    .collect(Collectors.joining(","));
            rows.add(
                    List.of(
                            spec.target(),
                            spec.type(),
                            spec.source(),
                            spec.readOnly() ? "ro" : "rw",
                            "" + mounted.users(),
                            options));
        }
        return rows;
    }

    void mount(
            String target,
            String type,
            String source,
            Map<String, String> options,
            boolean readOnly)
            throws MountException {
        files.namespace().mount(files, new MountSpec(target, type, source, options, readOnly));
    }

    void unmount(PodPlace place, boolean detach) throws CommandException {
        try {
            files.namespace().unmount(files, place.path(), detach);
        } catch (ErrnoException e) {
            throw new CommandException("cannot unmount '" + place + "': " + why(e.errno()));
        }
    }

    void migrate(
            FsSession session,
            PodPlace place,
            String type,
            String source,
            Map<String, String> options,
            int pause,
            boolean verify,
            boolean json)
            throws MountException, IOException {
        var plan = MigrationPlan.DEFAULT.withPause(Duration.ofMillis(pause)).withVerify(verify);
        var done =
                files.namespace()
                        .migrate(
                                files,
                                new MountSpec(place.path(), type, source, options, false),
                                plan,
                                (_, inodes, bytes, _) -> session.progress(inodes, bytes, 0));
        var held = String.format(Locale.ROOT, "%.1f", done.pause().toNanos() / 1e6);
        if (json) {
            var columns = List.of("INODES", "BYTES", "ROUNDS", "CHANGES", "TAIL", "HELD_MS");
            var row =
                    List.of(
                            "" + done.inodes(),
                            "" + done.bytes(),
                            "" + done.rounds(),
                            "" + done.changes(),
                            "" + done.tail(),
                            held);
            session.print(new Table(columns, List.of(row)), true);
            return;
        }
        session.message(
                "moved %s to %s: %s, %s; programs were held for %s ms"
                        .formatted(
                                place,
                                source.isEmpty() ? type : type + " " + source,
                                FsSubcommand.count(done.inodes(), "inode"),
                                FsSubcommand.size(done.bytes()),
                                held));
    }

    private static String why(Errno errno) {
        return switch (errno) {
            case EINVAL -> "nothing is mounted there, or it is the root";
            case EBUSY -> "it is in use (--detach unmounts it all the same)";
            default -> errno.text();
        };
    }
}
