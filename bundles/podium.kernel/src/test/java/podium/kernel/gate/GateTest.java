package podium.kernel.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import podium.engine.FunctionType;
import podium.engine.ImportType;
import podium.engine.ValueType;
import podium.syscall.CString;
import podium.syscall.Errno;
import podium.syscall.ErrorNumbers;
import podium.syscall.Export;
import podium.syscall.GuestMemory;
import podium.syscall.Pollable;
import podium.syscall.SyscallFamily;
import podium.syscall.Task;
import podium.syscall.Utf8;

class GateTest {

    private static final long HOLD = 30_000_000_000L;

    private GateTable table = new GateTable(HOLD);
    private final TestCaller caller = new TestCaller();

    private static FunctionType ints(int count) {
        return new FunctionType(Collections.nCopies(count, ValueType.I32), List.of(ValueType.I32));
    }

    private MethodHandle handle(String module, String name, FunctionType type) {
        var function = table.resolve(new ImportType(module, name, type));
        assertNotNull(function, name);
        return function.handle();
    }

    private int call(String name, Object... arguments) throws Throwable {
        var all = new Object[arguments.length + 1];
        all[0] = caller;
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        return (int) handle("linux", name, ints(arguments.length)).invokeWithArguments(all);
    }

    /// A family with error numbers of its own.
    public static final class Positive implements SyscallFamily {

        static final ErrorNumbers NUMBERS =
                ErrorNumbers.of(
                        List.of("SUCCESS", "EIO", "ENOENT", "ENOSYS"),
                        Map.of(Errno.ESRCH, "ENOENT"),
                        "EIO");

        @Override
        public String module() {
            return "positive";
        }

        @Override
        public ErrorNumbers errors() {
            return NUMBERS;
        }

        @Export
        public int fails(int errno) {
            throw Objects.requireNonNull(Errno.of(errno)).exception();
        }

        @Export
        public int breaks() {
            throw new IllegalArgumentException("on purpose");
        }

        @Export
        public int wide(int a, long b, int c) {
            if (b < 0) throw Errno.ENOENT.exception();
            return (int) (a + b + c);
        }
    }

    @Test
    void aFamilyTellsErrorsByItsOwnNumbers() throws Throwable {
        table = new GateTable(1_000_000);
        var family = new Positive();
        table.add(family, 0, 100);
        var fails = handle("positive", "fails", ints(1));
        assertEquals(2, fails.invokeWithArguments(caller, Errno.ENOENT.number()));
        assertEquals(2, fails.invokeWithArguments(caller, Errno.ESRCH.number()));
        assertEquals(1, fails.invokeWithArguments(caller, Errno.EPERM.number()));
        assertEquals(1, handle("positive", "breaks", ints(0)).invokeWithArguments(caller));
        assertEquals("ENOENT", Positive.NUMBERS.name(2));
        assertNull(Positive.NUMBERS.name(0));
        assertNull(Positive.NUMBERS.name(99));
        table.remove(family);
        assertEquals(3, fails.invokeWithArguments(caller, 1), "when it has gone, too");
    }

    /// Has a function of [Positive]'s with other types, and one of its very type.
    public static final class Overloaded implements SyscallFamily {

        @Override
        public String module() {
            return "positive";
        }

        @Override
        public ErrorNumbers errors() {
            return Positive.NUMBERS;
        }

        @Export
        public int wide(int a) {
            return a + 1;
        }

        @Export
        public int wide(int a, int b) {
            return a + b;
        }

        @Export
        public int breaks() {
            return 7;
        }
    }

    @Test
    void functionsOfOneNameAreToldApartByTheirTypes() throws Throwable {
        table = new GateTable(1_000_000);
        var stronger = new Overloaded();
        table.add(new Positive(), 0, 100);
        table.add(stronger, 1, 101);
        var i32 = ValueType.I32;
        var type = new FunctionType(List.of(i32, ValueType.I64, i32), List.of(i32));
        var wide = handle("positive", "wide", type);
        var breaks = handle("positive", "breaks", ints(0));
        var one = handle("positive", "wide", ints(1));
        assertEquals(6, wide.invokeWithArguments(caller, 1, 2L, 3));
        assertEquals(6, one.invokeWithArguments(caller, 5));
        assertEquals(8, handle("positive", "wide", ints(2)).invokeWithArguments(caller, 5, 3));
        assertEquals(7, breaks.invokeWithArguments(caller));
        assertNull(table.resolve(new ImportType("positive", "wide", ints(4))));
        table.remove(stronger);
        assertEquals(6, wide.invokeWithArguments(caller, 1, 2L, 3));
        assertEquals(1, breaks.invokeWithArguments(caller), "EIO of the weaker one");
        assertEquals(3, one.invokeWithArguments(caller, 5), "ENOSYS");
        assertNull(table.resolve(new ImportType("positive", "wide", ints(1))));
    }

    @Test
    void aLongAmongIntsNeedsNoArray() throws Throwable {
        table.add(new Positive(), 0, 100);
        var type =
                new FunctionType(
                        List.of(ValueType.I32, ValueType.I64, ValueType.I32),
                        List.of(ValueType.I32));
        var wide = handle("positive", "wide", type);
        assertEquals(1 + (1 << 20) + 3, wide.invokeWithArguments(caller, 1, 1L << 20, 3));
        assertEquals(2, wide.invokeWithArguments(caller, 1, -1L, 3));
    }

    /// Calls of every kind.
    @SuppressWarnings("unused")
    public static class Sample implements SyscallFamily {

        final Event event = new Event();
        int attempts;

        @Override
        public String module() {
            return "linux";
        }

        @Export
        public int getpid(Task task) {
            return task.tid();
        }

        @Export
        public int sum6(int a, int b, int c, int d, int e, int f) {
            return a + 10 * b + 100 * c + 1000 * d + 10_000 * e + 100_000 * f;
        }

        @Export("renamed")
        public int called(@CString String text, ByteBuffer buffer, GuestMemory memory) {
            return text.length() * 1000 + buffer.remaining();
        }

        @Export
        public int fails() {
            throw Errno.ENOENT.exception();
        }

        @Export
        public int breaks() {
            throw new IllegalArgumentException("on purpose");
        }

        @Export
        public int waits(Task task, int timeout) {
            attempts++;
            if (task.timedOut()) return Errno.ETIMEDOUT.negated();
            if (event.ready) return 42;
            return task.block(event, Pollable.IN, timeout < 0 ? Task.FOREVER : timeout * 1000L);
        }

        @Export
        public int rt_sigsuspend(Task task) {
            return task.block(null, 0, Task.FOREVER);
        }
    }

    /// Numbers of every size.
    public static class Numbers implements SyscallFamily {

        @Override
        public String module() {
            return "acme";
        }

        @Export
        public long mix(int a, long b, float c, double d) {
            return a + b + (long) c + (long) d;
        }

        @Export
        public double half(double value) {
            return value / 2;
        }

        @Export
        public void nothing(long ignored) {}

        @Export
        public long length(@Utf8(max = 8) String text) {
            return text.length();
        }
    }

    static final class Event implements Pollable {

        volatile boolean ready;
        volatile boolean watched;
        private final podium.syscall.WaitQueue watchers = new podium.syscall.WaitQueue();

        void set() {
            ready = true;
            watchers.wake(IN);
        }

        @Override
        public int readiness() {
            return ready ? IN : 0;
        }

        @Override
        public void watch(Watcher watcher) {
            watchers.add(watcher);
            watched = true;
        }

        @Override
        public void unwatch(Watcher watcher) {
            watchers.remove(watcher);
        }
    }

    @Test
    void argumentsReachTheMethod() throws Throwable {
        table.add(new Sample(), 0, 0);
        assertEquals(7, call("getpid"));
        assertEquals(654_321, call("sum6", 1, 2, 3, 4, 5, 6));
        caller.memory().put(100, "abc".getBytes(StandardCharsets.UTF_8));
        assertEquals(3016, call("renamed", 100, 200, 16));
        assertEquals(Errno.EFAULT.negated(), call("renamed", 100, 65_530, 16));
        assertEquals(Errno.EFAULT.negated(), call("renamed", -1, 200, 16));
    }

    @Test
    void exceptionsBecomeNumbers() throws Throwable {
        table.add(new Sample(), 0, 0);
        assertEquals(Errno.ENOENT.negated(), call("fails"));
        assertEquals(Errno.EIO.negated(), call("breaks"));
    }

    @Test
    void linuxTakesMoreOrFewerRegisters() throws Throwable {
        table.add(new Sample(), 0, 0);
        assertEquals(7, call("getpid", 1, 2, 3));
        assertEquals(321, call("sum6", 1, 2, 3));
    }

    @Test
    void otherModulesAreExact() throws Throwable {
        table.add(new Numbers(), 0, 0);
        var mix =
                new FunctionType(
                        List.of(ValueType.I32, ValueType.I64, ValueType.F32, ValueType.F64),
                        List.of(ValueType.I64));
        long sum = (long) handle("acme", "mix", mix).invoke((Object) caller, 1, 1L << 40, 3f, 4.0);
        assertEquals(8 + (1L << 40), sum);
        var half = new FunctionType(List.of(ValueType.F64), List.of(ValueType.F64));
        assertEquals(1.5, (double) handle("acme", "half", half).invoke((Object) caller, 3.0));
        var nothing = new FunctionType(List.of(ValueType.I64), List.of());
        handle("acme", "nothing", nothing).invoke((Object) caller, 1L);
        assertNull(table.resolve(new ImportType("acme", "mix", ints(4))));
        assertNull(table.resolve(new ImportType("acme", "absent", ints(0))));
        var length =
                new FunctionType(List.of(ValueType.I32, ValueType.I32), List.of(ValueType.I64));
        long tooLong = (long) handle("acme", "length", length).invoke((Object) caller, 0, 9);
        assertEquals(Errno.E2BIG.negated(), tooLong);
    }

    @Test
    void callsByNumberAndByName() throws Throwable {
        table.add(new Sample(), 0, 0);
        table.add(new Numbers(), 0, 1);
        var byNumber = handle("linux", "syscall", ints(7));
        assertEquals(7, (int) byNumber.invoke((Object) caller, 172, 0, 0, 0, 0, 0, 0));
        assertEquals(
                Errno.ENOSYS.negated(),
                (int) byNumber.invoke((Object) caller, 99_999, 0, 0, 0, 0, 0, 0));
        caller.memory().put(0, "acme.mix".getBytes(StandardCharsets.UTF_8));
        int mix = (int) handle("podium", "lookup", ints(2)).invoke((Object) caller, 0, 8);
        assertTrue(mix >= 0);
        var signature = handle("podium", "signature", ints(3));
        assertEquals(6, (int) signature.invoke((Object) caller, mix, 64, 32));
        assertEquals("ilfd:l", caller.memory().string(64, 6));
        assertEquals(Errno.ERANGE.negated(), (int) signature.invoke((Object) caller, mix, 64, 5));
        caller.memory().putInt(128, 1);
        caller.memory().putLong(136, 2);
        caller.memory().putInt(144, Float.floatToRawIntBits(3));
        caller.memory().putLong(152, Double.doubleToRawLongBits(4));
        var invoke = handle("podium", "invoke", ints(3));
        assertEquals(0, (int) invoke.invoke((Object) caller, mix, 128, 256));
        assertEquals(10, caller.memory().getLong(256));
        assertEquals(Errno.EBADF.negated(), (int) invoke.invoke((Object) caller, 99, 128, 256));
        assertEquals(Errno.EFAULT.negated(), (int) invoke.invoke((Object) caller, mix, 128, -4));
    }

    @Test
    void unknownLinuxCallsAnswerEnosysAndAreTraced() throws Throwable {
        caller.traced();
        assertEquals(Errno.ENOSYS.negated(), call("frobnicate", 1, 2));
        assertEquals(
                "[7] frobnicate(1, 2) = -1 ENOSYS (Function not implemented)\n",
                caller.trace.toString());
    }

    @Test
    void theTraceLooksLikeStrace() throws Throwable {
        table.add(new Tracing(), 0, 0);
        caller.traced();
        caller.memory().put(16, "/etc/x\ny".getBytes(StandardCharsets.UTF_8));
        call("openat", -100, 16, 02000000 | 01, 0644);
        call("write", 3, 16, 4);
        assertEquals(
                """
                [7] openat(AT_FDCWD, "/etc/x\\ny", O_WRONLY|O_CLOEXEC, 0644) = 3
                [7] write(3, "/etc", 4) = -1 EBADF (Bad file descriptor)
                """,
                caller.trace.toString());
    }

    /// What the trace is tested with.
    public static class Tracing implements SyscallFamily {

        @Override
        public String module() {
            return "linux";
        }

        @Export
        public int openat(int at, @CString String path, int flags, int mode) {
            return 3;
        }

        @Export
        public int write(int fd, ByteBuffer from) {
            return Errno.EBADF.negated();
        }
    }

    @Test
    void waitingCallsAreRepeated() throws Throwable {
        var sample = new Sample();
        table.add(sample, 0, 0);
        Thread.ofVirtual()
                .start(
                        () -> {
                            while (!sample.event.watched) Thread.onSpinWait();
                            sample.event.set();
                        });
        assertEquals(42, call("waits", -1));
        assertEquals(2, sample.attempts);
        sample.event.ready = false;
        assertEquals(Errno.ETIMEDOUT.negated(), call("waits", 2000));
        assertNull(caller.waiting);
    }

    @Test
    void handlersInterruptOrRestart() throws Throwable {
        var sample = new Sample();
        table.add(sample, 0, 0);
        caller.alert(Caller.SIGNALLED);
        caller.handler = Caller.Outcome.INTERRUPTED;
        assertEquals(Errno.EINTR.negated(), call("waits", -1));
        caller.alert(Caller.SIGNALLED);
        caller.handler = Caller.Outcome.RESTART;
        assertEquals(Errno.ETIMEDOUT.negated(), call("waits", 1000));
        caller.alert(Caller.SIGNALLED);
        assertEquals(Errno.EINTR.negated(), call("rt_sigsuspend"));
        assertEquals(3, caller.handlers);
    }

    /// A call that has ended keeps its result, whatever the call is that comes when the frames are
    /// there again; one that waits is made anew, with the time it had left.
    @Test
    void callsGoOnWhereFramesWereTakenDown() throws Throwable {
        var sample = new Sample();
        table.add(sample, 0, 0);
        sample.event.ready = true;
        caller.alert(Caller.FREEZING);
        assertEquals(42, call("waits", -1));
        assertEquals(PausedCall.ended(42), caller.paused);
        caller.expectRewound();
        sample.event.ready = false;
        assertEquals(42, call("waits", -1));
        assertEquals(1, sample.attempts);
        caller.alert(Caller.FREEZING);
        call("waits", 5_000_000);
        var paused = java.util.Objects.requireNonNull(caller.paused);
        assertTrue(paused.repeats() && paused.remaining() > 0, paused::toString);
        caller.paused = PausedCall.waiting(1000);
        caller.expectRewound();
        assertEquals(Errno.ETIMEDOUT.negated(), call("waits", -1));
        assertNull(caller.paused);
        caller.paused = PausedCall.waiting(1000);
        caller.expectRewound();
        sample.event.ready = true;
        assertEquals(42, call("waits", -1));
        assertNull(caller.waiting);
    }

    @Test
    void theStrongestFamilyWins() throws Throwable {
        var weak = new Constant(1);
        var strong = new Constant(2);
        table.add(weak, 0, 0);
        assertEquals(1, call("value"));
        table.add(strong, 5, 1);
        assertEquals(2, call("value"));
        table.remove(strong);
        assertEquals(1, call("value"));
    }

    @Test
    void callersAreHeldUntilAFamilyComesBack() throws Throwable {
        var first = new Constant(1);
        table.add(first, 0, 0);
        assertEquals(1, call("value"));
        table.remove(first);
        var later =
                Thread.ofVirtual()
                        .start(
                                () -> {
                                    try {
                                        Thread.sleep(20);
                                    } catch (InterruptedException e) {
                                        throw new IllegalStateException(e);
                                    }
                                    table.add(new Constant(3), 0, 1);
                                });
        assertEquals(3, call("value"));
        later.join();
    }

    @Test
    void afterTheHoldThereIsNoSuchCall() throws Throwable {
        table = new GateTable(50_000_000);
        var only = new Constant(1);
        table.add(only, 0, 0);
        assertEquals(1, call("value"));
        table.remove(only);
        assertEquals(Errno.ENOSYS.negated(), call("value"));
    }

    /// An update is a pause also for a program that starts in it.
    @Test
    void afterTheHoldThereIsNoSuchImport() throws Exception {
        table = new GateTable(200_000_000);
        var wanted = new ImportType("acme", "answer", ints(0));
        var first = new Answer();
        assertNull(table.resolve(wanted));
        table.add(first, 0, 0);
        assertNotNull(table.resolve(wanted));
        table.remove(first);
        assertNotNull(table.resolve(wanted));
        Thread.sleep(250);
        assertNull(table.resolve(wanted));
        table.add(new Answer(), 0, 0);
        assertNotNull(table.resolve(wanted));
    }

    @Test
    void namesLeadToWhatIsThereNow() throws Throwable {
        table = new GateTable(200_000_000);
        var first = new Answer();
        table.add(first, 0, 0);
        int before = lookup("acme.answer");
        assertTrue(before >= 0);
        table.remove(first);
        assertEquals(before, lookup("acme.answer"));
        Thread.sleep(250);
        assertEquals(Errno.ENOENT.negated(), lookup("acme.answer"));
        table.add(new OtherAnswer(), 0, 0);
        int after = lookup("acme.answer");
        var signature = handle("podium", "signature", ints(3));
        assertEquals(3, (int) signature.invoke((Object) caller, after, 64, 32));
        assertEquals("l:l", caller.memory().string(64, 3));
    }

    /// What was thrown is told apart from what was returned, be it the same number.
    @Test
    void aNamedCallTellsFailuresFromResults() throws Throwable {
        table.add(new Answer(), 0, 0);
        var invoke = handle("podium", "invoke", ints(3));
        caller.memory().putLong(256, 7);
        int returns = lookup("acme.returnsEnoent");
        assertEquals(0, (int) invoke.invoke((Object) caller, returns, 128, 256));
        assertEquals(Errno.ENOENT.negated(), (int) caller.memory().getLong(256));
        int throwing = lookup("acme.throwsEnoent");
        assertEquals(
                Errno.ENOENT.negated(), (int) invoke.invoke((Object) caller, throwing, 128, 256));
        int broken = lookup("acme.breaks");
        assertEquals(Errno.EIO.negated(), (int) invoke.invoke((Object) caller, broken, 128, 256));
        assertEquals(0, (int) invoke.invoke((Object) caller, returns, 128, 256));
    }

    private int lookup(String name) throws Throwable {
        caller.memory().put(0, name.getBytes(StandardCharsets.UTF_8));
        var lookup = handle("podium", "lookup", ints(2));
        return (int) lookup.invoke((Object) caller, 0, name.length());
    }

    @Test
    void whileTheSystemStartsCallersWait() throws Throwable {
        table.settle();
        Thread.ofVirtual().start(() -> table.add(new Constant(4), 0, 0));
        assertEquals(4, call("value"));
        Thread.ofVirtual().start(table::settled);
        assertEquals(Errno.ENOSYS.negated(), call("frobnicate"));
    }

    @Test
    void aHeldTaskCanBeKilled() throws Throwable {
        var only = new Constant(1);
        table.add(only, 0, 0);
        assertEquals(1, call("value"));
        table.remove(only);
        caller.alert(Caller.KILLED);
        assertSame(Unwind.EXIT, assertThrows(Unwind.class, () -> call("value")));
    }

    @Test
    void callsAreCounted() throws Throwable {
        table.add(new Constant(1), 0, 0);
        for (int i = 0; i < 5; i++) call("value");
        var gate = table.gates().stream().filter(g -> g.name().equals("value")).findFirst();
        assertEquals(5, caller.counts()[gate.orElseThrow().index()]);
    }

    @Test
    void methodsThatCannotBeBoundAreRefused() {
        var refused =
                assertThrows(IllegalArgumentException.class, () -> table.add(new Wrong(), 0, 0));
        assertTrue(refused.getMessage().contains("Object"), refused.getMessage());
    }

    /// Answers always the same.
    public static final class Constant implements SyscallFamily {

        private final int value;

        Constant(int value) {
            this.value = value;
        }

        @Override
        public String module() {
            return "linux";
        }

        @Export
        public int value() {
            return value;
        }
    }

    /// A third party's.
    public static final class Answer implements SyscallFamily {

        @Override
        public String module() {
            return "acme";
        }

        @Export
        public int answer() {
            return 42;
        }

        @Export
        public int returnsEnoent() {
            return Errno.ENOENT.negated();
        }

        @Export
        public int throwsEnoent() {
            throw Errno.ENOENT.exception();
        }

        @Export
        public void breaks() {
            throw new IllegalStateException("on purpose");
        }
    }

    /// Its next version, which breaks with it.
    public static final class OtherAnswer implements SyscallFamily {

        @Override
        public String module() {
            return "acme";
        }

        @Export
        public long answer(long question) {
            return question;
        }
    }

    /// Takes what no guest can give.
    public static final class Wrong implements SyscallFamily {

        @Override
        public String module() {
            return "acme";
        }

        @Export
        public int wrong(Object object) {
            return 0;
        }
    }
}
