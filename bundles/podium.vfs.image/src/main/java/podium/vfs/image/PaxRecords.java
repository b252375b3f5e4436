package podium.vfs.image;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import podium.syscall.LinuxString;
import podium.vfs.backend.ExtendedAttributes;
import podium.vfs.backend.pax.PaxAttribute;
import podium.vfs.image.SparseMap.Run;

/// The records of extended headers (pax(1), "pax Extended Header"): `LENGTH KEY=VALUE\n`, the
/// length in decimal and of all of it. Of two of one key the later one counts; an empty value takes
/// an earlier one back, unless it is an extended attribute's.
final class PaxRecords {

    private final Map<String, byte[]> values;

    /// GNU's first form of a sparse file's map: two keys again and again.
    private final List<Run> runs = new ArrayList<>();

    private long offset = -1;

    /// Extended attributes, by name.
    private final Map<String, byte[]> extended;

    private PaxRecords(Map<String, byte[]> values, Map<String, byte[]> extended) {
        this.values = values;
        this.extended = extended;
    }

    static PaxRecords none() {
        return new PaxRecords(new HashMap<>(), new HashMap<>(0));
    }

    PaxRecords copy() {
        return new PaxRecords(new HashMap<>(values), new HashMap<>(extended));
    }

    /// @throws Refusal they are damaged
    void add(byte[] records) throws Refusal {
        for (int at = 0; at < records.length; ) {
            int space = at;
            int length = 0;
            while (space < records.length && space - at < 9 && isDigit(records[space]))
                length = 10 * length + records[space++] - '0';
            boolean sound =
                    space > at
                            && space < records.length
                            && records[space] == ' '
                            && length > space - at + 2
                            && length <= records.length - at
                            && records[at + length - 1] == '\n';
            int equals = space + 1;
            while (sound && equals < at + length - 1 && records[equals] != '=') equals++;
            if (!sound || equals == at + length - 1)
                throw new Refusal("an extended header in it is damaged");
            var key = LinuxString.decode(Arrays.copyOfRange(records, space + 1, equals));
            put(key, Arrays.copyOfRange(records, equals + 1, at + length - 1));
            at += length;
        }
    }

    private static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }

    private void put(String key, byte[] value) throws Refusal {
        if (key.equals("GNU.sparse.offset")) offset = number(key, value);
        else if (key.equals("GNU.sparse.numbytes")) {
            if (offset < 0) throw new Refusal("a sparse file's map in it is damaged");
            runs.add(new Run(offset, number(key, value)));
            offset = -1;
        } else if (isKnown(key)) {
            if (value.length == 0) values.remove(key);
            else values.put(key, value);
        } else putAttribute(key, value);
    }

    /// One may well be empty.
    private void putAttribute(String key, byte[] value) throws Refusal {
        try {
            var attribute = PaxAttribute.of(key, value);
            if (attribute != null && ExtendedAttributes.isKept(attribute.name()))
                extended.put(attribute.name(), attribute.value());
        } catch (IllegalArgumentException _) {
            throw wrong(key, new String(value, StandardCharsets.ISO_8859_1));
        }
    }

    /// Those whose values are kept as they are.
    private static boolean isKnown(String key) {
        return switch (key) {
            case "path", "linkpath", "size", "uid", "gid", "mtime", "atime", "ctime" -> true;
            case "GNU.sparse.major",
                    "GNU.sparse.name",
                    "GNU.sparse.realsize",
                    "GNU.sparse.size",
                    "GNU.sparse.map" ->
                    true;
            default -> false;
        };
    }

    boolean has(String key) {
        return values.containsKey(key);
    }

    /// Whether they tell where the data of a sparse file belongs.
    boolean isSparse() {
        return has("GNU.sparse.major")
                || has("GNU.sparse.size")
                || has("GNU.sparse.map")
                || !runs.isEmpty();
    }

    byte @Nullable [] bytes(String key) {
        return values.get(key);
    }

    List<Run> runs() {
        return runs;
    }

    /// A whole number, or another one when there is none of that key.
    long number(String key, long otherwise) throws Refusal {
        var value = values.get(key);
        return value == null ? otherwise : number(key, value);
    }

    private static long number(String key, byte[] value) throws Refusal {
        var text = new String(value, StandardCharsets.ISO_8859_1);
        try {
            if (text.matches("[0-9]{1,19}")) return Long.parseLong(text);
        } catch (NumberFormatException _) {
            // More than 63 bits.
        }
        throw wrong(key, text);
    }

    private static Refusal wrong(String key, String text) {
        return new Refusal("an extended header in it says " + Refusal.shown(key + "=" + text));
    }

    /// @throws IllegalArgumentException they make no sense
    ExtendedAttributes extended() {
        return ExtendedAttributes.of(extended);
    }

    /// A time in seconds with any number of decimals, or null.
    ///
    /// @return nanoseconds, or as many as there can be
    @Nullable Long time(String key) throws Refusal {
        var value = values.get(key);
        if (value == null) return null;
        var text = new String(value, StandardCharsets.ISO_8859_1);
        if (!text.matches("-?[0-9]{1,30}(\\.[0-9]{0,30})?")) throw wrong(key, text);
        boolean negative = text.startsWith("-");
        int dot = text.indexOf('.');
        var whole = text.substring(negative ? 1 : 0, dot < 0 ? text.length() : dot);
        var digits = dot < 0 ? "" : text.substring(dot + 1);
        long nano = Long.parseLong((digits + "000000000").substring(0, 9));
        boolean cut = digits.length() > 9 && !digits.substring(9).matches("0*");
        long seconds = whole.length() > 18 ? Long.MAX_VALUE : Long.parseLong(whole);
        long all = TimeUnit.SECONDS.toNanos(seconds);
        all = all > Long.MAX_VALUE - nano ? Long.MAX_VALUE : all + nano;
        // Rounded down, as all times are.
        return negative ? -all - (cut ? 1 : 0) : all;
    }
}
