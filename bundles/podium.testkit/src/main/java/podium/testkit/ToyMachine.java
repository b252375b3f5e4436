package podium.testkit;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assertions;
import podium.engine.Instance;
import podium.engine.Trap;

/// An instance of [ToyInterpreter], and what it has been asked for.
final class ToyMachine implements AutoCloseable {

    /// How long an engine may take for code that it has promised.
    private static final long PATIENCE_MS = 20_000;

    private static final ValueLayout.OfInt I32 = ValueLayout.JAVA_INT_UNALIGNED;

    /// How a program ended, and what it left behind.
    ///
    /// @param memory without what tells whether code was specialised
    record Outcome(@Nullable Object result, Trap.@Nullable Kind trap, List<Integer> memory) {}

    final Instance instance;

    ToyMachine(Instance instance) {
        this.instance = instance;
    }

    MemorySegment memory() {
        return Objects.requireNonNull(instance.memory()).segment();
    }

    int get(int address) {
        return memory().get(I32, address);
    }

    void set(int address, int value) {
        memory().set(I32, address, value);
    }

    // ---- programs

    void write(ToyProgram program) {
        var bytes = Arrays.copyOf(program.bytes(), ToyProgram.MOST);
        MemorySegment.copy(
                bytes, 0, memory(), ValueLayout.JAVA_BYTE, program.address(), bytes.length);
        for (int i = 0; i < program.table().length; i++)
            set(ToyProgram.table(program.place()) + 4 * i, program.table()[i]);
    }

    /// Writes a program anew.
    void change(ToyProgram program) {
        forget(program.address(), ToyProgram.MOST);
        write(program);
    }

    int specialise(int start, int length, int pc) {
        return (Integer)
                Objects.requireNonNull(
                        EngineFixture.call(instance, "specialise", start, length, pc));
    }

    void forget(int start, int length) {
        EngineFixture.call(instance, "forget", start, length);
    }

    /// Asks for all entries of a program, for itself to use.
    void ask(ToyProgram program) {
        for (int i = 0; i < program.entries().size(); i++)
            setCode(
                    program,
                    i,
                    specialise(program.address(), program.bytes().length, program.entry(i)));
    }

    /// The number by which a program is entered, 0 if there is none.
    int code(ToyProgram program, int entry) {
        return get(codeAddress(program, entry));
    }

    void setCode(ToyProgram program, int entry, int code) {
        set(codeAddress(program, entry), code);
    }

    private static int codeAddress(ToyProgram program, int entry) {
        return ToyInterpreter.CODES + 4 * (program.place() * ToyProgram.CODES + entry);
    }

    /// Whether code is in use at an entry.
    boolean isSpecialised(ToyProgram program, int entry) {
        return isSpecialised(program.entry(entry), code(program, entry));
    }

    boolean isSpecialised(int pc, int code) {
        set(ToyInterpreter.HALTS_AT_PROBE, 1);
        var answer = start(pc, code);
        set(ToyInterpreter.HALTS_AT_PROBE, 0);
        return Objects.equals(answer, 1);
    }

    /// Waits for all code that the engine has promised for a program.
    ///
    /// @return whether it promised any
    boolean await(ToyProgram program) {
        boolean any = false;
        for (int i = 0; i < program.entries().size(); i++)
            if (code(program, i) != 0) {
                any = true;
                await(program, i);
            }
        return any;
    }

    private void await(ToyProgram program, int entry) {
        long end = System.nanoTime() + PATIENCE_MS * 1_000_000;
        while (!isSpecialised(program, entry)) {
            if (System.nanoTime() > end)
                Assertions.fail(
                        "code %d of entry %d is not there: %s"
                                .formatted(code(program, entry), entry, program));
            Thread.onSpinWait();
        }
    }

    /// Waits for a while for code of some programs.
    void await(List<ToyProgram> programs, long milliseconds) {
        long end = System.nanoTime() + milliseconds * 1_000_000;
        for (var program : programs)
            for (int i = 0; i < program.entries().size(); i++)
                if (code(program, i) != 0)
                    while (!isSpecialised(program, i) && System.nanoTime() < end)
                        Thread.onSpinWait();
    }

    // ---- running

    @Nullable Object start(int pc, int code) {
        return EngineFixture.call(instance, "start", pc, code);
    }

    /// Starts a program with code as it was asked for.
    @Nullable Object start(ToyProgram program) {
        return start(program.entry(0), code(program, 0));
    }

    /// Runs a program from one of its entries in a memory that depends on the seed alone.
    Outcome run(ToyProgram program, int entry, int seed) {
        reset(seed);
        Object result = null;
        Trap.Kind trap = null;
        try {
            result = start(program.entry(entry), code(program, entry));
        } catch (Trap e) {
            trap = e.kind();
        }
        var scratch =
                memory().asSlice(ToyInterpreter.SCRATCH, ToyInterpreter.SCRATCH_SIZE).toArray(I32);
        var memory = new ArrayList<Integer>();
        memory.add(get(ToyInterpreter.LEFT));
        for (int word : scratch) memory.add(word);
        var frames = memory().asSlice(ToyInterpreter.FRAMES, 0x10000).toArray(I32);
        for (int i = 0; i < 32; i++) memory.add(frames[i]);
        memory.add(Arrays.hashCode(frames));
        return new Outcome(result, trap, memory);
    }

    void reset(int seed) {
        memory().asSlice(ToyInterpreter.SCRATCH, ToyInterpreter.SCRATCH_SIZE).fill((byte) seed);
        memory().asSlice(ToyInterpreter.FRAMES, 0x10000).fill((byte) 0);
        for (int i = 0; i < 16; i++)
            set(ToyInterpreter.FRAMES + 8 * i, i < 4 ? i - 1 : (i * seed) >> i);
        set(ToyInterpreter.LEFT, 300);
    }

    @Override
    public void close() {
        instance.close();
    }
}
