package podium.engine.jvm.wasm;

import java.io.ByteArrayOutputStream;
import java.util.Set;

/// A module without its code: the same sections, with bodies that do nothing, but for interpreters,
/// which may be compiled again. It says all that an instance needs whose code was compiled ahead,
/// and is soon read. The content of its code section begins where the module's does.
public final class Skeleton {

    private static final int HEADER = 8;
    private static final int CODE = 10;

    /// A body of two bytes: no locals, and the end.
    private static final byte[] BODY = {2, 0, 0x0b};

    private Skeleton() {}

    /// @param module as it was parsed from its binary
    /// @param kept functions whose bodies stay
    /// @return a binary that [ModuleParser] reads; it is not valid, as its functions return nothing
    public static byte[] of(WasmModule module, Set<Integer> kept) {
        var out = new ByteArrayOutputStream();
        out.write(module.bytes, 0, HEADER);
        var in = new Cursor(module.bytes, HEADER, module.bytes.length);
        while (!in.atEnd()) {
            int start = in.position();
            int id = in.u8();
            int size = in.u32();
            int content = in.position();
            in.skip(size);
            if (id == CODE) code(out, module, kept, content - start - 1);
            else out.write(module.bytes, start, in.position() - start);
        }
        return out.toByteArray();
    }

    /// @param width of the section's size in bytes: what is left of the section is no larger
    private static void code(
            ByteArrayOutputStream out, WasmModule module, Set<Integer> kept, int width) {
        int count = module.bodies.size();
        var section = new ByteArrayOutputStream();
        u32(section, count, 1);
        for (int i = 0; i < count; i++) {
            if (!kept.contains(module.importedFunctions + i)) {
                section.writeBytes(BODY);
                continue;
            }
            var body = module.bodies.get(i);
            u32(section, body.end() - body.start(), 1);
            section.write(module.bytes, body.start(), body.end() - body.start());
        }
        out.write(CODE);
        u32(out, section.size(), width);
        out.writeBytes(section.toByteArray());
    }

    /// LEB128 (core specification, section 5.2.2).
    ///
    /// @param width at least so many bytes
    private static void u32(ByteArrayOutputStream out, int value, int width) {
        for (int i = 1; (value & ~0x7f) != 0 || i < width; i++, value >>>= 7)
            out.write(value & 0x7f | 0x80);
        out.write(value);
    }
}
