package podium.vfs.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.function.Executable;
import podium.syscall.Errno;
import podium.syscall.ErrnoException;
import podium.vfs.FileSystem;
import podium.vfs.MountException;
import podium.vfs.MountSpec;
import podium.vfs.Node;
import podium.vfs.backend.DurableOptions;

/// What tests of stores have in common.
final class Stores {

    /// Nothing happens unasked, and segments are small.
    static final Limits SMALL = new Limits(64 << 10, 16, 64 << 10, 8 << 10, 4 << 10, 0);

    static final DurableOptions OPTIONS =
            new DurableOptions(Path.of("/"), 1L << 40, 1 << 20, 0755, 0, 0);

    private Stores() {}

    static StoreFileSystem open(Disk disk) throws IOException {
        return StoreFileSystem.open(disk, SMALL, OPTIONS, false);
    }

    static FileSystem mount(Path directory, String... options) throws MountException {
        return new StoreFileSystemType().create(spec(directory, options));
    }

    static MountSpec spec(Path directory, String... options) {
        var spec = MountSpec.of("/", "store", directory.toString());
        for (int i = 0; i < options.length; i += 2)
            spec = spec.withOption(options[i], options[i + 1]);
        return spec;
    }

    static byte[] random(int count, long seed) {
        var bytes = new byte[count];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    static Node.Regular file(FileSystem fs, String name, byte[] content) {
        var file = fs.root().create(name, 0644, 0, 0);
        var from = ByteBuffer.wrap(content);
        while (from.hasRemaining()) file.write(from, from.position());
        return file;
    }

    static Node.Regular file(FileSystem fs, String name) {
        if (fs.root().lookup(name) instanceof Node.Regular file) return file;
        throw new AssertionError("no file " + name);
    }

    static byte[] content(Node.Regular file) {
        var buffer = ByteBuffer.allocate((int) file.attributes().size());
        file.read(buffer, 0);
        assertEquals(buffer.capacity(), buffer.position());
        return buffer.array();
    }

    static void fails(Errno errno, Executable call) {
        assertEquals(errno, assertThrows(ErrnoException.class, call).errno());
    }

    /// @return the message, which is one line
    static String refused(Executable open) {
        var e = assertThrows(Exception.class, open);
        var message = String.valueOf(e.getMessage());
        assertFalse(message.contains("\n"), message);
        return message;
    }

    interface Action {
        void run() throws Exception;
    }

    /// What is logged meanwhile.
    static String logged(Action action) throws Exception {
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
