package podium.vfs.object;

import java.io.IOException;
import java.nio.file.Path;

/// The server as a process: says its port, and serves until its input ends. For tests that have
/// another class path it makes a bucket, and writes credentials to a directory.
final class ServerProcess {

    private ServerProcess() {}

    public static void main(String[] arguments) throws IOException {
        var server = Server.here();
        if (arguments.length > 1) {
            server.bucket(arguments[0]);
            Server.credentials(Path.of(arguments[1]));
        }
        System.out.println("port " + server.port);
        while (System.in.read() >= 0) Thread.onSpinWait();
        System.exit(0);
    }
}
