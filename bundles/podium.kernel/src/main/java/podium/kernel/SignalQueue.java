package podium.kernel;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;
import podium.syscall.SignalInfo;

/// Pending signals, of a task or of its process as a whole. Guarded by [ProcessSignals].
final class SignalQueue {

    /// RLIMIT_SIGPENDING.
    private static final int LIMIT = 1024;

    private final ArrayDeque<SignalInfo> queue = new ArrayDeque<>();
    private long set;

    long set() {
        return set;
    }

    /// Adds a signal; a standard one that is pending already counts once.
    ///
    /// @return false when there is no room
    boolean add(SignalInfo info) {
        long bit = Signals.bit(info.signal());
        if ((set & bit) != 0 && info.signal() < Signals.FIRST_REALTIME) return true;
        if (queue.size() >= LIMIT) return false;
        set |= bit;
        return queue.add(info);
    }

    /// Takes the lowest number out of a set, the oldest of it.
    @Nullable SignalInfo take(long wanted) {
        long candidates = set & wanted;
        if (candidates == 0) return null;
        int signal = Long.numberOfTrailingZeros(candidates) + 1;
        SignalInfo taken = null;
        boolean more = false;
        for (var each = queue.iterator(); each.hasNext(); ) {
            var info = each.next();
            if (info.signal() != signal) continue;
            if (taken == null) {
                taken = info;
                each.remove();
            } else more = true;
        }
        if (!more) set &= ~Signals.bit(signal);
        return taken;
    }

    void remove(long signals) {
        queue.removeIf(info -> (Signals.bit(info.signal()) & signals) != 0);
        set &= ~signals;
    }
}
