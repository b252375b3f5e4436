package podium.syscall.net;

import java.io.ByteArrayOutputStream;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The little of DNS (RFC 1035) that a stub resolver talks: one question, address records as
/// answers.
final class DnsMessage {

    static final int SERVER_FAILURE = 2;
    static final int NO_SUCH_NAME = 3;
    static final int NOT_IMPLEMENTED = 4;

    private static final int A = 1;
    private static final int AAAA = 28;
    private static final int IN = 1;
    private static final int HEADER = 12;

    /// The most of an answer over plain UDP.
    private static final int MAX = 512;

    /// Seconds an answer may be kept.
    private static final int TTL = 30;

    private DnsMessage() {}

    /// A query's question.
    ///
    /// @param bytes the question section, as it is repeated in the answer
    record Question(int id, int flags, String name, int type, int kind, byte[] bytes) {

        boolean understood() {
            boolean query = (flags & 0x7800) == 0;
            return query && kind == IN;
        }

        byte[] failure(int code) {
            return message(code, 0).array();
        }

        /// An answer with the addresses that were asked for; none of them is an answer, too.
        byte[] answer(List<InetAddress> addresses) {
            var records = new ByteArrayOutputStream();
            int count = 0;
            for (var address : addresses) {
                if (type != (address instanceof Inet4Address ? A : AAAA)) continue;
                var raw = address.getAddress();
                if (HEADER + bytes.length + records.size() + 12 + raw.length > MAX) break;
                var record = ByteBuffer.allocate(12 + raw.length);
                record.putShort((short) (0xc000 | HEADER)).putShort((short) type);
                record.putShort((short) IN).putInt(TTL).putShort((short) raw.length).put(raw);
                records.writeBytes(record.array());
                count++;
            }
            var head = message(0, count).array();
            var whole = java.util.Arrays.copyOf(head, head.length + records.size());
            System.arraycopy(records.toByteArray(), 0, whole, head.length, records.size());
            return whole;
        }

        private ByteBuffer message(int code, int answers) {
            var out = ByteBuffer.allocate(HEADER + bytes.length);
            int recursion = flags & 0x0100;
            out.putShort((short) id).putShort((short) (0x8080 | recursion | code));
            out.putShort((short) 1).putShort((short) answers).putInt(0).put(bytes);
            return out;
        }
    }

    /// The question of a query, or null when it is none.
    static @Nullable Question question(byte[] query) {
        if (query.length > MAX) return null;
        var in = ByteBuffer.wrap(query);
        try {
            int id = in.getShort() & 0xffff;
            int flags = in.getShort() & 0xffff;
            int questions = in.getShort();
            in.position(HEADER);
            if ((flags & 0x8000) != 0 || questions != 1) return null;
            var name = new StringBuilder();
            for (int length; (length = in.get() & 0xff) != 0; ) {
                if (length > 63) return null; // compression has no place in a question
                var label = new byte[length];
                in.get(label);
                if (!name.isEmpty()) name.append('.');
                name.append(new String(label, StandardCharsets.ISO_8859_1));
            }
            int type = in.getShort() & 0xffff;
            int kind = in.getShort() & 0xffff;
            var bytes = java.util.Arrays.copyOfRange(query, HEADER, in.position());
            return new Question(id, flags, name.toString(), type, kind, bytes);
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            return null; // cut off
        }
    }
}
