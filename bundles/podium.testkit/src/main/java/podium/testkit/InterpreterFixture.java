package podium.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.invoke.MethodHandles;
import java.util.ArrayList;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import podium.engine.Extern;
import podium.testkit.ToyInterpreter.Op;
import podium.testkit.ToyInterpreter.Shape;

/// What the suites of interpreters share.
abstract class InterpreterFixture extends EngineFixture {

    static final long SEED = Long.getLong("podium.seed", System.nanoTime());

    /// Programs that fit in a memory.
    private static final int BATCH = 200;

    /// How long to wait for code that may never come.
    static final long TRIAL_MS = 300;

    static int mix(@Nullable Object context, int a, int b) {
        return a * 31 + b;
    }

    static Map<String, Extern> hosts() {
        return Map.of(
                "host.mix", host(MethodHandles.lookup(), InterpreterFixture.class, "mix", 2, 1));
    }

    ToyMachine machine(Shape... shapes) {
        return machine(load(ToyInterpreter.module(shapes)));
    }

    ToyMachine machine(podium.engine.Module module) {
        return new ToyMachine(instantiate(module, hosts(), null));
    }

    /// Adds up r0 numbers; enters at 0 and, in the middle of the loop, 3.
    static ToyProgram sum(int place, int step) {
        var writer = ToyProgram.at(place).probe().constant(1, step).constant(2, 0);
        writer.probe().op(Op.ADD, 2, 2, 0).op(Op.SUBTRACT, 0, 0, 1);
        return writer.constant(3, 0).jump(Op.IF_LESS, 3, 0, -4).halt(2).done();
    }

    static Object sum(ToyMachine machine, ToyProgram program, int count) {
        machine.reset(0);
        machine.set(ToyInterpreter.LEFT, Integer.MAX_VALUE);
        machine.set(ToyInterpreter.FRAMES, count);
        var sum = machine.start(program);
        return sum == null ? "nothing" : sum;
    }

    /// Has a program specialised, if the engine does that.
    ///
    /// @return whether it is
    static boolean prepare(ToyMachine machine, ToyProgram program) {
        machine.write(program);
        machine.ask(program);
        return machine.await(program);
    }

    /// Has random programs do what they do without being specialised: before there is code, and
    /// when there is.
    ///
    /// @param promised whether code has to come where the engine says so
    /// @param ops instructions that only this interpreter has
    void compare(podium.engine.Module module, int rounds, boolean promised, Op... ops) {
        var random = new Random(SEED);
        try (var plain = machine(module);
                var special = machine(module)) {
            for (int round = 0; round < rounds; round++) {
                var programs = new ArrayList<ToyProgram>();
                for (int i = 0; i < BATCH; i++) programs.add(ToyProgram.random(i, random, ops));
                special.forget(0, -1);
                for (var program : programs) {
                    plain.write(program);
                    special.write(program);
                    special.ask(program);
                }
                for (var program : programs) compare(plain, special, program, random.nextInt());
                if (promised) programs.forEach(special::await);
                else special.await(programs, TRIAL_MS);
                for (var program : programs) compare(plain, special, program, random.nextInt());
            }
        }
    }

    private static void compare(
            ToyMachine plain, ToyMachine special, ToyProgram program, int seed) {
        for (int entry = 0; entry < program.entries().size(); entry++) {
            int from = program.entries().get(entry);
            assertEquals(
                    plain.run(program, entry, seed),
                    special.run(program, entry, seed),
                    () -> "podium.seed=%d: from %d in %s".formatted(SEED, from, program));
        }
    }
}
