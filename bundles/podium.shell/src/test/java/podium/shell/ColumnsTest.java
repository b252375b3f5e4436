package podium.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class ColumnsTest {

    @Test
    void alignsBothWays() {
        var columns = new Columns("POD", ">PID", "COMMAND");
        columns.add("a", 1, "node");
        columns.add("longer", 1234, "node server.js");
        assertEquals(
                """
                POD      PID  COMMAND
                a          1  node
                longer  1234  node server.js""",
                columns.toString());
    }

    @Test
    void theTailIsWhatWasWrittenLast() throws IOException {
        var tail = new Tail();
        tail.write("x".repeat(Tail.LIMIT).getBytes());
        tail.write("end".getBytes());
        assertEquals(Tail.LIMIT, tail.text().length());
        assertEquals("xend", tail.text().substring(Tail.LIMIT - 4));
        tail.write(("y".repeat(Tail.LIMIT) + "last").getBytes());
        assertEquals("yylast", tail.text().substring(Tail.LIMIT - 6));
        var small = new Tail();
        for (int i = 0; i < 3000; i++) small.write('a' + i % 26);
        assertEquals(3000, small.text().length());
        assertEquals("abc", small.text().substring(0, 3));
    }
}
