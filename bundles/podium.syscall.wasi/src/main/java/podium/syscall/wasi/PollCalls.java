package podium.syscall.wasi;

import java.util.Arrays;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import podium.syscall.Clock;
import podium.syscall.ErrnoException;
import podium.syscall.Export;
import podium.syscall.GuestMemory;
import podium.syscall.KernelObjects;
import podium.syscall.OpenFile;
import podium.syscall.Pollable;
import podium.syscall.Task;
import podium.syscall.wasi.abi.Rights;
import podium.syscall.wasi.abi.WasiErrno;

/// Waiting, for clocks and for whatever can be polled.
public final class PollCalls extends WasiFamily {

    private static final int CLOCK = 0;
    private static final int FD_READ = 1;
    private static final int FD_WRITE = 2;
    private static final int ABSTIME = 1;
    private static final int EVENT = 32;

    /// Where a subscription's kind is, and a file's descriptor.
    private static final int KIND = 8;

    private static final int DESCRIPTOR = 16;
    private static final int HANGUP = 1;

    /// The most subscriptions of one call.
    private static final int MOST = 4096;

    private final KernelObjects kernel;
    private final LongSupplier wallClock;

    PollCalls(Version version, KernelObjects kernel) {
        this(version, kernel, Clock::realtime);
    }

    /// @param wallClock as [Clock#realtime]
    PollCalls(Version version, KernelObjects kernel, LongSupplier wallClock) {
        super(version);
        this.kernel = kernel;
        this.wallClock = wallClock;
    }

    @Export
    public int poll_oneoff(
            Task task, GuestMemory memory, int subscriptions, int events, int count, int result) {
        if (count == 0 || Integer.compareUnsigned(count, MOST) > 0) return WasiErrno.INVAL;
        memory.slice(subscriptions, count * version.subscriptionSize());
        memory.slice(events, count * EVENT);
        memory.slice(result, 4);
        var round = new Round(task, memory, events);
        for (int i = 0; i < count; i++) round.look(subscriptions + i * version.subscriptionSize());
        if (round.happened == 0) return round.block();
        memory.putInt(result, round.happened);
        return WasiErrno.SUCCESS;
    }

    /// One look at all subscriptions. Events go to the guest's memory as they are found.
    private final class Round {

        private final Task task;
        private final GuestMemory memory;
        private final int events;

        /// What each clock said when the call began. All times count from there, those of the wall
        /// clock, too: as clock_nanosleep(2) here, a wait ends when it was to, whoever sets that.
        private final long[] began;

        private final long now;
        private Pollable[] files = new Pollable[8];
        private int[] wanted = new int[8];
        private int waiting;
        private long soonest = Task.FOREVER;
        private int happened;

        Round(Task task, GuestMemory memory, int events) {
            this.task = task;
            this.memory = memory;
            this.events = events;
            now = task.process().monotonic();
            began =
                    task.kept() instanceof long[] start
                            ? start
                            : new long[] {wallClock.getAsLong(), now};
        }

        void look(int at) {
            int kind = memory.getByte(at + KIND);
            switch (kind) {
                case CLOCK -> clock(at, at + version.clockOffset());
                case FD_READ -> file(at, kind, Pollable.IN, Rights.FD_READ);
                case FD_WRITE -> file(at, kind, Pollable.OUT, Rights.FD_WRITE);
                default -> event(at, kind, WasiErrno.INVAL);
            }
        }

        private void clock(int at, int clock) {
            int number = memory.getInt(clock);
            long time = memory.getLong(clock + 8);
            boolean absolute = (memory.getShort(clock + 24) & ABSTIME) != 0;
            if (number != Clock.REALTIME && number != Clock.MONOTONIC) {
                event(at, CLOCK, WasiErrno.NOTSUP);
                return;
            }
            // Unsigned; what is beyond the greatest long never comes.
            if (time < 0) time = Long.MAX_VALUE;
            long start = absolute ? began[number] : 0;
            long left = time - start - (now - began[Clock.MONOTONIC]);
            if (left <= 0) event(at, CLOCK, WasiErrno.SUCCESS);
            else soonest = Math.min(soonest, left);
        }

        private void file(int at, int kind, int events, long right) {
            int fd = memory.getInt(at + DESCRIPTOR);
            OpenFile file;
            try {
                file = task.files().get(fd);
                if (Rights.lacks(task, fd, file, Rights.POLL_FD_READWRITE)
                        && Rights.lacks(task, fd, file, right)) {
                    event(at, kind, WasiErrno.NOTCAPABLE);
                    return;
                }
            } catch (ErrnoException e) {
                event(at, kind, WasiErrno.BADF);
                return;
            }
            int ready = file.readiness() & (events | Pollable.ERR | Pollable.HUP);
            if (ready == 0) add(file, events);
            else {
                int event = event(at, kind, WasiErrno.SUCCESS);
                memory.putLong(event + 16, kind == FD_READ ? available(file) : 1);
                if ((ready & Pollable.HUP) != 0) memory.putShort(event + 24, (short) HANGUP);
            }
        }

        /// Bytes that can be read: of a file those up to its end, of anything else at least one.
        private long available(OpenFile file) {
            var attributes = file.attributes();
            if (!attributes.isRegular()) return 1;
            return Math.max(0, attributes.size() - Math.max(0, file.seek(0, 1)));
        }

        /// @return where the event is
        private int event(int at, int kind, int error) {
            int event = events + EVENT * happened++;
            long userdata = memory.getLong(at);
            memory.clear(event, EVENT);
            memory.putLong(event, userdata);
            memory.putShort(event + 8, (short) error);
            memory.putByte(event + 10, (byte) kind);
            return event;
        }

        private void add(Pollable file, int events) {
            if (waiting == files.length) {
                files = Arrays.copyOf(files, 2 * waiting);
                wanted = Arrays.copyOf(wanted, 2 * waiting);
            }
            files[waiting] = file;
            wanted[waiting++] = events;
        }

        int block() {
            task.keep(began);
            return task.block(all(), Pollable.IN, soonest);
        }

        private @Nullable Pollable all() {
            if (waiting == 0) return null;
            return kernel.any(Arrays.copyOf(files, waiting), Arrays.copyOf(wanted, waiting));
        }
    }
}
