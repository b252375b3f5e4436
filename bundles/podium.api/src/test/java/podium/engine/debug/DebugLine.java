package podium.engine.debug;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/// Writes parts of a section `.debug_line`.
final class DebugLine {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    byte[] bytes() {
        return bytes.toByteArray();
    }

    DebugLine raw(int... values) {
        for (int value : values) bytes.write(value);
        return this;
    }

    DebugLine word(long value) {
        return raw((int) value, (int) value >> 8, (int) value >> 16, (int) value >> 24);
    }

    DebugLine text(String text) {
        bytes.writeBytes(text.getBytes(StandardCharsets.UTF_8));
        return raw(0);
    }

    DebugLine append(DebugLine other) {
        bytes.writeBytes(other.bytes());
        return this;
    }

    DebugLine sized(DebugLine other) {
        return word(other.bytes.size()).append(other);
    }

    /// LEB128 of either kind, for small numbers that are not negative.
    DebugLine number(int value) {
        return raw(value & 0x7f | 0x80, value >> 7 & 0x7f | 0x80, value >> 14 & 0x3f);
    }

    // ---- programs

    /// What all versions have: rows may go back 5 lines, special opcodes begin with 13.
    private static DebugLine common(boolean operations) {
        var common = new DebugLine().raw(1);
        if (operations) common.raw(1);
        return common.raw(1, -5, 14, 13).raw(0, 1, 1, 1, 1, 0, 0, 0, 1, 0, 0, 1);
    }

    /// A unit of version 2, 3 or 4 with the files 1 to 3: `a.c`, `inc/b.h` and `/abs/c.h`.
    static DebugLine unit(int version, DebugLine program) {
        var tables = common(version == 4).text("inc").raw(0);
        tables.text("a.c").raw(0, 0, 0).text("b.h").raw(1, 0, 0).text("/abs/c.h").raw(1, 0, 0);
        var unit = new DebugLine().raw(version, 0).sized(tables.raw(0)).append(program);
        return new DebugLine().sized(unit);
    }

    /// A unit of version 5 with the same files, and `a.c` as file 0, too.
    ///
    /// @param form in which names are given
    static DebugLine unit5(int form, DebugLine... names) {
        var tables = common(true).raw(1, 1, form).number(2).append(names[0]).append(names[1]);
        // a path, a directory and a checksum
        tables.raw(3, 1, form, 2, 0x0b, 5, 0x1e).number(4);
        for (int i : new int[] {2, 2, 3, 4})
            tables.append(names[i]).raw(i == 3 ? 1 : 0).append(new DebugLine().raw(new int[16]));
        return new DebugLine().raw(5, 0, 4, 0).sized(tables);
    }

    DebugLine address(long address) {
        return raw(0, 5, 2).word(address);
    }

    DebugLine copy() {
        return raw(1);
    }

    DebugLine advance(int by) {
        return raw(2).number(by);
    }

    DebugLine line(int by) {
        return raw(3).number(by);
    }

    DebugLine file(int number) {
        return raw(4).number(number);
    }

    /// A row that many bytes and lines behind the last one.
    DebugLine special(int bytes, int lines) {
        return raw(13 + 14 * bytes + lines + 5);
    }

    DebugLine end() {
        return raw(0, 1, 1);
    }
}
