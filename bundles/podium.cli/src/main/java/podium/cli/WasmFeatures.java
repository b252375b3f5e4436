package podium.cli;

import java.util.Set;
import java.util.TreeSet;
import podium.cli.WasmReader.Malformed;

/// Finds out which proposals beyond WebAssembly 1.0 a module makes use of, by its sections and
/// instructions. Instructions behind one that is not known are not looked at.
final class WasmFeatures {

    private static final int TYPE = 1;
    private static final int IMPORT = 2;
    private static final int TABLE = 4;
    private static final int MEMORY = 5;
    private static final int CODE = 10;
    private static final int TAG = 13;

    private static final String EXCEPTIONS = "exceptions";
    private static final String LEGACY = "exceptions of old";
    private static final String TAIL_CALLS = "tail calls";
    private static final String SIMD = "vectors";
    private static final String RELAXED = "relaxed vectors";
    private static final String THREADS = "threads";
    private static final String BULK = "bulk memory";
    private static final String REFERENCES = "reference types";
    private static final String FUNCTION_REFERENCES = "function references";
    private static final String GC = "garbage collection";
    private static final String SIGN = "sign extension";
    private static final String SATURATING = "saturating conversions";
    private static final String MEMORIES = "several memories";
    private static final String MEMORY64 = "64-bit memory";
    private static final String WIDE = "wide arithmetic";

    private final byte[] module;
    private final Set<String> found = new TreeSet<>();
    private int memories;

    private WasmFeatures(byte[] module) {
        this.module = module;
    }

    static Set<String> of(byte[] module, WasmSections sections) {
        var features = new WasmFeatures(module);
        for (var section : sections.sections()) {
            try {
                features.section(section);
            } catch (Malformed e) {
                continue; // the engines say what is wrong
            }
        }
        if (features.memories > 1) features.found.add(MEMORIES);
        return features.found;
    }

    private void section(WasmSections.Section section) throws Malformed {
        var in = new WasmReader(module, section.start(), section.start() + section.size());
        switch (section.id()) {
            case TYPE -> types(in);
            case IMPORT -> imports(in);
            case TABLE -> {
                int count = in.count();
                if (count > 1) found.add(REFERENCES);
            }
            case MEMORY -> {
                for (int i = in.count(); i > 0; i--) memory(in);
            }
            case CODE -> {
                for (int i = in.count(); i > 0; i--) body(in.part(in.count()));
            }
            case TAG -> found.add(EXCEPTIONS);
            default -> {}
        }
    }

    private void types(WasmReader in) throws Malformed {
        for (int i = in.count(); i > 0; i--) {
            if (in.u8() != 0x60) {
                found.add(GC);
                return;
            }
            for (int side = 0; side < 2; side++)
                for (int j = in.count(); j > 0; j--) if (!type(in.u8())) return;
        }
    }

    /// @return whether what follows can be read
    private boolean type(int type) {
        switch (type) {
            case 0x7f, 0x7e, 0x7d, 0x7c -> {}
            case 0x7b -> found.add(SIMD);
            case 0x70, 0x6f -> found.add(REFERENCES);
            case 0x69, 0x74 -> found.add(EXCEPTIONS);
            case 0x63, 0x64 -> {
                found.add(FUNCTION_REFERENCES);
                return false;
            }
            default -> {
                found.add(GC);
                return false;
            }
        }
        return true;
    }

    private void imports(WasmReader in) throws Malformed {
        for (int i = in.count(); i > 0; i--) {
            in.name();
            in.name();
            switch (in.u8()) {
                case 0 -> in.leb();
                case 1 -> {
                    if (!type(in.u8())) return;
                    limits(in, in.u8());
                }
                case 2 -> memory(in);
                case 3 -> {
                    if (!type(in.u8())) return;
                    in.u8();
                }
                default -> {
                    found.add(EXCEPTIONS);
                    in.u8();
                    in.leb();
                }
            }
        }
    }

    private void memory(WasmReader in) throws Malformed {
        memories++;
        int flags = in.u8();
        if ((flags & 2) != 0) found.add(THREADS);
        if ((flags & 4) != 0) found.add(MEMORY64);
        limits(in, flags);
        if ((flags & 8) != 0) in.leb();
    }

    private static void limits(WasmReader in, int flags) throws Malformed {
        in.leb();
        if ((flags & 1) != 0) in.leb();
    }

    // ---- instructions

    private void body(WasmReader in) throws Malformed {
        for (int i = in.count(); i > 0; i--) {
            in.leb();
            if (!type(in.u8())) return;
        }
        while (!in.atEnd()) if (!instruction(in, in.u8())) return;
    }

    /// Skips the immediates.
    ///
    /// @return whether they are known
    private boolean instruction(WasmReader in, int op) throws Malformed {
        if (op >= 0x28 && op <= 0x3e) {
            access(in);
            return true;
        }
        if (op >= 0x45 && op <= 0xc4) {
            if (op >= 0xc0) found.add(SIGN);
            return true;
        }
        switch (op) {
            case 0x00, 0x01, 0x05, 0x0b, 0x0f, 0x1a, 0x1b -> {}
            case 0x02, 0x03, 0x04, 0x0c, 0x0d, 0x10, 0x3f, 0x40, 0x41, 0x42 -> in.leb();
            case 0x20, 0x21, 0x22, 0x23, 0x24 -> in.leb();
            case 0x0e -> {
                for (int i = in.count(); i >= 0; i--) in.leb();
            }
            case 0x11 -> {
                in.leb();
                if (in.leb() != 0) found.add(REFERENCES);
            }
            case 0x43 -> in.skip(4);
            case 0x44 -> in.skip(8);
            case 0xfc -> misc(in, (int) in.leb());
            case 0xfd -> vector(in, (int) in.leb());
            case 0xfe -> atomic(in, (int) in.leb());
            default -> {
                return later(in, op);
            }
        }
        return true;
    }

    /// What came after WebAssembly 1.0 with an opcode of one byte.
    private boolean later(WasmReader in, int op) throws Malformed {
        switch (op) {
            case 0x06, 0x07, 0x09, 0x18 -> legacy(in);
            case 0x19 -> found.add(LEGACY);
            case 0x08 -> uses(EXCEPTIONS, in);
            case 0x0a -> found.add(EXCEPTIONS);
            case 0x1f -> {
                uses(EXCEPTIONS, in);
                for (int i = in.count(); i > 0; i--) {
                    if (in.u8() < 2) in.leb();
                    in.leb();
                }
            }
            case 0x12 -> uses(TAIL_CALLS, in);
            case 0x13 -> {
                uses(TAIL_CALLS, in);
                in.leb();
            }
            case 0x1c -> {
                found.add(REFERENCES);
                for (int i = in.count(); i > 0; i--) if (!type(in.u8())) return false;
            }
            case 0x25, 0x26, 0xd0, 0xd2 -> uses(REFERENCES, in);
            case 0xd1 -> found.add(REFERENCES);
            case 0x14, 0x15, 0xd5, 0xd6 -> uses(FUNCTION_REFERENCES, in);
            case 0xd4 -> found.add(FUNCTION_REFERENCES);
            case 0xfb -> {
                found.add(GC);
                return false;
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private void uses(String feature, WasmReader in) throws Malformed {
        found.add(feature);
        in.leb();
    }

    private void legacy(WasmReader in) throws Malformed {
        uses(LEGACY, in);
    }

    private static void access(WasmReader in) throws Malformed {
        if ((in.leb() & 64) != 0) in.leb();
        in.leb();
    }

    private void misc(WasmReader in, int code) throws Malformed {
        if (code <= 7) {
            found.add(SATURATING);
        } else if (code <= 11) {
            found.add(BULK);
            in.leb();
            if (code == 8 || code == 10) in.leb();
        } else if (code <= 17) {
            found.add(code <= 14 ? BULK : REFERENCES);
            in.leb();
            if (code == 12 || code == 14) in.leb();
        } else {
            found.add(WIDE);
        }
    }

    private void vector(WasmReader in, int code) throws Malformed {
        found.add(code >= 0x100 ? RELAXED : SIMD);
        if (code <= 11 || code == 0x5c || code == 0x5d) {
            access(in);
        } else if (code == 12 || code == 13) {
            in.skip(16);
        } else if (code >= 0x54 && code <= 0x5b) {
            access(in);
            in.u8();
        } else if (code >= 0x15 && code <= 0x22) {
            in.u8();
        }
    }

    private void atomic(WasmReader in, int code) throws Malformed {
        found.add(THREADS);
        if (code == 3) in.u8();
        else access(in);
    }
}
