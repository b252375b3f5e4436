package podium.testkit.fuzz;

import podium.testkit.WasmAssembler.Code;

/// Random accesses to memory.
final class RandomMemory {

    /// Opcode, then the binary logarithm of the width, by type.
    private static final int[][] INTEGER_LOADS = {
        {0x28, 2}, {0x2c, 0}, {0x2d, 0}, {0x2e, 1}, {0x2f, 1}
    };

    private static final int[][] LONG_LOADS = {
        {0x29, 3}, {0x30, 0}, {0x31, 0}, {0x32, 1}, {0x33, 1}, {0x34, 2}, {0x35, 2}
    };

    private static final int[][] INTEGER_STORES = {{0x36, 2}, {0x3a, 0}, {0x3b, 1}};
    private static final int[][] LONG_STORES = {{0x37, 3}, {0x3c, 0}, {0x3d, 1}, {0x3e, 2}};
    private static final int[][] VECTOR_LOADS = {
        {0, 4}, {1, 3}, {2, 3}, {3, 3}, {4, 3}, {5, 3}, {6, 3}, {7, 0}, {8, 1}, {9, 2}, {10, 3},
        {0x5c, 2}, {0x5d, 3}
    };

    /// Atomic operators without their loads and stores: the first of each seven is of i32, then
    /// i64, i32 of 8 and 16 bits, i64 of 8, 16 and 32.
    private static final int FIRST_ATOMIC = 0x1e;

    private static final int ATOMIC_EXCHANGE_IF = 0x48;
    private static final int[] ATOMIC_WIDTHS = {2, 3, 0, 1, 0, 1, 2};
    private static final String ATOMIC_TYPES = "iliilll";

    private final RandomBody body;
    private final Code code;

    RandomMemory(RandomBody body) {
        this.body = body;
        code = body.code;
    }

    /// An address, seldom beyond the first page.
    private void address(int mask) {
        if (body.module.chance(40)) {
            code.i32(body.random(0xffff) & mask);
            return;
        }
        body.expression('i');
        if (body.module.chance(95)) code.i32(0xffff & mask).raw(0x71);
    }

    private void argument(int width) {
        code.u(body.random(width + 1)).u(offset());
    }

    private int offset() {
        return body.module.chance(3) ? body.module.random.nextInt() : body.random(64);
    }

    private int[] one(int[][] all) {
        return all[body.random(all.length)];
    }

    void load(char wanted) {
        if (wanted == 'r' || wanted == 'x' || wanted == 'e') {
            body.expression(wanted);
            return;
        }
        boolean atomic = body.module.shared && (wanted == 'i' || wanted == 'l');
        if (atomic && body.module.chance(50)) {
            atomic(wanted);
            return;
        }
        address(-1);
        switch (wanted) {
            case 'i' -> access(one(INTEGER_LOADS));
            case 'l' -> access(one(LONG_LOADS));
            case 'f' -> access(new int[] {0x2a, 2});
            case 'd' -> access(new int[] {0x2b, 3});
            default -> {
                var load = one(VECTOR_LOADS);
                code.vector(load[0]);
                argument(load[1]);
            }
        }
    }

    private void access(int[] instruction) {
        code.raw(instruction[0]);
        argument(instruction[1]);
    }

    /// Loads from memory are atomic operators, too.
    private void atomic(char wanted) {
        int kind = body.random(ATOMIC_TYPES.length());
        if (ATOMIC_TYPES.charAt(kind) != wanted) kind = wanted == 'i' ? 0 : 1;
        int width = ATOMIC_WIDTHS[kind];
        address(-8);
        int family = body.random(8);
        if (family == 7) {
            code.atomic(0x10 + kind, width, 8 * body.random(4)); // the load
            return;
        }
        body.expression(wanted);
        if (family == 6) {
            // engines differ in what they make of more bits than the width has
            if (kind > 1) code.append(mask(wanted, width));
            body.expression(wanted);
        }
        int first = family == 6 ? ATOMIC_EXCHANGE_IF : FIRST_ATOMIC + 7 * family;
        code.atomic(first + kind, width, 8 * body.random(4));
    }

    private static Code mask(char type, int width) {
        long mask = (1L << (8 << width)) - 1;
        return type == 'i' ? new Code().i32((int) mask).raw(0x71) : new Code().i64(mask).raw(0x83);
    }

    // ---- statements

    void statement() {
        switch (body.random(8)) {
            case 0 -> {
                address(-1);
                body.expression('i');
                code.i32(body.random(200)).raw(0xfc, 11, 0); // memory.fill
            }
            case 1 -> {
                address(-1);
                address(-1);
                code.i32(body.random(200)).raw(0xfc, 10, 0, 0); // memory.copy
            }
            case 2 -> {
                address(-1);
                code.i32(body.random(6)).i32(body.random(10)); // memory.init
                code.raw(0xfc, 8).u(body.random(body.module.dataSegments)).u(0);
            }
            case 3 -> {
                if (body.module.chance(20))
                    code.raw(0xfc, 9).u(body.random(body.module.dataSegments));
            }
            default -> store();
        }
    }

    private void store() {
        char type = body.module.letter();
        if (type == 'r' || type == 'x') type = 'i';
        address(-1);
        body.expression(type);
        switch (type) {
            case 'i' -> access(one(INTEGER_STORES));
            case 'l' -> access(one(LONG_STORES));
            case 'f' -> access(new int[] {0x38, 2});
            case 'd' -> access(new int[] {0x39, 3});
            default -> {
                code.vector(0x0b);
                argument(4);
            }
        }
    }
}
