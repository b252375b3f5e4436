package podium.syscall.wasi;

import java.util.List;
import podium.syscall.Export;
import podium.syscall.GuestMemory;
import podium.syscall.LinuxString;
import podium.syscall.SignalInfo;
import podium.syscall.Task;
import podium.syscall.wasi.abi.WasiErrno;

/// A program's arguments and environment, its beginning and its end.
public final class ProgramCalls extends WasiFamily {

    /// Signals up to here have Linux's numbers; then Linux has one more.
    private static final int SIGTERM = 15;

    private static final int SIGSYS = 30;

    ProgramCalls(Version version) {
        super(version);
    }

    @Override
    public void begin(Task task) {
        Preopens.open(task);
    }

    @Export
    public int args_sizes_get(Task task, GuestMemory memory, int count, int size) {
        return putSizes(memory, task.process().arguments(), count, size);
    }

    @Export
    public int args_get(Task task, GuestMemory memory, int addresses, int strings) {
        return put(memory, task.process().arguments(), addresses, strings);
    }

    @Export
    public int environ_sizes_get(Task task, GuestMemory memory, int count, int size) {
        return putSizes(memory, task.process().environment(), count, size);
    }

    @Export
    public int environ_get(Task task, GuestMemory memory, int addresses, int strings) {
        return put(memory, task.process().environment(), addresses, strings);
    }

    private static int putSizes(GuestMemory memory, List<String> list, int count, int size) {
        int bytes = 0;
        for (var string : list) bytes += LinuxString.encode(string).length + 1;
        memory.putInt(count, list.size());
        memory.putInt(size, bytes);
        return WasiErrno.SUCCESS;
    }

    private static int put(GuestMemory memory, List<String> list, int addresses, int strings) {
        int at = strings;
        for (int i = 0; i < list.size(); i++) {
            var bytes = LinuxString.encode(list.get(i));
            memory.putInt(addresses + 4 * i, at);
            memory.put(at, bytes);
            memory.putByte(at + bytes.length, (byte) 0);
            at += bytes.length + 1;
        }
        return WasiErrno.SUCCESS;
    }

    @Export
    public void proc_exit(Task task, int status) {
        task.process().exit(task, status);
    }

    @Export
    public int proc_raise(Task task, int signal) {
        if (signal < 0 || signal > SIGSYS) return WasiErrno.INVAL;
        int linux = signal <= SIGTERM ? signal : signal + 1;
        if (signal != 0) task.signals().send(new SignalInfo(linux, 0, task.process().pid(), 0, 0));
        return WasiErrno.SUCCESS;
    }

    @Export
    @SuppressWarnings("ThreadPriorityCheck") // the guest relies on it, or not
    public int sched_yield() {
        Thread.yield();
        return WasiErrno.SUCCESS;
    }
}
