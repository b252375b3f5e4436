package podium.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.Random;
import org.junit.jupiter.api.Test;
import podium.engine.Memory;
import podium.engine.MemoryType;
import podium.syscall.Errno;
import podium.syscall.ErrnoException;

class PagedAddressSpaceTest {

    private static final int PAGE = 4096;
    private static final int BASE = 2 * PAGE;
    private static final int MAXIMUM = 64;

    private final Growing memory = new Growing();
    private final PagedAddressSpace space = new PagedAddressSpace(memory, BASE - 100, false);

    /// Starts with one page of 64 KiB.
    private static final class Growing implements Memory {

        private final MemorySegment all =
                Arena.ofAuto().allocate((long) MAXIMUM * MemoryType.PAGE, 4096);
        private int pages = 1;

        @Override
        public MemoryType type() {
            return new MemoryType(1, MAXIMUM, true);
        }

        @Override
        public int pages() {
            return pages;
        }

        @Override
        public int grow(int delta) {
            if (delta < 0 || pages + delta > MAXIMUM) return -1;
            pages += delta;
            return pages - delta;
        }

        @Override
        public MemorySegment segment() {
            return all.asSlice(0, size());
        }

        @Override
        public long resident() {
            return size();
        }

        @Override
        public void close() {}
    }

    private static void assertErrno(Errno errno, Runnable action) {
        assertSame(errno, assertThrows(ErrnoException.class, action::run).errno());
    }

    private void fill(int address, int length, int value) {
        memory.segment().asSlice(address, length).fill((byte) value);
    }

    private boolean is(int address, int length, int value) {
        for (int i = 0; i < length; i++)
            if (memory.segment().get(ValueLayout.JAVA_BYTE, address + i) != value) return false;
        return true;
    }

    @Test
    void fillsGapsAndZeroesThem() {
        int a = space.map(0, PAGE, false);
        int b = space.map(0, 3 * PAGE + 1, false);
        int c = space.map(0, PAGE, false);
        assertEquals(BASE, a);
        assertEquals(a + PAGE, b);
        assertEquals(b + 4 * PAGE, c);
        fill(b, 4 * PAGE, 1);
        space.unmap(b, 4 * PAGE);
        assertEquals(2 * PAGE, space.mapped());
        int d = space.map(0, 2 * PAGE, false);
        assertEquals(b, d);
        assertTrue(is(d, 2 * PAGE, 0));
        assertEquals(c + PAGE, space.map(0, 3 * PAGE, false));
    }

    @Test
    void hintsAndFixedPlaces() {
        int wanted = 40 * PAGE;
        assertEquals(wanted, space.map(wanted + 5, PAGE, false));
        assertNotEquals(wanted, space.map(wanted, PAGE, false));
        fill(wanted, PAGE, 1);
        assertEquals(wanted, space.map(wanted, PAGE, true));
        assertTrue(is(wanted, PAGE, 0));
        assertErrno(Errno.EINVAL, () -> space.map(wanted + 1, PAGE, true));
        assertErrno(Errno.ENOMEM, () -> space.map(0, PAGE, true));
        assertErrno(Errno.ENOMEM, () -> space.map(-PAGE, PAGE, true));
    }

    @Test
    void limits() {
        assertErrno(Errno.EINVAL, () -> space.map(0, 0, false));
        assertErrno(Errno.ENOMEM, () -> space.map(0, -1, false));
        assertErrno(Errno.ENOMEM, () -> space.map(0, MAXIMUM * MemoryType.PAGE, false));
        int most = MAXIMUM * MemoryType.PAGE - BASE;
        assertEquals(BASE, space.map(0, most, false));
        assertErrno(Errno.ENOMEM, () -> space.map(0, 1, false));
        space.unmap(BASE, most);
        assertEquals(0, space.mapped());
        assertErrno(Errno.EINVAL, () -> space.unmap(BASE + 1, PAGE));
        space.unmap(0, -PAGE); // unmapping what is not mapped is no error
    }

    @Test
    void remaps() {
        int a = space.map(0, 2 * PAGE, false);
        fill(a, 2 * PAGE, 1);
        assertEquals(a, space.remap(a, 2 * PAGE, 3 * PAGE, false));
        int wall = space.map(0, PAGE, false);
        assertErrno(Errno.ENOMEM, () -> space.remap(a, 3 * PAGE, 4 * PAGE, false));
        int b = space.remap(a, 3 * PAGE, 4 * PAGE, true);
        assertTrue(b > wall);
        assertTrue(is(b, 2 * PAGE, 1));
        assertTrue(is(b + 2 * PAGE, 2 * PAGE, 0));
        assertEquals(b, space.remap(b, 4 * PAGE, PAGE, false));
        assertErrno(Errno.EFAULT, () -> space.remap(a, PAGE, 2 * PAGE, true));
    }

    @Test
    void whatTheGuestGrowsIsItsOwn() {
        int a = space.map(0, PAGE, false);
        int own = memory.grow(1) * MemoryType.PAGE;
        int last = space.map(0, 32 * PAGE, false);
        assertTrue(last >= own + MemoryType.PAGE, a + " " + own + " " + last);
    }

    @Test
    void aSnapshotsMemoryCountsAsMapped() {
        memory.grow(3);
        var thawed = new PagedAddressSpace(memory, BASE, true);
        assertEquals(4 * MemoryType.PAGE - BASE, thawed.mapped());
        assertTrue(thawed.map(0, PAGE, false) >= 4 * MemoryType.PAGE);
        thawed.unmap(BASE + PAGE, PAGE);
        assertEquals(BASE + PAGE, thawed.map(0, PAGE, false));
    }

    /// Random mappings never overlap, and are always zero.
    @Test
    void mappingsNeverOverlap() {
        var random = new Random(3);
        var live = new HashMap<Integer, Integer>();
        for (int n = 1; n < 3000; n++) {
            if (random.nextInt(3) > 0 || live.isEmpty()) {
                int length = (1 + random.nextInt(30)) * PAGE;
                int address;
                try {
                    address = space.map(0, length, false);
                } catch (ErrnoException e) {
                    live.forEach(space::unmap);
                    live.clear();
                    continue;
                }
                assertTrue(is(address, length, 0), "not zero");
                fill(address, length, 1 + n % 100);
                live.put(address, length);
            } else {
                int address = live.keySet().iterator().next();
                int length = live.remove(address);
                byte value = memory.segment().get(ValueLayout.JAVA_BYTE, address);
                assertTrue(is(address, length, value), "another mapping is in it");
                space.unmap(address, length);
            }
        }
    }

    /// As a process that was frozen has it: what was free is found again, what was not is not.
    @Test
    void isMadeAgainOfItsPages() {
        int one = space.map(0, 3 * PAGE, false);
        int two = space.map(0, PAGE, false);
        int three = space.map(0, 2 * PAGE, false);
        space.unmap(two, PAGE);
        var copy = new PagedAddressSpace(memory, BASE - 100, true);
        copy.restore(space.pages());
        assertEquals(space.mapped(), copy.mapped());
        assertEquals(two, copy.map(0, PAGE, false));
        int more = copy.map(0, PAGE, false);
        assertTrue(more >= three + 2 * PAGE, () -> one + " " + three + " " + more);
    }

    /// Bits below the program's data and beyond the memory mean nothing.
    @Test
    void believesNoPagesThatAreNotThere() {
        var all = new long[1 << 14];
        java.util.Arrays.fill(all, -1);
        space.restore(all);
        assertEquals(memory.size() - BASE, space.mapped());
        assertTrue(space.map(0, PAGE, false) >= MemoryType.PAGE);
    }
}
