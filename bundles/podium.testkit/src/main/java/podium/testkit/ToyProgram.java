package podium.testkit;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import podium.testkit.ToyInterpreter.Op;

/// A program of [ToyInterpreter].
///
/// @param entries numbers of the instructions that are a [Op#PROBE], where it may be entered
/// @param table what [Op#SWITCH] finds
record ToyProgram(int address, byte[] bytes, List<Integer> entries, int[] table) {

    /// Of an instruction.
    static final int SIZE = 8;

    /// Of what there may be in one.
    static final int MOST = 512;

    /// How many codes a program may have.
    static final int CODES = 4;

    private static final int REGISTERS = 8;

    private static final Op[] PLAIN = {
        Op.CONSTANT, Op.ADD, Op.SUBTRACT, Op.MULTIPLY, Op.DIVIDE, Op.HOST, Op.LOAD, Op.STORE,
        Op.ANYWHERE, Op.ROUNDS, Op.SKIP, Op.NOTHING, Op.AROUND, Op.LONG, Op.DOUBLE, Op.LOCAL
    };

    private static final Op[] JUMPS = {Op.JUMP, Op.IF_LESS, Op.IF_NOT, Op.DISPATCH};

    /// Writes a program for one of the places there are.
    static final class Writer {

        final int place;
        private final ByteBuffer bytes = ByteBuffer.allocate(MOST).order(ByteOrder.LITTLE_ENDIAN);
        private final List<Integer> entries = new ArrayList<>();
        private final int[] table = new int[8];

        Writer(int place) {
            this.place = place;
        }

        Writer op(Op op, int a, int b, int c, int number) {
            if (op == Op.PROBE) entries.add(bytes.position() / SIZE);
            bytes.put((byte) op.ordinal()).put((byte) a).put((byte) b).put((byte) c).putInt(number);
            return this;
        }

        Writer op(Op op, int a, int b, int c) {
            return op(op, a, b, c, 0);
        }

        Writer constant(int register, int value) {
            return op(Op.CONSTANT, register, 0, 0, value);
        }

        Writer probe() {
            return op(Op.PROBE, 0, 0, 0);
        }

        Writer halt(int register) {
            return op(Op.HALT, register, 0, 0);
        }

        /// A jump by a number of instructions.
        Writer jump(Op op, int a, int b, int distance) {
            return op(op, a, b, 0, distance * SIZE);
        }

        /// Goes to one of the program's entries: a call, a tail call, or [Op#ENTER].
        Writer to(Op op, int a, int entry, int instruction) {
            int code = place * CODES + entry;
            return op(op, a, code & 255, code >> 8, ToyProgram.address(place) + instruction * SIZE);
        }

        Writer toTable(int a) {
            return op(Op.SWITCH, a, 0, 0, ToyProgram.table(place));
        }

        Writer table(int... distances) {
            for (int i = 0; i < 8; i++) table[i] = distances[i % distances.length] * SIZE;
            return this;
        }

        ToyProgram done() {
            var content = java.util.Arrays.copyOf(bytes.array(), bytes.position());
            return new ToyProgram(ToyProgram.address(place), content, List.copyOf(entries), table);
        }
    }

    static Writer at(int place) {
        return new Writer(place);
    }

    static int address(int place) {
        return ToyInterpreter.PROGRAMS + place * MOST;
    }

    static int table(int place) {
        return ToyInterpreter.TABLES + place * 32;
    }

    int place() {
        return (address - ToyInterpreter.PROGRAMS) / MOST;
    }

    /// The address of an entry.
    int entry(int entry) {
        return address + entries.get(entry) * SIZE;
    }

    /// Its instructions, for messages.
    @Override
    public String toString() {
        var text = new StringBuilder();
        var instructions = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        while (instructions.hasRemaining())
            text.append(
                    "%s %d %d %d %d, "
                            .formatted(
                                    Op.values()[instructions.get()],
                                    instructions.get(),
                                    instructions.get(),
                                    instructions.get(),
                                    instructions.getInt()));
        return text.toString();
    }

    // ---- random ones

    /// A program that ends: what goes back is counted.
    ///
    /// @param special instructions that only some interpreters have
    static ToyProgram random(int place, RandomGenerator random, Op... special) {
        int count = 6 + random.nextInt(24);
        var middle = List.of(0, 1 + random.nextInt(count - 2), 1 + random.nextInt(count - 2));
        var entries = middle.stream().distinct().sorted().toList();
        var writer = at(place);
        for (int i = 0; i < count; i++)
            if (entries.contains(i)) writer.probe();
            else if (i == count - 1) writer.halt(random.nextInt(REGISTERS));
            else instruction(writer, i, count, entries, random, special);
        var distances = new int[8];
        for (int i = 0; i < 8; i++) distances[i] = random.nextInt(-3, 4);
        return writer.table(distances).done();
    }

    private static void instruction(
            Writer writer,
            int at,
            int count,
            List<Integer> entries,
            RandomGenerator random,
            Op[] special) {
        int a = random.nextInt(REGISTERS);
        int b = random.nextInt(REGISTERS);
        int c = random.nextInt(REGISTERS);
        int kind = random.nextInt(100);
        int entry = random.nextInt(entries.size());
        if (kind < 25) writer.jump(pick(JUMPS, random), a, b, random.nextInt(count) - at);
        else if (kind < 28) writer.toTable(a);
        else if (kind < 31) writer.to(Op.CALL, a, entry, entries.get(entry));
        else if (kind < 34) writer.to(Op.ENTER, a, entry, entries.get(entry));
        else if (kind < 42 && special.length > 0)
            special(writer, pick(special, random), a, b, entry, entries);
        else writer.op(plain(random), a, b, c, number(random));
    }

    private static void special(
            Writer writer, Op op, int a, int b, int entry, List<Integer> entries) {
        if (op == Op.TAIL) writer.to(op, a, entry, entries.get(entry));
        else writer.op(op, a, b, 0);
    }

    /// What mostly traps is rare.
    private static Op plain(RandomGenerator random) {
        var op = pick(PLAIN, random);
        boolean traps = op == Op.DIVIDE || op == Op.ANYWHERE;
        return traps && random.nextInt(4) > 0 ? Op.ADD : op;
    }

    private static int number(RandomGenerator random) {
        return random.nextBoolean() ? random.nextInt(-9, 10) : random.nextInt();
    }

    private static Op pick(Op[] ops, RandomGenerator random) {
        return ops[random.nextInt(ops.length)];
    }
}
