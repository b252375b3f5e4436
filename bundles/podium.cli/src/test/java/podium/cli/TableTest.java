package podium.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

class TableTest {

    private static final Table TABLE =
            new Table(
                    List.of("POD", "PID"),
                    List.of(List.of("a-long-name", "1"), List.of("b", "22")));

    private static String print(boolean json) {
        var out = new StringWriter();
        TABLE.print(new PrintWriter(out), json);
        return out.toString();
    }

    @Test
    void alignsColumns() {
        assertEquals("POD          PID\na-long-name  1\nb            22\n", print(false));
    }

    @Test
    void writesALineOfJsonForEachRow() {
        assertEquals(
                "{\"pod\":\"a-long-name\",\"pid\":\"1\"}\n{\"pod\":\"b\",\"pid\":\"22\"}\n",
                print(true));
    }
}
