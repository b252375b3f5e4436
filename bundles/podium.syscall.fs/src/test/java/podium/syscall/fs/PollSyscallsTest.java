package podium.syscall.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.lang.reflect.Proxy;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import podium.syscall.Errno;
import podium.syscall.KernelObjects;
import podium.syscall.OpenFile;
import podium.syscall.Pollable;
import podium.syscall.Task;
import podium.vfs.Attributes;
import podium.vfs.MountException;
import podium.vfs.MountNamespace;
import podium.vfs.MountSpec;
import podium.vfs.impl.VfsService;
import podium.vfs.memory.MemoryFileSystemType;

class PollSyscallsTest {

    private static final int ARRAY = 1024;
    private static final int TIME = 64;

    private final Pollable any = new Given(0);
    private Pollable[] waited = {};
    private final PollSyscalls poll =
            new PollSyscalls(
                    (KernelObjects)
                            Proxy.newProxyInstance(
                                    getClass().getClassLoader(),
                                    new Class<?>[] {KernelObjects.class},
                                    (_, _, arguments) -> {
                                        waited = (Pollable[]) arguments[0];
                                        return any;
                                    }));
    private MountNamespace namespace;
    private TestTask test;
    private Task task;
    private int ready;
    private Given idleFile;
    private int idle;

    private static final class Given extends OpenFile {

        private int readiness;

        Given(int readiness) {
            super(O_RDWR);
            this.readiness = readiness;
        }

        @Override
        public int readiness() {
            return readiness;
        }

        @Override
        protected void closed() {}

        @Override
        public Attributes attributes() {
            return Attributes.of(1, 0, 0, 0, 0);
        }

        @Override
        public String description() {
            return "given";
        }
    }

    @BeforeEach
    void open() throws MountException {
        var vfs = new VfsService(List.of(new MemoryFileSystemType()), null);
        namespace = vfs.namespace(List.of(MountSpec.of("/", "memory")));
        test = new TestTask(vfs, namespace, 1);
        task = test.task;
        ready =
                new PathSyscalls()
                        .openat(task, -100, "/f", OpenFile.O_CREAT | OpenFile.O_RDWR, 0644);
        idleFile = new Given(0);
        idle = test.files.add(idleFile, false);
    }

    @AfterEach
    void close() {
        test.close();
        namespace.close();
    }

    private void pollfd(int index, int fd, int events) {
        test.memory.putInt(ARRAY + 8 * index, fd);
        test.memory.putInt(ARRAY + 8 * index + 4, events);
    }

    private int result(int index) {
        return test.memory.getShort(ARRAY + 8 * index + 6);
    }

    private int poll(int count, int timeout) {
        return TestTask.call(() -> poll.ppoll(task, test.memory, ARRAY, count, timeout, 0, 0));
    }

    @Test
    void whatIsReadyIsSaidAtOnce() {
        pollfd(0, ready, Pollable.IN | 0x40);
        pollfd(1, idle, Pollable.IN);
        pollfd(2, 99, Pollable.IN);
        pollfd(3, -1, Pollable.IN);
        assertEquals(2, poll(4, 0));
        assertEquals(Pollable.IN | 0x40, result(0));
        assertEquals(0, result(1));
        assertEquals(0x20, result(2));
        assertEquals(0, result(3));
    }

    @Test
    void hangUpsAreSaidUnasked() {
        idleFile.readiness = Pollable.HUP | Pollable.IN;
        pollfd(0, idle, 0);
        assertEquals(1, poll(1, 0));
        assertEquals(Pollable.HUP, result(0));
    }

    @Test
    void nothingReadyIsWaitedFor() {
        pollfd(0, idle, Pollable.IN);
        assertEquals(Task.BLOCKED, poll(1, 0));
        assertSame(any, test.blockedOn);
        assertSame(idleFile, waited[0]);
        test.timedOut = true;
        assertEquals(0, poll(1, 0));
        test.timedOut = false;
        test.memory.putLong(TIME, 0);
        test.memory.putLong(TIME + 8, 0);
        assertEquals(0, poll(1, TIME));
    }

    @Test
    void withoutFilesItIsASleep() {
        test.memory.putLong(TIME, 1);
        test.memory.putLong(TIME + 8, 0);
        assertEquals(Task.BLOCKED, poll(0, TIME));
        assertNull(test.blockedOn);
    }

    @Test
    void badArguments() {
        assertEquals(Errno.EINVAL.negated(), poll(-1, 0));
        assertEquals(Errno.EINVAL.negated(), poll(1 << 29, 0));
        test.memory.putLong(TIME, -1);
        assertEquals(Errno.EINVAL.negated(), poll(0, TIME));
        test.memory.putLong(TIME, 0);
        test.memory.putInt(TIME + 8, 1_000_000_000);
        assertEquals(Errno.EINVAL.negated(), poll(0, TIME));
        assertEquals(
                Errno.EFAULT.negated(),
                TestTask.call(() -> poll.ppoll(task, test.memory, -16, 4, 0, 0, 0)));
    }

    @Test
    void selectReplacesItsSets() {
        int in = 256;
        int out = 512;
        test.memory.putInt(in, 1 << ready | 1 << idle);
        test.memory.putInt(out, 1 << idle);
        idleFile.readiness = Pollable.OUT;
        assertEquals(2, select(in, out, 0));
        assertEquals(1 << ready, test.memory.getInt(in));
        assertEquals(1 << idle, test.memory.getInt(out));
        idleFile.readiness = 0;
        test.memory.putInt(in, 1 << idle);
        assertEquals(Task.BLOCKED, select(in, 0, 0));
        assertEquals(1 << idle, test.memory.getInt(in));
        test.timedOut = true;
        assertEquals(0, select(in, 0, 0));
        assertEquals(0, test.memory.getInt(in));
        test.memory.putInt(in, 1 << 20);
        assertEquals(Errno.EBADF.negated(), select(in, 0, 0));
    }

    private int select(int in, int out, int err) {
        return TestTask.call(() -> poll.pselect6(task, test.memory, 32, in, out, err, 0, 0));
    }
}
