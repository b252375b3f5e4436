package podium.kernel.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class SyscallTableTest {

    /// The guests' C library and the kernel mean the same by every number.
    @Test
    void agreesWithTheGuests() throws IOException {
        int compared = 0;
        for (var line : Files.readAllLines(Path.of("../podium.guest.libc/musl/syscalls.tsv"))) {
            if (line.startsWith("#") || line.isBlank()) continue;
            var words = line.split("\\s+");
            int number = Integer.parseInt(words[0]);
            assertEquals(words[1], SyscallTable.name(number), line);
            var kinds = SyscallTable.kinds(words[1]);
            if (kinds != null) assertEquals(words.length - 4, kinds.size(), line);
            compared++;
        }
        assertTrue(compared > 250);
    }

    @Test
    void numbersOutOfRangeHaveNoName() {
        assertNull(SyscallTable.name(-1));
        assertNull(SyscallTable.name(SyscallTable.SIZE));
        assertNull(SyscallTable.name(SyscallTable.SIZE - 1));
    }
}
