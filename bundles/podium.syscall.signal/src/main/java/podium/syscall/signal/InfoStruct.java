package podium.syscall.signal;

import podium.syscall.GuestMemory;
import podium.syscall.SignalInfo;

/// `siginfo_t` in guest memory: 128 bytes of signo, errno, code, pid, uid, value.
final class InfoStruct {

    private static final int SIZE = 128;

    private InfoStruct() {}

    static void write(GuestMemory memory, int address, SignalInfo info) {
        memory.clear(address, SIZE);
        memory.putInt(address, info.signal());
        memory.putInt(address + 8, info.code());
        memory.putInt(address + 12, info.pid());
        memory.putInt(address + 16, info.uid());
        memory.putInt(address + 20, info.value());
    }

    static SignalInfo read(GuestMemory memory, int address, int signal) {
        return new SignalInfo(
                signal,
                memory.getInt(address + 8),
                memory.getInt(address + 12),
                memory.getInt(address + 16),
                memory.getInt(address + 20));
    }
}
