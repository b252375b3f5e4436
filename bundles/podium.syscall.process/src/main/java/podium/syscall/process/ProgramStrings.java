package podium.syscall.process;

import java.util.ArrayList;
import java.util.List;
import podium.syscall.Errno;
import podium.syscall.GuestMemory;
import podium.syscall.LinuxString;

/// The arguments and environment of execve(2), as the guest gives them.
final class ProgramStrings {

    /// The most bytes of one string (MAX_ARG_STRLEN).
    private static final int LONGEST = 131_072;

    /// The most bytes of all together.
    private static final int ALL = 2 << 20;

    private ProgramStrings() {}

    /// @param address of an array that ends with a null pointer; 0 for an empty one
    /// @throws podium.syscall.ErrnoException `E2BIG`, `EFAULT`
    static List<String> read(GuestMemory memory, int address) {
        var strings = new ArrayList<String>();
        if (address == 0) return strings;
        int bytes = 0;
        for (int at = address; ; at += 4) {
            int string = memory.getInt(at);
            if (string == 0) return strings;
            int length = length(memory, string);
            bytes += length + 5;
            if (bytes > ALL) throw Errno.E2BIG.exception();
            strings.add(LinuxString.decode(memory.bytes(string, length)));
        }
    }

    private static int length(GuestMemory memory, int address) {
        for (int length = 0; length < LONGEST; length++)
            if (memory.getByte(address + length) == 0) return length;
        throw Errno.E2BIG.exception();
    }
}
