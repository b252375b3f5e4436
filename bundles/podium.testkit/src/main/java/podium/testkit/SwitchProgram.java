package podium.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import podium.engine.MemoryType;
import podium.testkit.WasmAssembler.Code;

/// A random function that goes round a loop around a switch, whose arms read and write memory by
/// way of the same variables: as an interpreter does. It can be assembled, and be run as it is
/// written here.
final class SwitchProgram {

    /// Locals 0 and 1 are addresses, always within what there is; 2 and 3 are any numbers; 4 is the
    /// number of rounds still to go.
    private static final int ADDRESSES = 2;

    private static final int NUMBERS = 2;
    private static final int ROUNDS = 4;

    /// Addresses have no other bits.
    private static final int MASK = 0xffc;

    private static final int ARMS = 7;

    /// A step of an arm.
    private interface Step {
        void emit(Code code);

        void run(int[] locals, byte[] memory);
    }

    private record Load(int to, int address, int offset) implements Step {
        @Override
        public void emit(Code code) {
            code.get(address).op(0x28, 0, offset).set(to);
        }

        @Override
        public void run(int[] locals, byte[] memory) {
            locals[to] = load(memory, locals[address] + offset);
        }
    }

    private record Store(int address, int offset, int number) implements Step {
        @Override
        public void emit(Code code) {
            code.get(address).get(number).op(0x36, 0, offset);
        }

        @Override
        public void run(int[] locals, byte[] memory) {
            store(memory, locals[address] + offset, locals[number]);
        }
    }

    /// Moves an address within the tree that stores there what is at the other one.
    private record Push(int address, int by, int other) implements Step {
        @Override
        public void emit(Code code) {
            code.get(address).i32(by).add().i32(MASK).raw(0x71).tee(address);
            code.get(other).op(0x28, 0, 4).op(0x36, 0, 8);
        }

        @Override
        public void run(int[] locals, byte[] memory) {
            locals[address] = locals[address] + by & MASK;
            store(memory, locals[address] + 8, load(memory, locals[other] + 4));
        }
    }

    private record Move(int address, int from, int by) implements Step {
        @Override
        public void emit(Code code) {
            code.get(from).i32(by).add().i32(MASK).raw(0x71).set(address);
        }

        @Override
        public void run(int[] locals, byte[] memory) {
            locals[address] = locals[from] + by & MASK;
        }
    }

    private record Mix(int number, int other) implements Step {
        @Override
        public void emit(Code code) {
            code.get(number).i32(31).raw(0x6c).get(other).add().set(number);
        }

        @Override
        public void run(int[] locals, byte[] memory) {
            locals[number] = locals[number] * 31 + locals[other];
        }
    }

    private record If(int number, List<Step> steps) implements Step {
        @Override
        public void emit(Code code) {
            code.get(number).i32(1).raw(0x71).begin(4);
            for (var step : steps) step.emit(code);
            code.end();
        }

        @Override
        public void run(int[] locals, byte[] memory) {
            if ((locals[number] & 1) != 0) for (var step : steps) step.run(locals, memory);
        }
    }

    private static int load(byte[] memory, int at) {
        int value = 0;
        for (int i = 3; i >= 0; i--) value = value << 8 | memory[at + i] & 0xff;
        return value;
    }

    private static void store(byte[] memory, int at, int value) {
        for (int i = 0; i < 4; i++) memory[at + i] = (byte) (value >>> 8 * i);
    }

    private final Random random;
    private final List<List<Step>> arms = new ArrayList<>();

    /// Which arms go on into the next one.
    private final boolean[] falls = new boolean[ARMS];

    private final List<Step> tail;

    SwitchProgram(long seed) {
        random = new Random(seed);
        for (int i = 0; i < ARMS; i++) {
            arms.add(steps(1 + random.nextInt(5), 2));
            falls[i] = random.nextInt(6) == 0;
        }
        tail = steps(random.nextInt(3), 1);
    }

    private List<Step> steps(int count, int depth) {
        var steps = new ArrayList<Step>();
        for (int i = 0; i < count; i++) steps.add(step(depth));
        return steps;
    }

    private Step step(int depth) {
        return switch (random.nextInt(depth > 0 ? 10 : 8)) {
            case 0, 1 -> new Load(number(), address(), 4 * random.nextInt(4));
            case 2, 3 -> new Store(address(), 4 * random.nextInt(4), number());
            case 4 -> new Push(address(), distance(), address());
            case 5 -> new Move(address(), address(), distance());
            case 6, 7 -> new Mix(number(), random.nextInt(ADDRESSES + NUMBERS));
            default -> new If(number(), steps(1 + random.nextInt(3), depth - 1));
        };
    }

    private int address() {
        return random.nextInt(ADDRESSES);
    }

    private int number() {
        return ADDRESSES + random.nextInt(NUMBERS);
    }

    private int distance() {
        return 4 * (random.nextInt(5) - 2);
    }

    /// A function `run(address, address, number, number, rounds)`, whose result is what is in the
    /// first number, and a memory of its own.
    WasmAssembler assemble() {
        var wasm = new WasmAssembler();
        wasm.memory(1, 1);
        wasm.function("run", wasm.type("iiiii", "i"), "", body());
        return wasm;
    }

    private Code body() {
        var code = new Code().begin(3);
        for (int i = 0; i <= ARMS; i++) code.begin(2);
        code.get(0).op(0x2d, 0, 0).i32(ARMS + 1).raw(0x70).raw(0x0e).u(ARMS);
        for (int i = 0; i <= ARMS; i++) code.u(i);
        for (int i = 0; i < ARMS; i++) {
            code.end();
            for (var step : arms.get(i)) step.emit(code);
            if (!falls[i]) code.op(0x0c, ARMS - 1 - i);
        }
        code.end();
        for (var step : tail) step.emit(code);
        code.get(ROUNDS).i32(1).sub().tee(ROUNDS).op(0x0d, 0).end();
        return code.get(ADDRESSES);
    }

    /// Does what the function does.
    ///
    /// @param locals the arguments
    int run(int[] locals, byte[] memory) {
        do {
            int chosen = (memory[locals[0]] & 0xff) % (ARMS + 1);
            for (int arm = chosen; arm < ARMS; arm++) {
                for (var step : arms.get(arm)) step.run(locals, memory);
                if (!falls[arm]) break;
            }
            for (var step : tail) step.run(locals, memory);
        } while (--locals[ROUNDS] != 0);
        return locals[ADDRESSES];
    }

    /// What a memory begins with.
    static byte[] memory(long seed) {
        var memory = new byte[MemoryType.PAGE];
        new Random(seed).nextBytes(memory);
        return memory;
    }
}
