package podium.syscall;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GuestMemoryTest {

    private final HeapMemory engine = new HeapMemory(1, 4);
    private final GuestMemory memory = new GuestMemory(engine);

    @Test
    void numbersAreLittleEndian() {
        memory.putInt(100, 0x01020304);
        assertEquals(4, memory.getByte(100));
        assertEquals(0x0304, memory.getShort(100));
        memory.putLong(200, 0x0102030405060708L);
        assertEquals(0x05060708, memory.getInt(200));
        assertEquals(0x0102030405060708L, memory.getLong(200));
    }

    @ParameterizedTest
    @CsvSource({
        "65536,0,ok",
        "65535,1,ok",
        "65536,1,fault",
        "-1,1,fault",
        "-1,-1,fault",
        "0,65537,fault",
        "0,-1,fault"
    })
    void buffersLieWithinTheMemory(int address, int length, String outcome) {
        if (outcome.equals("ok")) assertEquals(length, memory.buffer(address, length).remaining());
        else fault(() -> memory.buffer(address, length));
    }

    @Test
    void accessesBeyondTheEndFault() {
        fault(() -> memory.getInt(65533));
        fault(() -> memory.getLong(-4));
        fault(() -> memory.putByte(65536, (byte) 0));
        fault(() -> memory.putLong(-1, 0));
        fault(() -> memory.put(65530, new byte[7]));
        fault(() -> memory.clear(65530, -1));
        fault(() -> memory.bytes(0, -1));
    }

    @Test
    void growthIsSeen() {
        fault(() -> memory.getInt(65536));
        engine.grow(1);
        memory.putInt(65536, 7);
        assertEquals(7, memory.getInt(65536));
        assertEquals(8, memory.buffer(65536 + 65528, 8).remaining());
    }

    @Test
    void aBufferIsAView() {
        memory.buffer(10, 4).putInt(0, 42);
        assertEquals(42, memory.getInt(10));
    }

    @Test
    void stringsGoOnWhereMemoryHasGrown() {
        memory.putByte(65535, (byte) 'a');
        fault(() -> memory.string(65535));
        engine.grow(1);
        engine.segment().set(java.lang.foreign.ValueLayout.JAVA_BYTE, 65536, (byte) 'b');
        assertEquals("ab", memory.string(65535));
    }

    @Test
    void stringsEndAtNul() {
        memory.put(50, "naïve\0rest".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        assertEquals("naïve", memory.string(50));
    }

    @Test
    void aStringThatLeavesTheMemoryFaults() {
        memory.put(65533, new byte[] {'a', 'b', 'c'});
        fault(() -> memory.string(65533));
        fault(() -> memory.string(-1));
    }

    @Test
    void aPathHasAtMost4095Bytes() {
        var path = new byte[4096];
        java.util.Arrays.fill(path, 0, 4095, (byte) 'x');
        memory.put(1, path);
        assertEquals(4095, memory.string(1).length());
        path[4095] = 'x';
        memory.put(1, path);
        assertEquals(
                Errno.ENAMETOOLONG,
                assertThrows(ErrnoException.class, () -> memory.string(1)).errno());
    }

    @Test
    void thereIsNoStringAtNull() {
        memory.put(0, new byte[] {'x', 0});
        assertEquals(
                Errno.EFAULT, assertThrows(ErrnoException.class, () -> memory.string(0)).errno());
    }

    @Test
    void clearZeroesExactly() {
        memory.put(0, new byte[] {1, 2, 3, 4});
        memory.clear(1, 2);
        assertArrayEquals(new byte[] {1, 0, 0, 4}, memory.bytes(0, 4));
    }

    private static void fault(Executable access) {
        assertEquals(Errno.EFAULT, assertThrows(ErrnoException.class, access).errno());
    }
}
