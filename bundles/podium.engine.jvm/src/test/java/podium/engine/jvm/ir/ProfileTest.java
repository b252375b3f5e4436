package podium.engine.jvm.ir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class ProfileTest {

    @Test
    void keepsCountsAndRefusals() throws IOException {
        var profile = new Profile();
        profile.add(7, new long[] {3, 0, 5_000_000_000L});
        profile.add(8, new long[] {0, 0});
        profile.refuse("f");
        profile.refuse("f");
        profile.refuse("g h");
        var text = new StringWriter();
        profile.writeTo(text);
        assertEquals("7 3 0 5000000000\n! f\n! f\n! g h\n", text.toString());
        var read = Profile.readFrom(new StringReader(text.toString()));
        assertEquals(3, read.entries(7));
        assertEquals(0, read.entries(8));
        assertEquals(2, read.refusals("f"));
        assertEquals(1, read.refusals("g h"));
        assertEquals(0, read.refusals("g"));
    }

    @Test
    void otherLinesAreRefused() {
        for (var text : new String[] {"1 x\n", "? f\n", "! \n!\n"})
            assertThrows(IOException.class, () -> Profile.readFrom(new StringReader(text)), text);
    }
}
