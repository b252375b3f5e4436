package podium.kernel;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import podium.syscall.AddressSpace;
import podium.syscall.Credentials;
import podium.syscall.Errno;
import podium.syscall.GuestMemory;
import podium.syscall.LinuxString;

/// What Linux puts on a new program's stack: argc, argv, envp and the auxiliary vector
/// (getauxval(3)).
final class ArgumentBlock {

    /// The most bytes of all strings together, as Linux has it for a stack of 8 MiB.
    private static final int LIMIT = 2 << 20;

    private static final int AT_PAGESZ = 6;
    private static final int AT_UID = 11;
    private static final int AT_EUID = 12;
    private static final int AT_GID = 13;
    private static final int AT_EGID = 14;
    private static final int AT_CLKTCK = 17;
    private static final int AT_SECURE = 23;
    private static final int AT_RANDOM = 25;
    private static final int AT_EXECFN = 31;
    private static final int TICKS = 100;
    private static final int RANDOM_BYTES = 16;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final List<byte[]> strings = new ArrayList<>();
    private int stringBytes;

    private ArgumentBlock() {}

    /// Whether the strings of a program fit.
    ///
    /// @throws podium.syscall.ErrnoException `E2BIG`
    static void check(List<String> arguments, List<String> environment) {
        long bytes = 4L * (arguments.size() + environment.size());
        for (var s : arguments) bytes += s.length() + 1;
        for (var s : environment) bytes += s.length() + 1;
        if (bytes > LIMIT) throw Errno.E2BIG.exception();
    }

    /// Maps room for the block and writes it.
    ///
    /// @return its address
    static int write(
            GuestMemory memory, AddressSpace space, Program program, Credentials credentials) {
        var block = new ArgumentBlock();
        for (var argument : program.arguments()) block.add(argument);
        for (var variable : program.environment()) block.add(variable);
        block.add(program.path());
        return block.place(memory, space, program, credentials);
    }

    private void add(String string) {
        var bytes = LinuxString.encode(string);
        strings.add(bytes);
        stringBytes += bytes.length + 1;
    }

    private int place(
            GuestMemory memory, AddressSpace space, Program program, Credentials credentials) {
        int argc = program.arguments().size();
        int envc = program.environment().size();
        int words = 1 + argc + 1 + envc + 1 + 2 * 10;
        int stringsOffset = words * 4 + RANDOM_BYTES;
        int block = space.map(0, stringsOffset + stringBytes, false);
        int random = block + words * 4;
        var seed = new byte[RANDOM_BYTES];
        RANDOM.nextBytes(seed);
        memory.put(random, seed);
        var addresses = new int[strings.size()];
        int at = block + stringsOffset;
        for (int i = 0; i < addresses.length; i++) {
            addresses[i] = at;
            memory.put(at, strings.get(i)); // the NUL is there: the pages are fresh
            at += strings.get(i).length + 1;
        }
        var out = new Words(memory, block);
        out.put(argc);
        for (int i = 0; i < argc; i++) out.put(addresses[i]);
        out.put(0);
        for (int i = argc; i < argc + envc; i++) out.put(addresses[i]);
        out.put(0);
        out.put(AT_PAGESZ, AddressSpace.PAGE);
        out.put(AT_UID, credentials.uid());
        out.put(AT_EUID, credentials.euid());
        out.put(AT_GID, credentials.gid());
        out.put(AT_EGID, credentials.egid());
        out.put(AT_CLKTCK, TICKS);
        out.put(AT_SECURE, 0);
        out.put(AT_RANDOM, random);
        out.put(AT_EXECFN, addresses[argc + envc]);
        out.put(0, 0);
        return block;
    }

    private static final class Words {

        private final GuestMemory memory;
        private int at;

        Words(GuestMemory memory, int at) {
            this.memory = memory;
            this.at = at;
        }

        void put(int... values) {
            for (int value : values) {
                memory.putInt(at, value);
                at += 4;
            }
        }
    }
}
