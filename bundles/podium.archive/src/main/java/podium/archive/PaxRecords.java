package podium.archive;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarConstants;
import podium.syscall.LinuxString;
import podium.vfs.backend.ExtendedAttributes;
import podium.vfs.backend.pax.PaxAttribute;

/// Records of a pax header (pax(1), "pax Extended Header"): `LENGTH KEY=VALUE\n`, the length in
/// decimal and of all of it.
final class PaxRecords {

    private static final byte[] MODIFIED = {'m', 't', 'i', 'm', 'e'};

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(0);

    private PaxRecords() {}

    /// What an entry's own header has no room for.
    static byte[] of(Item item) {
        var records = new PaxRecords();
        if (item.modified() != null) records.modified(item.modified());
        var extended = item.extended();
        for (var name : extended.names()) {
            var value = extended.get(name);
            if (value != null) records.add(new PaxAttribute(name, value).key(), value);
        }
        return records.bytes.toByteArray();
    }

    private void modified(FileTime time) {
        var instant = time.toInstant();
        long seconds = instant.getEpochSecond();
        int nanos = instant.getNano();
        if (nanos == 0 && seconds >= 0 && seconds <= TarConstants.MAXSIZE) return;
        var exact = BigDecimal.valueOf(seconds).add(BigDecimal.valueOf(nanos, 9));
        var text = exact.stripTrailingZeros().toPlainString();
        add(MODIFIED, text.getBytes(StandardCharsets.US_ASCII));
    }

    private void add(byte[] key, byte[] value) {
        int rest = key.length + value.length + 3;
        int length = rest + 1;
        while (rest + digits(length) != length) length = rest + digits(length);
        bytes.writeBytes((length + " ").getBytes(StandardCharsets.US_ASCII));
        bytes.writeBytes(key);
        bytes.write('=');
        bytes.writeBytes(value);
        bytes.write('\n');
    }

    private static int digits(int number) {
        return Integer.toString(number).length();
    }

    /// Reads records up to what is none; of two of one key the later one counts.
    static void read(byte[] bytes, int from, int end, Map<String, byte[]> into) {
        for (int at = from; at < end; ) {
            int space = at;
            int length = 0;
            while (space < end && bytes[space] >= '0' && bytes[space] <= '9' && length < end)
                length = 10 * length + bytes[space++] - '0';
            if (space >= end || length <= space - at || length > end - at) return;
            int last = at + length - 1;
            int equals = space + 1;
            while (equals < last && bytes[equals] != '=') equals++;
            if (equals < last) {
                var key =
                        LinuxString.decode(java.util.Arrays.copyOfRange(bytes, space + 1, equals));
                into.put(key, java.util.Arrays.copyOfRange(bytes, equals + 1, last));
            }
            at += length;
        }
    }

    /// The extended attributes of users in records.
    ///
    /// @throws IOException they make no sense
    static ExtendedAttributes extended(Map<String, byte[]> records) throws IOException {
        var values = new HashMap<String, byte[]>();
        try {
            for (var record : records.entrySet()) {
                var attribute = PaxAttribute.of(record.getKey(), record.getValue());
                if (attribute != null && attribute.name().startsWith(UserAttributes.NAMESPACE))
                    values.put(attribute.name(), attribute.value());
            }
            return ExtendedAttributes.of(values);
        } catch (IllegalArgumentException e) {
            throw new IOException(
                    "the archive has extended attributes that make no sense: "
                            + Item.shown(String.valueOf(e.getMessage())),
                    e);
        }
    }
}
