package podium.cli;

import java.nio.file.Path;

/// The program `podium`: reads the command line, then boots a container in this JVM or asks one
/// that runs.
public final class Main {

    private Main() {}

    public static void main(String[] arguments) {
        var home = Path.of(System.getProperty("podium.home", ".")).toAbsolutePath().normalize();
        System.exit(execute(home, arguments));
    }

    static int execute(Path home, String... arguments) {
        var line = CommandLines.of(new PodiumCommand(), home, arguments);
        return line.execute(NodeCommand.separate(line, arguments));
    }
}
