package podium.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.function.Executable;
import podium.syscall.Errno;
import podium.syscall.ErrnoException;
import podium.vfs.FileSystem;
import podium.vfs.Node;

/// What tests of backends have in common.
public final class Backends {

    private Backends() {}

    /// The same seed gives the same bytes.
    public static byte[] random(int count, long seed) {
        var bytes = new byte[count];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    /// Makes a file in the root.
    public static Node.Regular file(FileSystem fs, String name, byte[] content) {
        var file = fs.root().create(name, 0644, 0, 0);
        var from = ByteBuffer.wrap(content);
        while (from.hasRemaining()) file.write(from, from.position());
        return file;
    }

    /// A file that is in the root.
    public static Node.Regular file(FileSystem fs, String name) {
        if (fs.root().lookup(name) instanceof Node.Regular file) return file;
        throw new AssertionError("no file " + name);
    }

    /// All of a file.
    public static byte[] content(Node.Regular file) {
        var buffer = ByteBuffer.allocate((int) file.attributes().size());
        file.read(buffer, 0);
        assertEquals(buffer.capacity(), buffer.position());
        return buffer.array();
    }

    /// A call fails with an error.
    public static void fails(Errno errno, Executable call) {
        assertEquals(errno, assertThrows(ErrnoException.class, call).errno());
    }

    /// Something is refused.
    ///
    /// @return the message, which is one line
    public static String refused(Executable open) {
        var e = assertThrows(Exception.class, open);
        var message = String.valueOf(e.getMessage());
        assertFalse(message.contains("\n"), message);
        return message;
    }

    /// What is done while something is looked at.
    public interface Action {
        void run() throws Exception;
    }

    /// What is logged meanwhile.
    public static String logged(Action action) throws Exception {
        var before = System.err;
        var bytes = new ByteArrayOutputStream();
        System.setErr(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        try {
            action.run();
        } finally {
            System.setErr(before);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
