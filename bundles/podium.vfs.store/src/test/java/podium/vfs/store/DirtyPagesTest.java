package podium.vfs.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.HashSet;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import podium.vfs.store.DirtyPages.Page;

/// Beside a tree.
class DirtyPagesTest {

    private static final byte[] NONE = {};

    private final DirtyPages pages = new DirtyPages();
    private final TreeMap<Long, Page> expected = new TreeMap<>();

    @Test
    void hasWhatWasAdded() {
        var random = new SplittableRandom(3);
        for (int i = 0; i < 50_000; i++) {
            // Some side by side, some far from each other, and the last one there can be.
            long number =
                    switch (random.nextInt(8)) {
                        case 0 -> random.nextLong(300) << 20;
                        case 1 -> Long.MAX_VALUE >>> Extent.PAGE_BITS;
                        default -> random.nextLong(400);
                    };
            var known = expected.get(number);
            assertSame(known, pages.get(number));
            if (known == null) add(number);
            else assertSame(expected.remove(number), pages.remove(number));
            assertEquals(expected.size(), pages.size());
            if (i % 50 == 0) check(random);
        }
        while (!expected.isEmpty()) pages.remove(expected.pollFirstEntry().getKey());
        assertEquals(0, pages.size());
        assertNull(pages.get(0));
    }

    private void add(long number) {
        var page = new Page(number, NONE, false);
        expected.put(number, page);
        pages.add(page);
    }

    private void check(SplittableRandom random) {
        assertArrayEquals(
                expected.keySet().stream().mapToLong(Long::longValue).toArray(), pages.numbers());
        for (long range : new long[] {1, 20, 300, 1L << 40, Long.MAX_VALUE / 2}) {
            long from = random.nextLong(400);
            var there = expected.subMap(from, from + range);
            assertEquals(
                    new HashSet<>(there.values()), new HashSet<>(pages.in(from, from + range)));
            long first = there.isEmpty() ? from + range : there.firstKey();
            assertEquals(first, pages.first(from, from + range));
        }
    }
}
