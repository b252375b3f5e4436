package podium.syscall.wasi.abi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import podium.syscall.Errno;
import podium.syscall.ErrnoException;
import podium.syscall.GuestMemory;
import podium.syscall.OpenFile;
import podium.testkit.FixedMemory;
import podium.vfs.Attributes;

class IoVectorTest {

    private final GuestMemory memory = new GuestMemory(new FixedMemory(32));
    private final Bytes file = new Bytes();

    /// A file that remembers what was written and reads a pattern, some bytes at most at a time.
    private static final class Bytes extends OpenFile {

        final StringBuilder written = new StringBuilder();
        int most = Integer.MAX_VALUE;
        int transfers;
        Runnable meanwhile = () -> {};
        private int next;

        Bytes() {
            super(O_RDWR);
        }

        @Override
        public int write(ByteBuffer from) {
            transfers++;
            meanwhile.run();
            int count = Math.min(most, from.remaining());
            for (int i = 0; i < count; i++) written.append((char) from.get());
            return count;
        }

        @Override
        public int read(ByteBuffer into) {
            transfers++;
            int count = Math.min(most, into.remaining());
            for (int i = 0; i < count; i++) into.put((byte) ('a' + next++ % 26));
            return count;
        }

        @Override
        protected void closed() {}

        @Override
        public Attributes attributes() {
            throw new UnsupportedOperationException();
        }

        @Override
        public String description() {
            return "bytes";
        }
    }

    private void part(int index, int address, int length) {
        memory.putInt(8 * index, address);
        memory.putInt(8 * index + 4, length);
    }

    private void text(int address, String text) {
        memory.put(address, text.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    }

    private Errno fails(int count) {
        var e =
                assertThrows(
                        ErrnoException.class, () -> IoVector.write(file, memory, 0, count, -1));
        assertEquals(0, file.transfers);
        return e.errno();
    }

    @Test
    void smallPartsAreOneTransfer() {
        text(100, "one");
        text(200, "three");
        part(0, 100, 3);
        part(1, 0, 0);
        part(2, 200, 5);
        assertEquals(8, IoVector.write(file, memory, 0, 3, -1));
        assertEquals("onethree", file.written.toString());
        assertEquals(1, file.transfers);
        assertEquals(8, IoVector.read(file, memory, 0, 3, -1));
        assertEquals("abc", memory.string(100, 3));
        assertEquals("defgh", memory.string(200, 5));
    }

    @Test
    void aShortReadFillsTheFirstParts() {
        text(100, "###");
        text(200, "#####");
        part(0, 100, 3);
        part(1, 200, 5);
        file.most = 4;
        assertEquals(4, IoVector.read(file, memory, 0, 2, -1));
        assertEquals("abc", memory.string(100, 3));
        assertEquals("d####", memory.string(200, 5));
    }

    @Test
    void largePartsAreTransferredOneByOneUntilOneIsShort() {
        for (int i = 0; i < 3; i++) part(i, 0x1000, 200_000);
        assertEquals(600_000, IoVector.write(file, memory, 0, 3, -1));
        assertEquals(3, file.transfers);
        file.most = 150_000;
        assertEquals(150_000, IoVector.write(file, memory, 0, 3, -1));
        assertEquals(4, file.transfers);
    }

    /// Another thread of the guest's changes the vector: what is behind it stays out of it.
    @Test
    void aVectorThatShrinksMeanwhileIsNotReadBeyondItsEnd() {
        part(0, 0x1000, 200_000);
        part(1, 0x1000, 200_000);
        part(2, 0x1000, 100_000);
        file.meanwhile = () -> part(1, 0x1000, 0);
        assertEquals(200_000, IoVector.write(file, memory, 0, 2, -1));
        file.meanwhile = () -> part(1, 0x1000, 2_000_000);
        part(1, 0x1000, 200_000);
        assertEquals(400_000, IoVector.write(file, memory, 0, 2, -1), "no more than it was");
    }

    @Test
    void whatIsTooMuchIsRefusedBeforeAnythingHappens() {
        for (int i = 0; i < 1024; i++) part(i, 0x10000, 0x1f0000 / 16);
        assertEquals(Errno.EINVAL, fails(1025));
        assertEquals(Errno.EINVAL, fails(-1));
        for (int i = 0; i < 1024; i++) part(i, 0, 32 << 16);
        assertEquals(Errno.EINVAL, fails(1024), "2 GiB in all");
        part(1, 0x1ffff0, 17);
        assertEquals(Errno.EFAULT, fails(2));
        part(0, 16, -1);
        assertEquals(Errno.EINVAL, fails(1));
    }
}
