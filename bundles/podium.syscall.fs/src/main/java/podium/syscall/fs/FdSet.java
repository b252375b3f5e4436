package podium.syscall.fs;

import podium.syscall.GuestMemory;

/// An `fd_set` of select(2): 32-bit words of bits.
///
/// @param address 0 for none
/// @param asked as the guest gave it
/// @param ready what goes back
/// @param events the bits of poll(2) that make a descriptor ready here
record FdSet(int address, int[] asked, int[] ready, int events) {

    static FdSet of(GuestMemory memory, int address, int count, int events) {
        int words = address == 0 ? 0 : (count + 31) >>> 5;
        memory.slice(address, words * 4);
        var asked = new int[words];
        for (int i = 0; i < words; i++) asked[i] = memory.getInt(address + 4 * i);
        return new FdSet(address, asked, new int[words], events);
    }

    boolean asks(int fd) {
        return asked.length != 0 && (asked[fd >>> 5] >>> fd & 1) != 0;
    }

    /// @return 1
    int mark(int fd) {
        ready[fd >>> 5] |= 1 << fd;
        return 1;
    }

    void put(GuestMemory memory) {
        for (int i = 0; i < ready.length; i++) memory.putInt(address + 4 * i, ready[i]);
    }
}
