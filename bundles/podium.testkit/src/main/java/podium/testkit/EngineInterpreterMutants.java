package podium.testkit;

import static java.util.Collections.nCopies;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import podium.engine.Engine.Feature;
import podium.engine.GuestFunction;
import podium.engine.Instance;
import podium.engine.LinkException;
import podium.engine.Module;
import podium.engine.ModuleException;
import podium.engine.ModuleSource;
import podium.engine.OutOfMemoryException;
import podium.engine.Trap;
import podium.engine.Trap.Kind;
import podium.engine.ValueType;
import podium.testkit.ToyInterpreter.Op;
import podium.testkit.ToyInterpreter.Shape;
import podium.testkit.fuzz.Mutation;

/// Interpreters that were broken at random: an engine refuses them, or does with specialised code
/// what it does without, whatever that is. More of them by `-Dpodium.mutants=N`.
abstract class EngineInterpreterMutants extends InterpreterFixture {

    private static final int MUTANTS = Integer.getInteger("podium.mutants", 50);

    /// What a mutant is given.
    private static final int PROGRAMS = 12;

    private static final byte CALL = 0x10;

    /// The function's index where there is no probe.
    private static final byte SPECIALISE = 3;

    private static final int LONGEST_MS = 200;

    /// For code that nobody has promised.
    private static final int PATIENCE_MS = 15;

    /// After these two runs may differ: they depend on time, or on how much stack code takes.
    private static final Set<Kind> OPEN =
            EnumSet.of(Kind.INTERRUPTED, Kind.STACK_OVERFLOW, Kind.OUT_OF_MEMORY);

    private static final List<Shape> SHAPES =
            List.of(
                    Shape.TWO_DISPATCHES,
                    Shape.NO_ENTER,
                    Shape.ENTERS_OUTSIDE,
                    Shape.NO_DISPATCH,
                    Shape.KEEPS_PLACE,
                    Shape.SEVERAL_RESULTS);

    /// Interrupts a machine, if it takes long.
    private final ScheduledExecutorService clock =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("interrupts").factory());

    @Test
    @Timeout(600)
    void doTheSameOrAreRefused() {
        try (var machine = machine()) {
            assumeTrue(prepare(machine, sum(0, 1)), "nothing is specialised");
        }
        var before = System.err;
        var log = new ByteArrayOutputStream();
        int compared = 0;
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
        try {
            for (int i = 0; i < MUTANTS; i++) {
                compared += compare(SEED + i);
                int number = i;
                // code that could not be made is missed by nobody: only the log tells
                var said = log.toString(StandardCharsets.UTF_8);
                assertFalse(said.contains("internal error"), () -> at(SEED + number) + said);
            }
        } finally {
            System.setErr(before);
            clock.shutdownNow();
        }
        assertTrue(compared > MUTANTS, compared + " runs compared, podium.seed=" + SEED);
    }

    private static String at(long seed) {
        return "podium.mutants=1, podium.seed=" + seed + ": ";
    }

    // ---- mutants

    private Set<Shape> shapes(Random random) {
        var shapes = EnumSet.of(Shape.NO_PROBE);
        if (random.nextBoolean()) shapes.add(SHAPES.get(random.nextInt(SHAPES.size())));
        if (random.nextInt(4) == 0 && engine().features().contains(Feature.LEGACY_EXCEPTIONS))
            shapes.add(Shape.CATCHES);
        return shapes;
    }

    /// One of some shape that the engine does not refuse, if that is soon found.
    private @Nullable Module mutant(Set<Shape> shapes, Random random) {
        var whole = ToyInterpreter.module(shapes.toArray(Shape[]::new)).assemble();
        for (int i = 0; i < 20; i++)
            try {
                var mutant = Mutation.of(whole, random);
                var module = engine().load(ModuleSource.of("mutant", mutant));
                if (asks(mutant) <= asks(whole)) return module;
            } catch (ModuleException _) {
                // as it should be
            }
        return null;
    }

    /// What may be calls of `specialise`, whose result tells an interpreter what the engine has.
    private static int asks(byte[] module) {
        int calls = 0;
        for (int i = 1; i < module.length; i++)
            if (module[i - 1] == CALL && module[i] == SPECIALISE) calls++;
        return calls;
    }

    /// @return null where it cannot be made, asked and started
    private static @Nullable ToyMachine machineOf(Module module) {
        try {
            var instance = module.instantiate(imports(hosts()), null);
            if (isWhole(instance)) return new ToyMachine(instance);
            instance.close();
        } catch (LinkException | Trap | OutOfMemoryException _) {
            // so be it
        }
        return null;
    }

    private static boolean isWhole(Instance instance) {
        var memory = instance.memory();
        return memory != null
                && memory.pages() >= ToyInterpreter.PAGES
                && takes(instance.function("start"), 2)
                && takes(instance.function("specialise"), 3);
    }

    private static boolean takes(@Nullable GuestFunction function, int parameters) {
        var i32 = ValueType.I32;
        return function != null
                && function.type().equals(type(nCopies(parameters, i32), List.of(i32)));
    }

    // ---- what they do

    /// @return the number of runs that were compared
    private int compare(long seed) {
        var random = new Random(seed);
        var shapes = shapes(random);
        var module = mutant(shapes, random);
        if (module == null) return 0;
        var ops = shapes.contains(Shape.CATCHES) ? new Op[] {Op.THROW} : new Op[0];
        var programs = new ArrayList<ToyProgram>();
        for (int i = 0; i < PROGRAMS; i++) programs.add(ToyProgram.random(i, random, ops));
        try (var plain = machineOf(module);
                var special = machineOf(module)) {
            if (plain == null || special == null) return 0;
            for (var program : programs) plain.write(program);
            for (var program : programs) special.write(program);
            try {
                programs.forEach(special::ask);
            } catch (Trap _) {
                return 0;
            }
            // what one machine has code for is none of the other's, but both see the same numbers
            for (var program : programs)
                for (int i = 0; i < program.entries().size(); i++)
                    plain.setCode(program, i, special.code(program, i));
            return new Comparison(plain, special, programs, seed).runs();
        }
    }

    private final class Comparison {

        private final ToyMachine plain;
        private final ToyMachine special;
        private final List<ToyProgram> programs;
        private final byte[] written;
        private final long seed;
        private int runs;

        Comparison(ToyMachine plain, ToyMachine special, List<ToyProgram> programs, long seed) {
            this.plain = plain;
            this.special = special;
            this.programs = programs;
            this.seed = seed;
            written = written(plain);
        }

        /// Once before there is code, for what is entered is wanted from then on; and once after.
        int runs() {
            if (!round()) return runs;
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(PATIENCE_MS));
            round();
            return runs;
        }

        private boolean round() {
            for (var program : programs)
                for (int entry = 0; entry < program.entries().size(); entry++)
                    if (!alike(program, entry)) return false;
            return true;
        }

        /// @return whether there is anything more to compare
        private boolean alike(ToyProgram program, int entry) {
            var one = run(plain, program, entry);
            var other = run(special, program, entry);
            // what was not forgotten may go on as it was
            if (!Arrays.equals(written, written(plain))) return false;
            if (!Arrays.equals(written, written(special))) return false;
            if (isOpen(one) || isOpen(other)) return false;
            assertNotEquals(Kind.INTERNAL, other.trap(), () -> at(seed));
            assertEquals(one, other, () -> at(seed) + "entry " + entry + " of " + program);
            runs++;
            return true;
        }

        private static boolean isOpen(ToyMachine.Outcome outcome) {
            return outcome.trap() != null && OPEN.contains(outcome.trap());
        }

        private ToyMachine.Outcome run(ToyMachine machine, ToyProgram program, int entry) {
            var interrupt =
                    clock.schedule(machine.instance::interrupt, LONGEST_MS, TimeUnit.MILLISECONDS);
            try {
                return machine.run(program, entry, (int) seed);
            } finally {
                interrupt.cancel(false);
            }
        }

        /// The programs and their tables.
        private static byte[] written(ToyMachine machine) {
            long end = ToyInterpreter.PROGRAMS + (long) ToyProgram.MOST * PROGRAMS;
            return machine.memory()
                    .asSlice(ToyInterpreter.TABLES, end - ToyInterpreter.TABLES)
                    .toArray(ValueLayout.JAVA_BYTE);
        }
    }
}
