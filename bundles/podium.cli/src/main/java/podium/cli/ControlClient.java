package podium.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import podium.json.Json;

/// Asks the containers of this user.
final class ControlClient {

    /// How the answer of a container starts that has not the pod.
    static final String NO_SUCH_POD = "no such pod";

    private ControlClient() {}

    /// Asks all of them and joins the rows.
    static List<List<String>> all(String... words) throws IOException, CommandException {
        var rows = new ArrayList<List<String>>();
        for (var socket : ControlFolder.open().sockets()) {
            var reply = ask(socket, words);
            if (reply == null) continue;
            if (reply.error() != null) throw new CommandException(reply.error());
            rows.addAll(reply.rows());
        }
        return rows;
    }

    /// Asks the one that has the pod.
    ///
    /// @param pod named in the error when none has
    static List<List<String>> owner(String pod, String... words)
            throws IOException, CommandException {
        for (var socket : ControlFolder.open().sockets()) {
            var reply = ask(socket, words);
            if (reply == null) continue;
            var error = reply.error();
            if (error == null) return reply.rows();
            if (!error.startsWith(NO_SUCH_POD)) throw new CommandException(error);
        }
        throw new CommandException(NO_SUCH_POD + " '" + pod + "'");
    }

    /// @return null when nobody is behind the socket
    private static @Nullable ControlReply ask(Path socket, String... words) throws IOException {
        try (var channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
                var reader =
                        new BufferedReader(Channels.newReader(channel, StandardCharsets.UTF_8))) {
            var request = (Json.write(List.of(words)) + "\n").getBytes(StandardCharsets.UTF_8);
            for (var buffer = ByteBuffer.wrap(request); buffer.hasRemaining(); )
                channel.write(buffer);
            var line = reader.readLine();
            return line == null ? null : ControlReply.read(line);
        } catch (ConnectException _) {
            // Its process was killed and could not clear up.
            Files.deleteIfExists(socket);
            return null;
        }
    }
}
