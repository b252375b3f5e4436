package podium.testkit.fuzz;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The sections of a module, as far as they are whole.
///
/// @param id 0 for a custom one
record Section(int id, byte[] content) {

    static final int HEADER = 8;

    /// Those up to the first that is not whole.
    static List<Section> of(byte[] module) {
        var sections = new ArrayList<Section>();
        int at = HEADER;
        while (at < module.length) {
            int id = module[at++] & 0xff;
            int[] size = number(module, at);
            if (size == null || size[0] < 0 || size[0] > module.length - size[1]) break;
            at = size[1] + size[0];
            sections.add(new Section(id, Arrays.copyOfRange(module, size[1], at)));
        }
        return sections;
    }

    /// A module of the same header.
    static byte[] write(byte[] module, List<Section> sections) {
        var out = new ByteArrayOutputStream();
        out.write(module, 0, Math.min(HEADER, module.length));
        for (var section : sections) {
            out.write(section.id);
            number(out, section.content.length);
            out.writeBytes(section.content);
        }
        return out.toByteArray();
    }

    /// An unsigned LEB128 number and the position behind it; null if there is none.
    static int @Nullable [] number(byte[] bytes, int at) {
        int value = 0;
        for (int i = 0; i < 5 && at + i < bytes.length; i++) {
            value |= (bytes[at + i] & 0x7f) << 7 * i;
            if (bytes[at + i] >= 0) return new int[] {value, at + i + 1};
        }
        return null;
    }

    static void number(ByteArrayOutputStream out, long value) {
        long rest = value;
        for (; rest > 0x7f; rest >>>= 7) out.write((int) (rest & 0x7f | 0x80));
        out.write((int) rest);
    }
}
