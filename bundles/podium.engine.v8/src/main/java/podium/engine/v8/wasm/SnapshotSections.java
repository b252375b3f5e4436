package podium.engine.v8.wasm;

import java.util.ArrayList;
import org.jspecify.annotations.Nullable;
import podium.engine.Snapshot;
import podium.engine.ValueType;

/// The sections of a module that begins as a snapshot.
final class SnapshotSections {

    private static final int END = 0x0b;
    private static final int I32_CONST = 0x41;
    private static final int REF_FUNC = 0xd2;
    private static final int REF_NULL = 0xd0;
    private static final int FUNCREF = 0x70;
    private static final int EXTERNREF = 0x6f;

    private final WasmModule module;
    private final Snapshot snapshot;

    SnapshotSections(WasmModule module, Snapshot snapshot) {
        this.module = module;
        this.snapshot = snapshot;
    }

    /// The types with the snapshot's values; null without globals.
    byte @Nullable [] globals() {
        var entries = new ArrayList<byte[]>();
        var values = snapshot.globals();
        int next = 0;
        for (int i = module.importedGlobals(); i < module.globals.size(); i++) {
            var type = module.globals.get(i);
            var out = new Output().raw(code(type.value()), type.mutable() ? 1 : 0);
            if (type.value() == ValueType.V128) {
                out.raw(0xfd, 0x0c).fixed(values[next], 8).fixed(values[next + 1], 8);
                next += 2;
            } else constant(out, type.value(), values[next++]);
            entries.add(out.raw(END).bytes());
        }
        return entries.isEmpty() ? null : Rewriter.vector(entries).bytes();
    }

    private static int code(ValueType type) {
        return switch (type) {
            case I32 -> 0x7f;
            case I64 -> 0x7e;
            case F32 -> 0x7d;
            case F64 -> 0x7c;
            case V128 -> 0x7b;
            case FUNCREF -> FUNCREF;
            case EXTERNREF -> EXTERNREF;
            case EXNREF -> 0x69;
        };
    }

    private static Output constant(Output out, ValueType type, long bits) {
        return switch (type) {
            case I32 -> out.raw(I32_CONST).signed((int) bits);
            case I64 -> out.raw(0x42).signed(bits);
            case F32 -> out.raw(0x43).fixed(bits, 4);
            case F64 -> out.raw(0x44).fixed(bits, 8);
            case FUNCREF ->
                    bits < 0
                            ? out.raw(REF_NULL, FUNCREF)
                            : out.raw(REF_FUNC).u32(Math.toIntExact(bits));
            case EXTERNREF, EXNREF -> out.raw(REF_NULL, code(type));
            case V128 -> throw new IllegalArgumentException("a vector is two numbers");
        };
    }

    /// The module's own segments keep their indices: a dropped one becomes declarative, which is
    /// dropped from the start and still declares what `ref.func` may name. Behind them come
    /// segments that fill the tables.
    Output elements() {
        var entries = new ArrayList<byte[]>();
        for (int i = 0; i < module.elements.size(); i++) {
            var segment = module.elements.get(i);
            boolean kept = segment.passive() && !snapshot.droppedElements()[i];
            entries.add(kept ? segment.whole() : declarative(segment));
        }
        for (int i = 0; i < snapshot.tables().size(); i++)
            fill(entries, module.importedTables() + i, snapshot.tables().get(i));
        return Rewriter.vector(entries);
    }

    private static byte[] declarative(WasmModule.Elements segment) {
        var out = new Output();
        if (segment.expressions()) out.raw(7, segment.type());
        else out.raw(3, 0);
        return out.raw(segment.list()).bytes();
    }

    /// An active segment for each stretch of functions.
    private void fill(ArrayList<byte[]> entries, int table, int[] functions) {
        for (int i = 0; i < functions.length; ) {
            int start = i;
            while (i < functions.length && functions[i] >= 0) i++;
            if (i == start) {
                i++;
                continue;
            }
            var out = new Output().raw(2).u32(table).raw(I32_CONST).signed(start).raw(END, 0);
            out.u32(i - start);
            for (int k = start; k < i; k++) out.u32(functions[k]);
            entries.add(out.bytes());
        }
    }

    /// Dropped segments are empty, which is the same; what was active is in the memory's image.
    Output data() {
        var entries = new ArrayList<byte[]>();
        for (int i = 0; i < module.data.size(); i++) {
            var segment = module.data.get(i);
            boolean kept = segment.passive() && !snapshot.droppedData()[i];
            entries.add(kept ? segment.whole() : new byte[] {1, 0});
        }
        return Rewriter.vector(entries);
    }
}
