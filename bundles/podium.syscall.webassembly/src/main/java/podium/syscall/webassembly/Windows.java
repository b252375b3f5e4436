package podium.syscall.webassembly;

import podium.engine.Memory;
import podium.engine.MemoryType;
import podium.engine.OutOfMemoryException;
import podium.syscall.AddressSpace;
import podium.syscall.Errno;
import podium.syscall.ErrnoException;
import podium.syscall.GuestMemory;
import podium.syscall.Process;
import podium.syscall.Task;

/// Makes memories inside the guest's own, which it can therefore see as any other bytes of its. A
/// memory cannot move, so room to grow is kept behind each; what is beyond is found only if it is
/// free.
///
/// @param changes where the guest counts that memories grew
record Windows(Task task, int changes) {

    /// Room to grow that is kept at first, in pages; less if there is less.
    private static final int ROOM = 1024;

    /// Whether the engine that runs the program can have memories in its memory.
    static boolean possible(Task task) {
        try {
            task.memory().memory().window(0, new MemoryType(0, 0, false), (_, _) -> false);
            return true;
        } catch (UnsupportedOperationException e) {
            return false;
        }
    }

    /// @throws OutOfMemoryException there is no room
    Window make(MemoryType type) {
        int pages = Math.min(type.maximum(), type.minimum() + ROOM);
        for (; ; pages = type.minimum() + (pages - type.minimum()) / 2) {
            try {
                return make(type, pages);
            } catch (ErrnoException e) {
                if (pages == type.minimum())
                    throw new OutOfMemoryException(
                            "no room for a memory of " + type.minimum() + " pages");
            }
        }
    }

    private Window make(MemoryType type, int pages) {
        int bytes = Math.max(bytes(pages), MemoryType.PAGE); // even one of no size has a place
        return at(type, task.process().addressSpace().map(0, bytes, false), bytes);
    }

    private Window at(MemoryType type, int address, int bytes) {
        var guest = task.memory().memory();
        var room = new Room(task.process(), guest, address, bytes, changes);
        return new Window(guest.window(Integer.toUnsignedLong(address), type, room::allow), room);
    }

    /// Makes one again where another process had it, with what is there.
    ///
    /// @param bytes that it has room for
    /// @throws ErrnoException `EINVAL`: that is not in the guest's memory
    Window again(MemoryType type, int address, int bytes) {
        long start = Integer.toUnsignedLong(address);
        long room = Integer.toUnsignedLong(bytes);
        if ((start | room) % AddressSpace.PAGE != 0
                || start + room > task.memory().memory().size()
                || (long) type.minimum() * MemoryType.PAGE > room) throw Errno.EINVAL.exception();
        return at(type, address, bytes);
    }

    private static int bytes(long pages) {
        if (pages >= 65_536) throw Errno.ENOMEM.exception();
        return (int) (pages * MemoryType.PAGE);
    }

    /// A memory and the room it has.
    record Window(Memory memory, Room room) {}

    /// The mapping a memory lies in.
    static final class Room {

        private final Process process;
        private final Memory around;
        final int address;
        final int changes;
        private int bytes;

        Room(Process process, Memory around, int address, int bytes, int changes) {
            this.process = process;
            this.around = around;
            this.address = address;
            this.bytes = bytes;
            this.changes = changes;
        }

        synchronized boolean allow(long before, long after) {
            if (after > Integer.toUnsignedLong(bytes) && !extend(after)) return false;
            var memory = new GuestMemory(around);
            memory.putInt(changes, memory.getInt(changes) + 1);
            return true;
        }

        private boolean extend(long after) {
            try {
                int wanted = Windows.bytes(after / MemoryType.PAGE);
                process.addressSpace().remap(address, bytes, wanted, false);
                bytes = wanted;
                return true;
            } catch (ErrnoException e) {
                return false;
            }
        }

        synchronized int bytes() {
            return bytes;
        }

        /// Gives its pages back.
        synchronized void free() {
            process.addressSpace().unmap(address, bytes);
        }
    }
}
