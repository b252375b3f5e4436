package podium.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import podium.syscall.Errno;
import podium.syscall.ErrnoException;

/// `podium fs umount`.
@Command(name = "umount", description = "Unmounts a file system of a pod.")
final class FsUmount extends FsSubcommand {

    @Parameters(paramLabel = "POD:PATH", converter = PodPlace.Converter.class)
    PodPlace place;

    @Option(
            names = {"-d", "--detach"},
            description = "At once, even if it is in use; it is closed with its last use.")
    boolean detach;

    @Override
    String pod() {
        return place.pod();
    }

    @Override
    void run(FsSession session) throws Exception {
        var files = session.pod(place.pod()).files();
        try {
            files.namespace().unmount(files, place.path(), detach);
        } catch (ErrnoException e) {
            var why =
                    e.errno() == Errno.EINVAL
                            ? "nothing is mounted there, or it is the root"
                            : e.errno() == Errno.EBUSY
                                    ? "it is in use (--detach unmounts it all the same)"
                                    : e.errno().text();
            throw new CommandException("cannot unmount '" + place + "': " + why);
        }
    }
}
