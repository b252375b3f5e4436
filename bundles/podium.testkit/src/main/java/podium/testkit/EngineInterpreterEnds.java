package podium.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import podium.engine.Trap;
import podium.engine.Trap.Kind;
import podium.testkit.ToyInterpreter.Op;

/// How code that is specialised to an interpreter's program goes on elsewhere, and how it ends: as
/// the interpreter would.
@Timeout(120)
abstract class EngineInterpreterEnds extends InterpreterFixture {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    // ---- leaving

    /// The range that was asked for ends in the loop.
    @Test
    void leaveTheProgram() {
        try (var machine = machine()) {
            var program = sum(0, 1);
            machine.write(program);
            for (int length = 1; length < program.bytes().length; length++) {
                machine.setCode(
                        program,
                        0,
                        machine.specialise(program.address(), length, program.entry(0)));
                for (int i = 0; i < 20; i++) assertEquals(5050, sum(machine, program, 100));
                if (length % ToyProgram.SIZE == 0) machine.await(program);
                assertEquals(5050, sum(machine, program, 100));
                machine.forget(program.address(), length);
            }
        }
    }

    /// A table that is no part of the program says where to go, outside it too.
    @Test
    void goWhereTheySay() {
        try (var machine = machine()) {
            var outside = ToyProgram.at(1).constant(0, 99).halt(0).done();
            machine.write(outside);
            int away = (outside.address() - ToyProgram.address(0)) / ToyProgram.SIZE - 1;
            var writer = ToyProgram.at(0).probe().toTable(0).halt(0).constant(0, 7).halt(0);
            var program = writer.table(1, 2, away).done();
            prepare(machine, program);
            machine.reset(0);
            int[] results = {0, 7, 99};
            for (int i = 0; i < 3; i++) {
                machine.set(ToyInterpreter.FRAMES, i);
                assertEquals(results[i], machine.start(program));
            }
            machine.set(ToyProgram.table(0), 2 << 16);
            machine.set(ToyInterpreter.FRAMES, 0);
            assertEquals(0, machine.start(program));
            machine.set(ToyProgram.table(0), 1 << 20);
            assertTraps(Kind.MEMORY_OUT_OF_BOUNDS, machine, program);
        }
    }

    @Test
    void growMemory() {
        try (var machine = machine()) {
            int beyond = (ToyInterpreter.PAGES << 16) + ToyInterpreter.TABLES;
            var writer = ToyProgram.at(0).probe().op(Op.GROW, 0, 0, 0).constant(1, beyond);
            var program = writer.op(Op.ANYWHERE, 2, 1, 0, 8).op(Op.ADD, 0, 0, 2).halt(0).done();
            prepare(machine, program);
            assertEquals(ToyInterpreter.PAGES, machine.start(program));
            machine.set(beyond + 8, 10);
            assertEquals(ToyInterpreter.PAGES + 11, machine.start(program));
            assertEquals(9, machine.start(program));
            var other = sum(1, 1);
            prepare(machine, other);
            assertEquals(5050, sum(machine, other, 100));
        }
    }

    /// Calls of itself, each in code of its own.
    @Test
    void recur() {
        try (var machine = machine()) {
            var fibonacci = ToyProgram.at(0).probe().constant(1, 2).jump(Op.IF_LESS, 0, 1, 9);
            // the callee's r0 is 16 registers further
            fibonacci.constant(2, 1).op(Op.SUBTRACT, 16, 0, 2).to(Op.CALL, 3, 0, 0);
            fibonacci.op(Op.SUBTRACT, 16, 16, 2).to(Op.CALL, 4, 0, 0).op(Op.ADD, 3, 3, 4);
            var program = fibonacci.halt(3).op(Op.NOTHING, 0, 0, 0).halt(0).done();
            prepare(machine, program);
            assertEquals(6765, sum(machine, program, 20));
        }
    }

    // ---- how it may end

    @Test
    void trap() {
        int[][] traps = {
            {Op.DIVIDE.ordinal(), Kind.DIVIDE_BY_ZERO.ordinal()},
            {Op.ANYWHERE.ordinal(), Kind.MEMORY_OUT_OF_BOUNDS.ordinal()},
            {Op.THROW.ordinal(), Kind.UNREACHABLE.ordinal()}
        };
        try (var machine = machine()) {
            for (int i = 0; i < traps.length; i++) {
                var op = Op.values()[traps[i][0]];
                var program = ToyProgram.at(i).probe().op(op, 0, 2, 1, -4).halt(0).done();
                machine.write(program);
                machine.reset(0);
                var kind = Kind.values()[traps[i][1]];
                var before = traps(kind, machine, program);
                machine.ask(program);
                machine.await(program);
                assertEquals(before, traps(kind, machine, program));
            }
        }
    }

    private static Trap assertTraps(Kind kind, ToyMachine machine, ToyProgram program) {
        int code = machine.code(program, 0);
        return assertTraps(kind, machine.instance, "start", program.entry(0), code);
    }

    /// @return the functions that a trap was in
    private static List<String> traps(Kind kind, ToyMachine machine, ToyProgram program) {
        var trap = assertTraps(kind, machine, program);
        var names = trap.frames().stream().map(f -> f.function() + " " + f.name()).toList();
        assertTrue(names.getFirst().endsWith(" run"), names::toString);
        return names;
    }

    private static ToyProgram endless() {
        return ToyProgram.at(0).probe().op(Op.ADD, 0, 0, 1).jump(Op.AGAIN, 0, 0, -1).done();
    }

    @Test
    void areInterrupted() throws InterruptedException {
        try (var machine = machine()) {
            var program = endless();
            prepare(machine, program);
            for (int time : new int[] {2, 150}) {
                var thrown = new AtomicReference<@Nullable Throwable>();
                var thread =
                        Thread.ofPlatform()
                                .start(
                                        () -> {
                                            try {
                                                machine.start(program);
                                            } catch (Throwable e) {
                                                thrown.set(e);
                                            }
                                        });
                Thread.sleep(time);
                assertTrue(thread.isAlive());
                machine.instance.interrupt();
                assertTrue(thread.join(PATIENCE), "still runs");
                assertEquals(Kind.INTERRUPTED, assertInstanceOf(Trap.class, thrown.get()).kind());
            }
        }
    }

    @Test
    void keepDeadlines() {
        try (var machine = machine()) {
            var program = endless();
            prepare(machine, program);
            machine.instance.setDeadline(Duration.ofMillis(50));
            assertTraps(Kind.DEADLINE, machine, program);
            machine.instance.setDeadline(null);
            var other = sum(1, 1);
            machine.write(other);
            assertEquals(5050, sum(machine, other, 100));
        }
    }

    @Test
    void endWithTheirStack() {
        try (var machine = machine()) {
            var program = ToyProgram.at(0).probe().to(Op.RECUR, 0, 0, 0).halt(0).done();
            machine.write(program);
            for (int i = 0; i < 3; i++) {
                assertTraps(Kind.STACK_OVERFLOW, machine, program);
                machine.ask(program);
                machine.await(program);
            }
            var other = sum(1, 1);
            machine.write(other);
            assertEquals(5050, sum(machine, other, 100));
        }
    }
}
