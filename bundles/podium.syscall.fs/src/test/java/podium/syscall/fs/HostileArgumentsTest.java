package podium.syscall.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import podium.syscall.Errno;
import podium.syscall.OpenFile;
import podium.syscall.Pollable;
import podium.syscall.Task;
import podium.vfs.MountException;
import podium.vfs.MountNamespace;
import podium.vfs.MountSpec;
import podium.vfs.impl.DevFileSystemType;
import podium.vfs.impl.VfsService;
import podium.vfs.memory.MemoryFileSystemType;

/// Pointers, lengths and numbers that no libc would pass.
class HostileArgumentsTest {

    private static final int AT_FDCWD = -100;
    private static final int OUTSIDE = 0xffff_fff0;

    private final PathSyscalls paths = new PathSyscalls();
    private final StatusSyscalls status = new StatusSyscalls();
    private final ChangeSyscalls changes = new ChangeSyscalls();
    private final TransferSyscalls transfers = new TransferSyscalls();
    private final CopySyscalls copies = new CopySyscalls();
    private final DescriptorSyscalls descriptors = new DescriptorSyscalls();
    private VfsService vfs;
    private MountNamespace namespace;
    private TestTask test;
    private Task task;
    private int file;

    @BeforeEach
    void open() throws MountException {
        vfs = new VfsService(List.of(new MemoryFileSystemType(), new DevFileSystemType()), null);
        namespace =
                vfs.namespace(
                        List.of(
                                MountSpec.of("/", "memory").withOption("size", "16m"),
                                MountSpec.of("/dev", "dev")));
        test = new TestTask(vfs, namespace, 1);
        task = test.task;
        file = paths.openat(task, AT_FDCWD, "/f", OpenFile.O_CREAT | OpenFile.O_RDWR, 0644);
    }

    @AfterEach
    void close() {
        test.close();
        namespace.close();
    }

    private static void fails(Errno errno, TestTask.Call call) {
        assertEquals(errno.negated(), TestTask.call(call));
    }

    @Test
    void buffersOutsideTheMemory() {
        var memory = test.memory;
        fails(Errno.EFAULT, () -> transfers.read(task, memory, file, OUTSIDE, 64));
        fails(Errno.EFAULT, () -> transfers.write(task, memory, file, OUTSIDE, 64));
        fails(Errno.EINVAL, () -> transfers.read(task, memory, file, 0, -1));
        fails(Errno.EFAULT, () -> transfers.write(task, memory, file, 0, Integer.MAX_VALUE));
        fails(Errno.EFAULT, () -> transfers.getdents64(task, memory, file, OUTSIDE, 64));
        fails(Errno.EFAULT, () -> status.statx(task, memory, AT_FDCWD, "/", 0, 0, OUTSIDE));
        fails(Errno.EFAULT, () -> status.statfs64(task, memory, "/", 88, OUTSIDE));
        fails(Errno.EINVAL, () -> status.statfs64(task, memory, "/", 87, 0));
        fails(Errno.EFAULT, () -> paths.getcwd(task, memory, OUTSIDE, 64));
        fails(Errno.ERANGE, () -> paths.getcwd(task, memory, 0, 1));
        fails(Errno.EFAULT, () -> transfers.llseek(task, memory, file, 0, 0, OUTSIDE, 0));
        fails(Errno.EFAULT, () -> changes.utimensat(task, memory, AT_FDCWD, OUTSIDE, 0, 0));
        fails(Errno.EFAULT, () -> changes.utimensat(task, memory, AT_FDCWD, 0, 0, 0));
        fails(Errno.EFAULT, () -> copies.sendfile64(task, memory, file, file, OUTSIDE, 10));
        fails(Errno.EFAULT, () -> descriptors.fcntl64(task, memory, file, 13, OUTSIDE));
        fails(Errno.EFAULT, () -> descriptors.ioctl(task, memory, file, 0x541b, OUTSIDE));
    }

    @Test
    void vectorsOutOfBounds() {
        var memory = test.memory;
        fails(Errno.EINVAL, () -> transfers.readv(task, memory, file, 0, -1));
        fails(Errno.EINVAL, () -> transfers.writev(task, memory, file, 0, 1025));
        fails(Errno.EFAULT, () -> transfers.writev(task, memory, file, OUTSIDE, 2));
        assertEquals(0, transfers.writev(task, memory, file, 0, 0));
        // A total of a terabyte, and lengths that overflow.
        for (int i = 0; i < 1024; i++) {
            memory.putInt(4096 + 8 * i, 0);
            memory.putInt(4096 + 8 * i + 4, 1 << 20);
        }
        assertEquals(16 << 20, transfers.writev(task, memory, file, 4096, 1024));
        fails(Errno.ENOSPC, () -> transfers.writev(task, memory, file, 4096, 1024));
        memory.putInt(4096 + 4, 0x8000_0000);
        fails(Errno.EINVAL, () -> transfers.writev(task, memory, file, 4096, 2));
        memory.putInt(4096 + 4, Integer.MAX_VALUE);
        fails(Errno.EFAULT, () -> transfers.writev(task, memory, file, 4096, 2));
    }

    @Test
    void offsetsOutOfRange() {
        var memory = test.memory;
        fails(Errno.EINVAL, () -> transfers.pread64(task, memory, file, 0, 1, 0, -1));
        fails(Errno.EINVAL, () -> transfers.pwrite64(task, memory, file, 0, 1, -1, -1));
        fails(Errno.EINVAL, () -> transfers.preadv(task, memory, file, 0, 0, 0, 1 << 31));
        fails(Errno.EINVAL, () -> transfers.llseek(task, memory, file, -1, 0, 0, 0));
        fails(Errno.EINVAL, () -> changes.ftruncate64(task, file, 0, -1));
        fails(Errno.EINVAL, () -> changes.truncate64(task, "/f", 0, -1));
        fails(
                Errno.EFBIG,
                () -> changes.fallocate(task, file, 0, -1, 0x7fff_ffff, -1, 0x7fff_ffff));
        fails(Errno.ENOSPC, () -> changes.fallocate(task, file, 0, 0, 0, -1, 0x7fff_ffff));
        memory.putShort(64, (short) 1);
        memory.putShort(66, (short) 0);
        memory.putLong(72, Long.MAX_VALUE);
        memory.putLong(80, Long.MAX_VALUE);
        fails(Errno.EOVERFLOW, () -> descriptors.fcntl64(task, memory, file, 13, 64));
        memory.putLong(72, -5);
        fails(Errno.EINVAL, () -> descriptors.fcntl64(task, memory, file, 13, 64));
        memory.putLong(72, 5);
        memory.putLong(80, Long.MIN_VALUE);
        fails(Errno.EINVAL, () -> descriptors.fcntl64(task, memory, file, 13, 64));
    }

    @Test
    void descriptorsAndFlagsOutOfRange() {
        var memory = test.memory;
        fails(Errno.EBADF, () -> transfers.read(task, memory, -1, 0, 1));
        fails(Errno.EBADF, () -> paths.openat(task, -1, "x", 0, 0));
        fails(Errno.EBADF, () -> descriptors.dup3(task, file, -1, 0));
        fails(Errno.EBADF, () -> descriptors.dup3(task, file, 1 << 30, 0));
        fails(Errno.EINVAL, () -> descriptors.dup3(task, file, file, 0));
        fails(Errno.EINVAL, () -> descriptors.fcntl64(task, memory, file, 0, -1));
        fails(Errno.EINVAL, () -> descriptors.fcntl64(task, memory, file, 0, 1 << 30));
        fails(Errno.EINVAL, () -> descriptors.fcntl64(task, memory, file, 9999, 0));
        fails(Errno.EINVAL, () -> descriptors.closeRange(task, 5, 4, 0));
        fails(Errno.ENOTTY, () -> descriptors.ioctl(task, memory, file, 0x5401, 0));
        fails(Errno.EINVAL, () -> paths.unlinkat(task, AT_FDCWD, "/f", 1));
        fails(Errno.EINVAL, () -> paths.linkat(task, AT_FDCWD, "/f", AT_FDCWD, "/g", 1));
        fails(Errno.EINVAL, () -> status.statx(task, memory, AT_FDCWD, "/", 1, 0, 0));
        fails(Errno.EINVAL, () -> status.faccessat2(task, AT_FDCWD, "/", 8, 0));
        fails(Errno.ENOTDIR, () -> paths.openat(task, file, "x", 0, 0));
        assertEquals(0, descriptors.closeRange(task, 0, -1, 0));
        fails(Errno.EBADF, () -> descriptors.close(task, file));
    }

    @Test
    void openat2ReadsItsStructureCarefully() {
        var memory = test.memory;
        memory.clear(64, 64);
        fails(Errno.EINVAL, () -> paths.openat2(task, memory, AT_FDCWD, "/f", 64, 8));
        fails(Errno.E2BIG, () -> paths.openat2(task, memory, AT_FDCWD, "/f", 64, 1 << 20));
        memory.putByte(64 + 30, (byte) 1);
        fails(Errno.E2BIG, () -> paths.openat2(task, memory, AT_FDCWD, "/f", 64, 32));
        assertTrue(paths.openat2(task, memory, AT_FDCWD, "/f", 64, 24) >= 0);
        memory.putLong(64, 1L << 40);
        fails(Errno.EINVAL, () -> paths.openat2(task, memory, AT_FDCWD, "/f", 64, 24));
    }

    @Test
    void copyingWithinAFileMustNotOverlap() {
        var memory = test.memory;
        memory.put(64, new byte[100]);
        transfers.write(task, memory, file, 64, 100);
        memory.putLong(16, 0);
        memory.putLong(24, 50);
        fails(Errno.EINVAL, () -> copies.copyFileRange(task, memory, file, 16, file, 24, 100, 0));
        assertEquals(50, copies.copyFileRange(task, memory, file, 16, file, 24, 50, 0));
        assertEquals(50, memory.getLong(16));
        assertEquals(100, memory.getLong(24));
    }

    @Test
    void sendingAFileMovesOneOffsetOnly() {
        var memory = test.memory;
        memory.put(64, new byte[100]);
        transfers.write(task, memory, file, 64, 100);
        transfers.llseek(task, memory, file, 0, 10, 0, 0);
        int out = paths.openat(task, AT_FDCWD, "/out", OpenFile.O_CREAT | OpenFile.O_RDWR, 0644);
        assertEquals(20, copies.sendfile64(task, memory, out, file, 0, 20));
        assertEquals(30, transfers.lseek(task, file, 0, 1));
        memory.putLong(16, 95);
        assertEquals(5, copies.sendfile64(task, memory, out, file, 16, 20));
        assertEquals(100, memory.getLong(16));
        assertEquals(30, transfers.lseek(task, file, 0, 1));
        assertEquals(25, transfers.lseek(task, out, 0, 1));
        assertEquals(0, copies.sendfile64(task, memory, out, file, 16, 20));
    }

    @Test
    void aLockThatIsHeldIsWaitedFor() {
        int other = paths.openat(task, AT_FDCWD, "/f", OpenFile.O_RDWR, 0);
        assertEquals(0, descriptors.flock(task, file, 2));
        assertEquals(Errno.EAGAIN.negated(), descriptors.flock(task, other, 2 | 4));
        assertEquals(Task.BLOCKED, descriptors.flock(task, other, 2));
        assertEquals(0, test.blockedOn.readiness());
        var woken = new boolean[1];
        test.blockedOn.watch(_ -> woken[0] = true);
        assertEquals(0, descriptors.close(task, file));
        assertTrue(woken[0]);
        assertEquals(Pollable.IN, test.blockedOn.readiness());
        assertEquals(0, descriptors.flock(task, other, 2));
    }

    @Test
    void closingAnyDescriptorEndsAProcessesRecordLocks() {
        var memory = test.memory;
        var other = new TestTask(vfs, namespace, 2);
        int theirs = other.files.add(test.files.retain(file), false);
        memory.clear(64, 32);
        memory.putShort(64, (short) 1);
        other.memory.clear(64, 32);
        other.memory.putShort(64, (short) 1);
        assertEquals(0, descriptors.fcntl64(task, memory, file, 13, 64));
        fails(Errno.EAGAIN, () -> descriptors.fcntl64(other.task, other.memory, theirs, 13, 64));
        assertEquals(0, descriptors.fcntl64(other.task, other.memory, theirs, 12, 64));
        assertEquals(1, other.memory.getInt(64 + 24));
        int again = paths.openat(task, AT_FDCWD, "/f", OpenFile.O_RDONLY, 0);
        descriptors.close(task, again);
        other.memory.putShort(64, (short) 1);
        assertEquals(0, descriptors.fcntl64(other.task, other.memory, theirs, 13, 64));
        other.close();
    }

    @Test
    void twoProcessesThatWaitForEachOtherAreADeadlock() {
        var other = new TestTask(vfs, namespace, 2);
        int theirs = other.files.add(test.files.retain(file), false);
        assertEquals(0, lock(test, file, 13, 0));
        assertEquals(0, lock(other, theirs, 13, 10));
        assertEquals(Task.BLOCKED, lock(test, file, 14, 10));
        assertEquals(Errno.EDEADLK.negated(), lock(other, theirs, 14, 0));
        other.close();
    }

    /// Locks one byte to write.
    private int lock(TestTask who, int fd, int command, long at) {
        who.memory.clear(64, 32);
        who.memory.putShort(64, (short) 1);
        who.memory.putLong(72, at);
        who.memory.putLong(80, 1);
        return TestTask.call(() -> descriptors.fcntl64(who.task, who.memory, fd, command, 64));
    }
}
