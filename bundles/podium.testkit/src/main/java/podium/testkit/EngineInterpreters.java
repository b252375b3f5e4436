package podium.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import podium.engine.Engine.Feature;
import podium.testkit.ToyInterpreter.Op;

/// An interpreter that asks for code specialised to its programs does what it does without,
/// whether an engine has such code or not. Where one promises code, these wait for it.
@Timeout(120)
abstract class EngineInterpreters extends InterpreterFixture {

    @Test
    void compute() {
        try (var machine = machine()) {
            var program = sum(0, 1);
            machine.write(program);
            assertEquals(5050, sum(machine, program, 100));
            machine.ask(program);
            for (int i = 0; i < 300; i++) assertEquals(5050, sum(machine, program, 100));
            boolean specialised = machine.await(program);
            assertEquals(500500, sum(machine, program, 1000));
            // to the end of the loop, where it was probed last
            assertEquals(specialised ? 1 : 0, machine.get(ToyInterpreter.PROBED));
        }
    }

    @Test
    void haveOneCodeForOnePlace() {
        try (var machine = machine()) {
            var program = sum(0, 1);
            boolean any = prepare(machine, program);
            for (int i = 0; i < 2; i++) {
                int code = machine.code(program, i);
                assertEquals(any, code != 0);
                int again =
                        machine.specialise(
                                program.address(), program.bytes().length, program.entry(i));
                assertEquals(code, again);
            }
            if (any) assertNotEquals(machine.code(program, 0), machine.code(program, 1));
        }
    }

    @Test
    void seeWhatProgramsBecame() {
        try (var machine = machine()) {
            var program = sum(0, 1);
            prepare(machine, program);
            assertEquals(5050, sum(machine, program, 100));
            var other = sum(0, 2);
            machine.change(other);
            assertFalse(machine.isSpecialised(other, 0));
            assertEquals(2550, sum(machine, other, 100));
            machine.ask(other);
            for (int i = 0; i < 100; i++) assertEquals(2550, sum(machine, other, 100));
            machine.await(other);
            assertEquals(2550, sum(machine, other, 100));
        }
    }

    /// Programs that overlap what is forgotten, even by a byte, are gone, and no others.
    @Test
    void forgetWhatOverlaps() {
        try (var machine = machine()) {
            var program = sum(1, 1);
            int start = program.address();
            int end = start + program.bytes().length;
            int[][] near = {{start - 8, 8}, {end, 8}, {start + 5, 0}, {0, start}, {end, -end}};
            int[][] over = {{start - 8, 9}, {end - 1, 8}, {start + 5, 1}, {0, -1}, {start, -start}};
            for (var range : near) {
                boolean any = prepare(machine, program);
                machine.forget(range[0], range[1]);
                assertEquals(any, machine.isSpecialised(program, 0));
            }
            for (var range : over) {
                prepare(machine, program);
                machine.forget(range[0], range[1]);
                assertFalse(machine.isSpecialised(program, 0));
                assertFalse(machine.isSpecialised(program, 1));
            }
            assertEquals(5050, sum(machine, program, 100));
        }
    }

    /// Forgotten before it is there, code does not come.
    @Test
    void forgetWhatIsNotThereYet() {
        try (var machine = machine()) {
            for (int i = 0; i < 50; i++) {
                var program = sum(0, 1 + i % 2);
                machine.change(program);
                machine.ask(program);
                assertEquals(i % 2 == 0 ? 5050 : 2550, sum(machine, program, 100));
            }
            machine.await(sum(0, 2));
            assertEquals(2550, sum(machine, sum(0, 2), 100));
        }
    }

    @Test
    void enterOnlyWhatIsThere() {
        try (var machine = machine()) {
            var program = sum(0, 1);
            prepare(machine, program);
            int code = machine.code(program, 0);
            int other = machine.code(program, 1);
            for (int none : new int[] {0, -1, 77_777, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
                assertFalse(machine.isSpecialised(program.entry(0), none));
                machine.setCode(program, 0, none);
                assertEquals(5050, sum(machine, program, 100));
            }
            machine.setCode(program, 0, other);
            assertFalse(machine.isSpecialised(program, 0));
            assertEquals(5050, sum(machine, program, 100));
            assertFalse(machine.isSpecialised(program.entry(1), code));
        }
    }

    @Test
    void askForWhatIsNoProgram() {
        try (var machine = machine()) {
            var program = sum(0, 1);
            machine.write(program);
            int size = ToyInterpreter.PAGES << 16;
            int start = program.address();
            int[][] ranges = {
                {start, 0, start},
                {start, -1, start},
                {start, Integer.MIN_VALUE, start},
                {start, Integer.MAX_VALUE, start},
                {start, size - start + 1, start},
                {size, 8, size},
                {-8, 8, -8},
                {-8, 16, 0},
                {Integer.MIN_VALUE, 8, 0},
                {start, 64, start - 1},
                {start, 64, start + 64},
                {start, 64, 0},
                {start, 64, -1}
            };
            for (var range : ranges) {
                assertEquals(0, machine.specialise(range[0], range[1], range[2]));
                machine.forget(range[0], range[1]);
            }
            assertEquals(5050, sum(machine, program, 100));
        }
    }

    /// Any bytes are a program to the engine; what it may make of them is never more than the
    /// interpreter would do.
    @Test
    void askForAnyBytes() {
        var random = new java.util.Random(SEED);
        try (var machine = machine()) {
            for (int i = 0; i < 50; i++) {
                var writer = ToyProgram.at(i).probe();
                for (int k = 0; k < 20; k++)
                    writer.op(Op.values()[random.nextInt(Op.values().length)], 0, 0, 0)
                            .op(Op.JUMP, 0, 0, 0, random.nextInt(-200, 200));
                var program = writer.done();
                random.nextBytes(program.bytes());
                program.bytes()[0] = (byte) Op.PROBE.ordinal();
                machine.write(program);
                machine.ask(program);
            }
            var program = sum(60, 1);
            prepare(machine, program);
            assertEquals(5050, sum(machine, program, 100));
        }
    }

    /// As many programs as somebody likes; the engine has code for some of them, or none.
    @Test
    void askForManyPrograms() {
        try (var machine = machine()) {
            var program = sum(0, 1);
            machine.write(program);
            int length = program.bytes().length;
            for (int i = 0; i < 5_000; i++)
                machine.specialise(program.address(), length + 8_000, program.entry(0) + i);
            machine.forget(0, -1);
            machine.ask(program);
            for (int i = 0; i < 1_000; i++) assertEquals(5050, sum(machine, program, 100));
        }
    }

    // ---- whose code it is

    /// A thawed instance has numbers in its memory of which the engine knows nothing.
    @Test
    void thaw() throws Exception {
        assumeTrue(engine().features().contains(Feature.SNAPSHOTS));
        var module = load(ToyInterpreter.module());
        var program = sum(0, 1);
        try (var machine = machine(module)) {
            prepare(machine, program);
            prepare(machine, sum(1, 1));
            var snapshot = machine.instance.freeze();
            try (var other = new ToyMachine(module.thaw(snapshot, imports(hosts()), null))) {
                assertFalse(other.isSpecialised(program, 0));
                assertEquals(5050, sum(other, program, 100));
                // now the old numbers may be those of other programs
                var changed = sum(1, 2);
                other.change(changed);
                assertEquals(5050, sum(other, program, 100));
                prepare(other, changed);
                assertEquals(2550, sum(other, changed, 100));
                assertEquals(5050, sum(other, program, 100));
            }
            assertEquals(5050, sum(machine, program, 100));
        }
    }

    @Test
    void areInstancesOfTheirOwn() {
        var module = load(ToyInterpreter.module());
        try (var one = machine(module);
                var other = machine(module)) {
            var program = sum(0, 1);
            prepare(one, program);
            var changed = sum(0, 2);
            other.write(changed);
            for (int i = 0; i < 2; i++) other.setCode(changed, i, one.code(program, i));
            assertFalse(other.isSpecialised(changed, 0));
            assertEquals(2550, sum(other, changed, 100));
            prepare(other, changed);
            assertEquals(2550, sum(other, changed, 100));
            assertEquals(5050, sum(one, program, 100));
        }
    }

    // ---- random programs

    /// Batches of them.
    private static final int ROUNDS = Integer.getInteger("podium.programs", 6);

    @Test
    void doTheSame() {
        compare(load(ToyInterpreter.module()), ROUNDS, true);
    }
}
