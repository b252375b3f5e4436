package podium.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/// What a program reads and writes, and where the messages about it go.
record Streams(InputStream input, OutputStream output, OutputStream error, PrintStream messages) {

    /// This JVM's own. Not [System#out]: a print stream would buffer, and swallow errors.
    static Streams own() {
        return new Streams(
                System.in,
                new FileOutputStream(FileDescriptor.out),
                new FileOutputStream(FileDescriptor.err),
                System.err);
    }

    /// Messages go where the program's errors go.
    static Streams of(InputStream input, OutputStream output, OutputStream error) {
        return new Streams(
                input, output, error, new PrintStream(error, true, StandardCharsets.UTF_8));
    }
}
