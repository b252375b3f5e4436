package podium.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `podium fs umount`.
@Command(name = "umount", description = "Unmounts a file system of a pod.")
final class FsUmount extends FsMountSubcommand {

    @Option(
            names = {"-d", "--detach"},
            description = "At once, even if it is in use; it is closed with its last use.")
    boolean detach;

    @Override
    void run(FsSession session) throws Exception {
        PodMounts.of(place.pod(), session).unmount(place, detach);
    }
}
