package podium.vfs.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// Beside an array that says of each page where it lies.
class ExtentsTest {

    private static final int PAGES = 200;

    private final Segments segments = new Segments(new RecordingDisk(), 1 << 20);
    private final Extents extents = new Extents();

    /// Where a page lies, as segment and offset; 0 where it does not.
    private final long[] expected = new long[PAGES];

    private int written;

    /// By what the calls said.
    private long held;

    @Test
    void saysWhereEveryPageLies() {
        var random = new SplittableRandom(7);
        for (int i = 0; i < 20_000; i++) {
            int from = random.nextInt(PAGES);
            int most = random.nextInt(4) == 0 ? PAGES : 3;
            int to = Math.min(PAGES, from + 1 + random.nextInt(most));
            switch (random.nextInt(4)) {
                case 0 -> remove(from, to);
                case 1 -> putSome(random);
                default -> put(from, to);
            }
            check();
        }
        remove(0, PAGES);
        check();
        assertEquals(0, extents.size());
    }

    private void put(int from, int to) {
        int segment = ++written;
        int count = to - from;
        var extent = new Extent(from, count, segment, 0, count * Extent.PAGE, new int[count]);
        held += extents.put(segments, extent);
        for (int page = from; page < to; page++) expected[page] = place(extent, page);
    }

    private void remove(int from, int to) {
        held += extents.remove(segments, from, to);
        for (int page = from; page < to; page++) expected[page] = 0;
    }

    /// As a batch does: pages at random, in order, and alone for the most part.
    private void putSome(SplittableRandom random) {
        var some = new ArrayList<Extent>();
        int segment = ++written;
        int step = 1 + random.nextInt(40);
        for (int from = random.nextInt(step); from < PAGES; from += 1 + random.nextInt(step)) {
            int to = Math.min(PAGES, from + 1 + (random.nextInt(3) == 0 ? random.nextInt(4) : 0));
            int bytes = (to - from) * Extent.PAGE;
            some.add(
                    new Extent(
                            from,
                            to - from,
                            segment,
                            from * Extent.PAGE,
                            bytes,
                            new int[to - from]));
            for (int page = from; page < to; page++) expected[page] = place(some.getLast(), page);
            from = to - 1;
        }
        if (some.isEmpty()) return;
        held += extents.put(segments, some);
    }

    private static long place(Extent extent, long page) {
        return (long) extent.segment() << 32 | extent.offset(page);
    }

    private void check() {
        int there = 0;
        for (int page = 0; page < PAGES; page++) {
            var extent = extents.at(page);
            if (expected[page] == 0) assertNull(extent);
            else {
                there++;
                assertEquals(expected[page], extent == null ? 0 : place(extent, page));
            }
        }
        assertEquals(there, extents.count(0, PAGES));
        assertEquals(there, held);
        for (int i = 1; i < extents.size(); i++)
            assertTrue(extents.get(i - 1).end() <= extents.get(i).page());
    }
}
