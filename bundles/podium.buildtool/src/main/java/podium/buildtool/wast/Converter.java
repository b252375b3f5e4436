package podium.buildtool.wast;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Turns modules in the text format into binaries, with wabt in a process of its own. Not
/// thread-safe.
final class Converter implements AutoCloseable {

    private final Path wabt;
    private @Nullable Process process;

    /// @param wabt the folder of the npm package
    Converter(Path wabt) {
        this.wabt = wabt;
    }

    /// A module that wabt cannot read.
    static final class Unreadable extends Exception {
        private static final long serialVersionUID = 1;

        Unreadable(String message) {
            super(message, null, false, false);
        }
    }

    /// @throws Unreadable wabt refuses the text
    byte[] convert(byte[] text) throws Unreadable {
        try {
            var running = process != null && process.isAlive() ? process : start();
            var out = new DataOutputStream(new BufferedOutputStream(running.getOutputStream()));
            out.writeInt(text.length);
            out.write(text);
            out.flush();
            var in = new DataInputStream(running.getInputStream());
            boolean good = in.readByte() == 0;
            var answer = in.readNBytes(in.readInt());
            if (good) return answer;
            throw new Unreadable(new String(answer, StandardCharsets.UTF_8));
        } catch (IOException e) {
            close();
            throw new Unreadable("wabt ended: " + e.getMessage());
        }
    }

    private Process start() throws IOException {
        String script;
        try (var in = Converter.class.getResourceAsStream("convert.js")) {
            if (in == null) throw new IOException("convert.js is missing");
            script = new String(new BufferedInputStream(in).readAllBytes(), StandardCharsets.UTF_8);
        }
        try {
            process =
                    new ProcessBuilder("node", "-e", script, wabt.toAbsolutePath().toString())
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start();
            return process;
        } catch (IOException e) {
            throw new UncheckedIOException("node cannot be started: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        if (process != null) process.destroy();
        process = null;
    }
}
