package podium.cli;

import java.nio.file.Path;
import picocli.CommandLine.Command;

/// `podium fs repair`.
@Command(
        name = "repair",
        description = {
            "Brings a file system that is not mounted to its last consistent state.",
            "What it cuts is kept beside it.",
            "Exit codes: 0 no problem, 1 repaired, 4 problems are left, 8 it cannot be repaired."
        })
final class FsRepair extends FsOffline {

    FsRepair(Path home) {
        super(home, true);
    }
}
