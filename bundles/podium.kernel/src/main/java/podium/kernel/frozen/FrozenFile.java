package podium.kernel.frozen;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// An open file description, without the file.
public sealed interface FrozenFile {

    /// One of the streams that the host gave: 0 for its input, 1 for its output, 2 for its errors.
    record Stream(int number) implements FrozenFile {

        public Stream {
            if (number < 0 || number > 2)
                throw new IllegalArgumentException("no standard descriptor is " + number);
        }
    }

    /// A file in the pod.
    ///
    /// @param path absolute
    /// @param flags of open(2)
    /// @param offset the next byte's, or where a directory is read on
    record Named(String path, int flags, long offset) implements FrozenFile {}

    /// What had another end, which did not come along.
    ///
    /// @param flags of open(2)
    /// @param socket what there is of a socket by itself, or null
    record Severed(int flags, byte @Nullable [] socket) implements FrozenFile {

        /// Bytes that there may be of a socket.
        private static final int MOST = 4096;
    }

    static void put(DataOutputStream out, FrozenFile file) throws IOException {
        switch (file) {
            case Stream stream -> out.writeByte(stream.number());
            case Named named -> {
                out.writeByte(3);
                Fields.putText(out, named.path());
                out.writeInt(named.flags());
                out.writeLong(named.offset());
            }
            case Severed severed -> {
                var socket = severed.socket();
                out.writeByte(socket == null ? 4 : 5);
                out.writeInt(severed.flags());
                if (socket != null) Fields.putBytes(out, socket);
            }
        }
    }

    static FrozenFile read(DataInputStream in) throws IOException {
        int kind = in.readUnsignedByte();
        if (kind < 3) return new Stream(kind);
        if (kind == 3) return new Named(Fields.text(in), in.readInt(), in.readLong());
        if (kind == 4) return new Severed(in.readInt(), null);
        if (kind == 5) return new Severed(in.readInt(), Fields.bytes(in, Severed.MOST));
        throw new IOException("a frozen process with an open file of unknown kind " + kind);
    }
}
