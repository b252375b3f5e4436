package podium.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SnapshotTest {

    private static Snapshot sample(MemorySegment memory) {
        return new Snapshot(
                "ab".repeat(32),
                List.of(MemoryImage.of(memory.asSlice(0, MemoryType.PAGE)), MemoryImage.of(memory)),
                new long[] {1, -1, Long.MIN_VALUE},
                List.of(new int[] {3, -1}, new int[0]),
                new boolean[] {true, false},
                new boolean[0]);
    }

    private static MemorySegment sparse(Arena arena) {
        var memory = arena.allocate(3 * MemoryType.PAGE, 8);
        memory.set(ValueLayout.JAVA_BYTE, 4096, (byte) 1);
        memory.set(ValueLayout.JAVA_BYTE, memory.byteSize() - 1, (byte) 2);
        return memory;
    }

    private static byte[] written(Snapshot snapshot) throws IOException {
        var out = new ByteArrayOutputStream();
        snapshot.writeTo(out);
        return out.toByteArray();
    }

    @Test
    void whatIsWrittenIsRead() throws IOException {
        try (var arena = Arena.ofConfined()) {
            var memory = sparse(arena);
            var read = Snapshot.readFrom(new ByteArrayInputStream(written(sample(memory))));
            assertEquals("ab".repeat(32), read.sha256());
            assertArrayEquals(new long[] {1, -1, Long.MIN_VALUE}, read.globals());
            assertArrayEquals(new int[] {3, -1}, read.tables().getFirst());
            assertEquals(2, read.tables().size());
            assertArrayEquals(new boolean[] {true, false}, read.droppedData());
            var copy = arena.allocate(3 * MemoryType.PAGE, 8);
            assertEquals(List.of(1, 3), read.memories().stream().map(MemoryImage::pages).toList());
            read.memories().getLast().copyTo(copy);
            assertEquals(-1, memory.mismatch(copy));
        }
    }

    @Test
    void zeroBlocksAreLeftOut() {
        try (var arena = Arena.ofConfined()) {
            var image = MemoryImage.of(sparse(arena));
            assertArrayEquals(new int[] {1, 47}, image.index());
            assertEquals(2 * MemoryImage.BLOCK, image.blocks().length);
            assertEquals(3, image.pages());
        }
    }

    @Test
    void everyTruncationIsAnError() throws IOException {
        byte[] whole;
        try (var arena = Arena.ofConfined()) {
            whole = written(sample(sparse(arena)));
        }
        for (int length = 0; length < whole.length; length += length < 300 ? 1 : 997) {
            var part = Arrays.copyOf(whole, length);
            assertThrows(
                    IOException.class, () -> Snapshot.readFrom(new ByteArrayInputStream(part)));
        }
    }

    @Test
    void damageIsAnErrorOrASnapshotAndNeverAnythingElse() throws IOException {
        byte[] whole;
        try (var arena = Arena.ofConfined()) {
            whole = written(sample(sparse(arena)));
        }
        var random = new Random(11);
        for (int i = 0; i < 3_000; i++) {
            var damaged = whole.clone();
            for (int k = 0; k < 3; k++) damaged[random.nextInt(220)] = (byte) random.nextInt();
            try {
                Snapshot.readFrom(new ByteArrayInputStream(damaged));
            } catch (IOException e) {
                assertEquals(false, String.valueOf(e.getMessage()).contains("\n"));
            }
        }
    }
}
