package podium.vfs.object;

import java.io.IOException;
import java.nio.file.Path;

/// The server as a process, for tests that have other class paths: makes a bucket, writes
/// credentials to a directory, says its port, and serves until its input ends.
final class ServerProcess {

    private ServerProcess() {}

    public static void main(String[] arguments) throws IOException {
        Server.get().bucket(arguments[0]);
        Server.credentials(Path.of(arguments[1]));
        System.out.println("port " + Server.get().port);
        while (System.in.read() >= 0) Thread.onSpinWait();
        System.exit(0);
    }
}
