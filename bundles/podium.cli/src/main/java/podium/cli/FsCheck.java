package podium.cli;

import java.nio.file.Path;
import picocli.CommandLine.Command;

/// `podium fs check`.
@Command(
        name = "check",
        description = {
            "Looks whether a file system that is not mounted is what was written, every byte of it.",
            "Changes nothing. Exit codes: 0 no problem, 4 problems, 8 it cannot be checked."
        })
final class FsCheck extends FsOffline {

    FsCheck(Path home) {
        super(home, false);
    }
}
