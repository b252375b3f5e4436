package podium.kernel.gate;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import podium.syscall.ErrnoException;
import podium.syscall.GuestMemory;
import podium.syscall.LinuxString;

/// The arguments of system calls as text, in the manner of strace(1).
final class TraceText {

    /// Bytes shown of a buffer.
    private static final int SHOWN = 32;

    private static final Map<Integer, String> OPEN_FLAGS =
            ordered(
                    04010000, "O_SYNC",
                    020200000, "O_TMPFILE",
                    0100, "O_CREAT",
                    0200, "O_EXCL",
                    0400, "O_NOCTTY",
                    01000, "O_TRUNC",
                    02000, "O_APPEND",
                    04000, "O_NONBLOCK",
                    040000, "O_DIRECT",
                    0100000, "O_LARGEFILE",
                    0200000, "O_DIRECTORY",
                    0400000, "O_NOFOLLOW",
                    02000000, "O_CLOEXEC",
                    010000000, "O_PATH");
    private static final Map<Integer, String> AT_FLAGS =
            ordered(
                    0x100, "AT_SYMLINK_NOFOLLOW",
                    0x200, "AT_REMOVEDIR",
                    0x400, "AT_SYMLINK_FOLLOW",
                    0x800, "AT_NO_AUTOMOUNT",
                    0x1000, "AT_EMPTY_PATH");
    private static final Map<Integer, String> PROTECTIONS =
            ordered(1, "PROT_READ", 2, "PROT_WRITE", 4, "PROT_EXEC");
    private static final Map<Integer, String> MAP_FLAGS =
            ordered(
                    1, "MAP_SHARED",
                    2, "MAP_PRIVATE",
                    0x10, "MAP_FIXED",
                    0x20, "MAP_ANONYMOUS",
                    0x4000, "MAP_NORESERVE",
                    0x20000, "MAP_STACK");
    private static final String[] CLOCKS = {
        "CLOCK_REALTIME",
        "CLOCK_MONOTONIC",
        "CLOCK_PROCESS_CPUTIME_ID",
        "CLOCK_THREAD_CPUTIME_ID",
        "CLOCK_MONOTONIC_RAW",
        "CLOCK_REALTIME_COARSE",
        "CLOCK_MONOTONIC_COARSE",
        "CLOCK_BOOTTIME"
    };
    private static final String[] WHENCES = {
        "SEEK_SET", "SEEK_CUR", "SEEK_END", "SEEK_DATA", "SEEK_HOLE"
    };
    private static final String[] MASK_HOWS = {"SIG_BLOCK", "SIG_UNBLOCK", "SIG_SETMASK"};
    private static final String[] EPOLL_OPERATIONS = {
        "0", "EPOLL_CTL_ADD", "EPOLL_CTL_DEL", "EPOLL_CTL_MOD"
    };
    private static final String[] FUTEX_OPERATIONS = {
        "FUTEX_WAIT",
        "FUTEX_WAKE",
        "FUTEX_FD",
        "FUTEX_REQUEUE",
        "FUTEX_CMP_REQUEUE",
        "FUTEX_WAKE_OP",
        "FUTEX_LOCK_PI",
        "FUTEX_UNLOCK_PI",
        "FUTEX_TRYLOCK_PI",
        "FUTEX_WAIT_BITSET",
        "FUTEX_WAKE_BITSET"
    };
    private static final String[] FCNTLS = {
        "F_DUPFD", "F_GETFD", "F_SETFD", "F_GETFL", "F_SETFL", "F_GETLK", "F_SETLK", "F_SETLKW"
    };
    private static final Map<Integer, String> IOCTLS =
            ordered(
                    0x5401, "TCGETS",
                    0x5402, "TCSETS",
                    0x5403, "TCSETSW",
                    0x5404, "TCSETSF",
                    0x5413, "TIOCGWINSZ",
                    0x541b, "FIONREAD",
                    0x5421, "FIONBIO",
                    0x5450, "FIONCLEX",
                    0x5451, "FIOCLEX");

    private TraceText() {}

    /// One argument of a kind that `syscalls.tbl` names.
    static void append(
            StringBuilder line,
            GuestMemory memory,
            String kind,
            long[] arguments,
            int index,
            String result) {
        int value = (int) arguments[index];
        switch (kind) {
            case "dirfd" -> line.append(value == -100 ? "AT_FDCWD" : Integer.toString(value));
            case "fd", "int", "size" -> line.append(value);
            case "mode" -> line.append('0').append(Integer.toOctalString(value));
            case "hex" -> appendHex(line, value);
            case "ptr" -> line.append(value == 0 ? "NULL" : "0x" + Integer.toHexString(value));
            case "path" -> appendPath(line, memory, value);
            case "wbuf" -> appendBytes(line, memory, value, (int) arguments[index + 1]);
            case "rbuf" -> appendBytes(line, memory, value, count(result));
            case "oflags" -> appendOpenFlags(line, value);
            case "atflags" -> appendFlags(line, AT_FLAGS, value);
            case "prot" -> appendFlags(line, PROTECTIONS, value);
            case "mapflags" -> appendFlags(line, MAP_FLAGS, value);
            case "clock" -> appendNamed(line, CLOCKS, value);
            case "whence" -> appendNamed(line, WHENCES, value);
            case "sighow" -> appendNamed(line, MASK_HOWS, value);
            case "epollop" -> appendNamed(line, EPOLL_OPERATIONS, value);
            case "fcntl" -> appendNamed(line, FCNTLS, value);
            case "ioctl" ->
                    line.append(IOCTLS.getOrDefault(value, "0x" + Integer.toHexString(value)));
            case "futexop" -> {
                appendNamed(line, FUTEX_OPERATIONS, value & 0x7f);
                if ((value & 0x80) != 0) line.append("|FUTEX_PRIVATE_FLAG");
            }
            case "signal" -> line.append(SignalNames.name(value));
            case "fds" -> appendPair(line, memory, value);
            case "iov" -> appendVector(line, memory, value, (int) arguments[index + 1], result);
            case "timespec" -> appendTime(line, memory, value);
            case "strings" -> appendStrings(line, memory, value);
            default -> appendNumber(line, value);
        }
    }

    static void appendNumber(StringBuilder line, int value) {
        if (value >= -4096 && value <= 65_535) line.append(value);
        else appendHex(line, value);
    }

    private static void appendHex(StringBuilder line, int value) {
        line.append(value == 0 ? "0" : "0x" + Integer.toHexString(value));
    }

    private static int count(String result) {
        try {
            return Integer.parseInt(result);
        } catch (NumberFormatException e) {
            return 0; // an error, or nothing: there is no content to show
        }
    }

    private static void appendPath(StringBuilder line, GuestMemory memory, int address) {
        if (address == 0) {
            line.append("NULL");
            return;
        }
        try {
            quote(line, LinuxString.encode(memory.string(address)), Integer.MAX_VALUE);
        } catch (ErrnoException e) {
            appendHex(line, address);
        }
    }

    private static void appendBytes(StringBuilder line, GuestMemory memory, int address, int n) {
        if (address == 0) {
            line.append("NULL");
            return;
        }
        try {
            int shown = Integer.compareUnsigned(n, SHOWN) > 0 ? SHOWN : n;
            quote(line, memory.bytes(address, shown), SHOWN);
            if (shown != n) line.append("...");
        } catch (ErrnoException e) {
            appendHex(line, address);
        }
    }

    private static void appendVector(
            StringBuilder line, GuestMemory memory, int address, int count, String result) {
        try {
            line.append('[');
            for (int i = 0; i < count && i < 8; i++) {
                int base = memory.getInt(address + 8 * i);
                int length = memory.getInt(address + 8 * i + 4);
                line.append(i > 0 ? ", {" : "{");
                appendBytes(line, memory, base, result.startsWith("-") ? 0 : length);
                line.append(", ").append(length).append('}');
            }
            line.append(count > 8 ? ", ...]" : "]");
        } catch (ErrnoException e) {
            appendHex(line, address);
        }
    }

    private static void appendPair(StringBuilder line, GuestMemory memory, int address) {
        try {
            line.append('[').append(memory.getInt(address)).append(", ");
            line.append(memory.getInt(address + 4)).append(']');
        } catch (ErrnoException e) {
            appendHex(line, address);
        }
    }

    private static void appendTime(StringBuilder line, GuestMemory memory, int address) {
        try {
            line.append("{tv_sec=").append(memory.getLong(address));
            line.append(", tv_nsec=").append(memory.getInt(address + 8)).append('}');
        } catch (ErrnoException e) {
            appendHex(line, address);
        }
    }

    private static void appendStrings(StringBuilder line, GuestMemory memory, int address) {
        try {
            line.append('[');
            for (int i = 0; ; i++) {
                int string = memory.getInt(address + 4 * i);
                if (string == 0) break;
                if (i > 0) line.append(", ");
                if (i == 8) {
                    line.append("...");
                    break;
                }
                appendPath(line, memory, string);
            }
            line.append(']');
        } catch (ErrnoException e) {
            appendHex(line, address);
        }
    }

    private static void quote(StringBuilder line, byte[] bytes, int limit) {
        line.append('"');
        for (int i = 0; i < bytes.length && i < limit; i++)
            switch (bytes[i]) {
                case '"' -> line.append("\\\"");
                case '\\' -> line.append("\\\\");
                case '\n' -> line.append("\\n");
                case '\r' -> line.append("\\r");
                case '\t' -> line.append("\\t");
                default -> {
                    if (bytes[i] >= 32 && bytes[i] < 127) line.append((char) bytes[i]);
                    else line.append(String.format("\\x%02x", bytes[i]));
                }
            }
        line.append('"');
    }

    private static void appendOpenFlags(StringBuilder line, int flags) {
        line.append(
                switch (flags & 3) {
                    case 0 -> "O_RDONLY";
                    case 1 -> "O_WRONLY";
                    default -> "O_RDWR";
                });
        if ((flags & ~3) == 0) return;
        line.append('|');
        appendFlags(line, OPEN_FLAGS, flags & ~3);
    }

    private static void appendFlags(StringBuilder line, Map<Integer, String> names, int flags) {
        int left = flags;
        int start = line.length();
        for (var entry : names.entrySet()) {
            int bits = entry.getKey();
            if ((left & bits) != bits) continue;
            if (line.length() > start) line.append('|');
            line.append(entry.getValue());
            left &= ~bits;
        }
        if (left != 0 || flags == 0) {
            if (line.length() > start) line.append('|');
            appendHex(line, left);
        }
    }

    private static void appendNamed(StringBuilder line, @Nullable String[] names, int value) {
        if (value >= 0 && value < names.length) line.append(names[value]);
        else line.append(value);
    }

    private static Map<Integer, String> ordered(Object... pairs) {
        var map = new java.util.LinkedHashMap<Integer, String>();
        for (int i = 0; i < pairs.length; i += 2)
            map.put((Integer) pairs[i], (String) pairs[i + 1]);
        return map;
    }
}
