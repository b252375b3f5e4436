package podium.syscall;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Random;
import org.junit.jupiter.api.Test;

class LinuxStringTest {

    @Test
    void everyNameSurvives() {
        var random = new Random(7);
        for (int i = 0; i < 20_000; i++) {
            var name = new byte[random.nextInt(12)];
            random.nextBytes(name);
            assertArrayEquals(name, LinuxString.encode(LinuxString.decode(name)));
        }
    }

    @Test
    void validTextIsItself() {
        var text = "grüße 🎉 \ufffd";
        var bytes = text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
        assertEquals(text, LinuxString.decode(bytes));
        assertArrayEquals(bytes, LinuxString.encode(text));
    }

    @Test
    void aBadByteIsALoneSurrogate() {
        assertEquals("a\udcffb", LinuxString.decode(new byte[] {'a', (byte) 0xff, 'b'}));
    }

    @Test
    void aTruncatedSequenceAtTheEndIsKept() {
        var name = new byte[] {'a', (byte) 0xe2, (byte) 0x82};
        assertArrayEquals(name, LinuxString.encode(LinuxString.decode(name)));
    }

    @Test
    void otherSurrogatesAreNoName() {
        assertEquals(
                Errno.EILSEQ,
                assertThrows(ErrnoException.class, () -> LinuxString.encode("a\ud800")).errno());
    }
}
