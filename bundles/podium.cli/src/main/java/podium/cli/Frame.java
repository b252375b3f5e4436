package podium.cli;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import org.jspecify.annotations.Nullable;

/// A piece of a conversation with an attached program: a kind, a length, and so many bytes.
///
/// @param kind of [#INPUT], [#OUTPUT], [#ERROR], [#EXIT], [#SIGNAL], [#ASK],
///     [#PROGRESS], [#ABSENT]
record Frame(int kind, byte[] bytes) {

    /// To the program, when it asks; an empty one is the end of its input.
    static final int INPUT = 0;

    /// From the program.
    static final int OUTPUT = 1;

    static final int ERROR = 2;

    /// The last one from the program: its exit code, one byte.
    static final int EXIT = 3;

    /// To the program: a signal's number, one byte.
    static final int SIGNAL = 4;

    /// From the program: it wants input. Empty.
    static final int ASK = 5;

    /// From a subcommand of `podium fs`: how far it is, three numbers as text.
    static final int PROGRESS = 6;

    /// From the container: it has not the pod. Empty, and the only one.
    static final int ABSENT = 7;

    private static final int HEADER = 5;
    private static final int LONGEST = 1 << 16;

    /// The number it carries, of one byte.
    ///
    /// @throws IOException it carries none
    int number() throws IOException {
        if (bytes.length != 1) throw new IOException("no number in a frame of kind " + kind);
        return bytes[0] & 0xff;
    }

    /// @return null at the end
    static @Nullable Frame read(DataInputStream in) throws IOException {
        int kind = in.read();
        if (kind < 0) return null;
        int length = in.readInt();
        if (length < 0 || length > LONGEST) throw new IOException("no frame");
        var bytes = in.readNBytes(length);
        if (bytes.length < length) throw new EOFException("half a frame");
        return new Frame(kind, bytes);
    }

    /// Writes bytes as frames, at least one. Callers do not write at the same time.
    static void write(WritableByteChannel to, int kind, byte[] bytes, int from, int length)
            throws IOException {
        int at = from;
        do {
            int part = Math.min(LONGEST, from + length - at);
            var frame = ByteBuffer.allocate(HEADER + part);
            frame.put((byte) kind).putInt(part).put(bytes, at, part).flip();
            while (frame.hasRemaining()) to.write(frame);
            at += part;
        } while (at < from + length);
    }

    /// A stream that writes frames of one kind.
    ///
    /// @param lock held while a frame is written
    static OutputStream stream(WritableByteChannel to, int kind, Object lock) {
        return new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int from, int length) throws IOException {
                if (length == 0) return;
                synchronized (lock) {
                    Frame.write(to, kind, bytes, from, length);
                }
            }
        };
    }
}
