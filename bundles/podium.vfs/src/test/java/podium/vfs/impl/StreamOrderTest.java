package podium.vfs.impl;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import podium.vfs.FileSystem;
import podium.vfs.MountSpec;
import podium.vfs.Node;
import podium.vfs.memory.MemoryFileSystemType;

/// Streams of a directory whose backend was exchanged go on where they were.
class StreamOrderTest {

    private FileSystem fs;
    private StreamOrder order;

    /// Of two exchanges: what came between them was found in another order than that of its
    /// numbers.
    @BeforeEach
    void open() throws Exception {
        fs = new MemoryFileSystemType().create(MountSpec.of("/", "memory"));
        for (var name : List.of("new", "b", "c", "a")) make(name);
        var entries = new LinkedHashMap<Long, String>();
        entries.put(1L, "a");
        entries.put(4L, "c");
        entries.put(2L, "b");
        order = new StreamOrder(entries);
    }

    @AfterEach
    void close() {
        fs.close();
    }

    private void make(String name) {
        fs.root().create(name, 0644, 0, 0);
    }

    /// What a stream reads from a place on, so many names at a time.
    private List<String> from(long cookie, int limit) {
        var names = new ArrayList<String>();
        List<Node.Entry> some = order.entries(fs.root(), cookie, limit);
        while (!some.isEmpty()) {
            for (var one : some) names.add(one.name());
            some = order.entries(fs.root(), some.getLast().cookie(), limit);
        }
        return names;
    }

    @Test
    void eachPlaceHasAllThatFollowIt() {
        for (int limit = 1; limit < 6; limit++) {
            assertEquals(List.of("a", "c", "b", "new"), from(0, limit));
            assertEquals(List.of("c", "b", "new"), from(1, limit));
            assertEquals(List.of("b", "new"), from(4, limit));
            assertEquals(List.of("new"), from(2, limit));
            assertEquals(List.of(), from(5, limit));
        }
    }

    @Test
    void whatIsGoneKeepsItsPlace() {
        fs.root().unlink("c");
        order.remove("c");
        assertEquals(List.of("a", "b", "new"), from(0, 2));
        assertEquals(List.of("b", "new"), from(4, 2));
        make("c");
        assertEquals(List.of("b", "new", "c"), from(4, 2));
    }

    @Test
    void placesThatNobodyWasGivenEnd() {
        for (long cookie : new long[] {3, -1, Long.MIN_VALUE, 77, Long.MAX_VALUE}) from(cookie, 2);
    }
}
