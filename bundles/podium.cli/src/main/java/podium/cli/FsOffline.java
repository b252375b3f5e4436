package podium.cli;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import podium.vfs.MountSpec;

/// What `podium fs check` and `podium fs repair` have in common: any container carries them out,
/// one that is started for it if none runs.
abstract class FsOffline extends FsSubcommand {

    /// As fsck(8) ends when it could not do its work.
    static final int FAILED = 8;

    @Parameters(index = "0", paramLabel = "TYPE", description = "Such as store or sqlite.")
    String type;

    @Parameters(
            index = "1",
            paramLabel = "SOURCE",
            description = "What is mounted, such as a directory or file of the host.")
    String source;

    @Option(
            names = {"-o", "--option"},
            paramLabel = "NAME=VALUE",
            description = "The type's own.")
    Map<String, String> options = new LinkedHashMap<>();

    @Option(names = "--json", description = "A line of JSON for each problem, and a last one.")
    boolean json;

    private final Path home;
    private final boolean repairs;

    FsOffline(Path home, boolean repairs) {
        this.home = home;
        this.repairs = repairs;
    }

    @Override
    final String pod() {
        return "";
    }

    @Override
    public final Integer call() throws Exception {
        var status = FsClient.run(words());
        if (status != null) return status;
        var container = Container.boot(home, Map.of(), Container.SHELL);
        var shutdown = new Shutdown(container);
        int end = FAILED;
        try {
            end = inOwn();
        } finally {
            if (shutdown.end(end)) container.stop();
        }
        return end;
    }

    /// Asks the container that was just started, as soon as it listens.
    private int inOwn() throws Exception {
        for (int i = 0; i < 100; i++) {
            var status = FsClient.run(words());
            if (status != null) return status;
            Thread.sleep(100);
        }
        throw new CommandException("the container does not listen", FAILED);
    }

    @Override
    final void run(FsSession session) throws Exception {
        var from = hostSource(session, type, source);
        new SourceCheck(session, json).run(new MountSpec("/", type, from, options, false), repairs);
    }
}
