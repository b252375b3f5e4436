package podium.benchmark.peer.chicory;

import com.dylibso.chicory.runtime.HostFunction;
import com.dylibso.chicory.runtime.ImportFunction;
import com.dylibso.chicory.runtime.Instance;
import com.dylibso.chicory.runtime.Memory;
import com.dylibso.chicory.wasm.WasmModule;
import com.dylibso.chicory.wasm.types.FunctionImport;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What a program that computes asks of a kernel: memory, the time, its input, its output. Anything
/// else is not there. Addresses are of one memory, in which mappings lie behind the program's data.
final class LinuxStubs {

    /// The end of the program.
    static final class Exit extends RuntimeException {

        private static final long serialVersionUID = 1;

        final int status;

        Exit(int status) {
            super("status " + status, null, false, false);
            this.status = status;
        }
    }

    private static final int ENOMEM = -12;
    private static final int EBADF = -9;
    private static final int ENOTTY = -25;
    private static final int ENOSYS = -38;
    private static final int PAGE = 4096;

    private final Memory memory;
    private final byte[] input;
    private int read;

    /// Pages up to here were mapped once; those unmapped since, with their bytes, by address.
    private int end;

    private final TreeMap<Integer, Integer> unmapped = new TreeMap<>();

    /// @param base where mappings may begin
    LinuxStubs(Memory memory, int base, byte[] input) {
        this.memory = memory;
        this.input = input;
        end = aligned(base);
    }

    /// All functions that a module imports.
    List<ImportFunction> functions(WasmModule module) {
        return module.importSection().stream()
                .filter(FunctionImport.class::isInstance)
                .map(i -> function(module, (FunctionImport) i))
                .toList();
    }

    private ImportFunction function(WasmModule module, FunctionImport wanted) {
        var name = wanted.name();
        return new HostFunction(
                wanted.module(),
                name,
                module.typeSection().getType(wanted.typeIndex()),
                (Instance _, long... a) -> new long[] {call(name, a)});
    }

    private long call(String name, long[] a) {
        return switch (name) {
            case "exit", "exit_group" -> throw new Exit((int) a[0]);
            case "set_tid_address" -> 1;
            case "brk", "mprotect", "rt_sigprocmask" -> 0;
            case "mmap2" -> map((int) a[1]);
            case "munmap" -> unmap((int) a[0], (int) a[1]);
            case "clock_gettime64" -> time((int) a[0], (int) a[1]);
            case "readv" -> a[0] == 0 ? readVector((int) a[1], (int) a[2]) : EBADF;
            case "writev" -> writeVector((int) a[0], (int) a[1], (int) a[2]);
            case "ioctl" -> ENOTTY;
            default -> ENOSYS;
        };
    }

    // ---- memory

    private static int aligned(int bytes) {
        return bytes + PAGE - 1 & -PAGE;
    }

    /// Pages of zeros.
    int map(int length) {
        int size = aligned(length);
        for (var range : unmapped.entrySet())
            if (range.getValue() >= size) return take(range, size);
        int missing =
                Math.ceilDiv(end + size - memory.pages() * Memory.PAGE_SIZE, Memory.PAGE_SIZE);
        if (missing > 0 && memory.grow(missing) < 0) return ENOMEM;
        int address = end;
        end += size;
        return address;
    }

    private int take(Map.Entry<Integer, Integer> range, int size) {
        int address = range.getKey();
        int rest = range.getValue() - size;
        unmapped.remove(address);
        if (rest > 0) unmapped.put(address + size, rest);
        return address;
    }

    private int unmap(int address, int length) {
        int size = aligned(length);
        memory.fill((byte) 0, address, address + size);
        var before = unmapped.floorEntry(address);
        if (before != null && before.getKey() + before.getValue() == address) {
            address = before.getKey();
            size += before.getValue();
        }
        var after = unmapped.remove(address + size);
        unmapped.put(address, after == null ? size : size + after);
        return 0;
    }

    // ---- the rest

    private int time(int clock, int at) {
        long now = clock == 0 ? System.currentTimeMillis() * 1_000_000 : System.nanoTime();
        memory.writeLong(at, now / 1_000_000_000);
        memory.writeLong(at + 8, now % 1_000_000_000);
        return 0;
    }

    private int readVector(int vector, int count) {
        int before = read;
        for (int i = 0; i < count; i++) {
            int length = Math.min(memory.readInt(vector + 8 * i + 4), input.length - read);
            memory.write(memory.readInt(vector + 8 * i), input, read, length);
            read += length;
        }
        return read - before;
    }

    private int writeVector(int descriptor, int vector, int count) {
        var to = descriptor == 1 ? System.out : System.err;
        int total = 0;
        for (int i = 0; i < count; i++) {
            int length = memory.readInt(vector + 8 * i + 4);
            to.writeBytes(memory.readBytes(memory.readInt(vector + 8 * i), length));
            total += length;
        }
        to.flush();
        return total;
    }
}
