package podium.syscall.net;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Map;
import podium.syscall.Task;

/// The options of one socket that mean something inside a pod. The others are kept by
/// [OptionCalls] for the guest to read back. Thread-safe: single values.
final class SocketOptions {

    /// net.core.wmem_default, rmem_default.
    static final int DEFAULT_BUFFER = 212_992;

    /// The largest SO_SNDBUF and SO_RCVBUF, in bytes as getsockopt(2) shows them (doubled).
    static final int MAX_BUFFER = 2 << 20;

    static final int MIN_BUFFER = 4608;

    volatile boolean reuseAddress;
    volatile boolean reusePort;
    volatile boolean onlySix;
    volatile boolean broadcast;
    volatile boolean passCredentials;
    volatile boolean noDelay;
    volatile boolean keepAlive;

    /// Seconds of SO_LINGER; negative when it is off.
    volatile int linger = -1;

    /// Nanoseconds, [Task#FOREVER] for none.
    volatile long receiveTimeout = Task.FOREVER;

    volatile long sendTimeout = Task.FOREVER;

    /// Bytes; 0 while the kernel's default counts.
    volatile int receiveBuffer;

    volatile int sendBuffer;

    /// Values that are kept for the guest alone, by level and name.
    final java.util.concurrent.ConcurrentHashMap<Long, Integer> others =
            new java.util.concurrent.ConcurrentHashMap<>(4);

    /// Takes over all.
    void take(SocketOptions from) {
        inherit(from);
        broadcast = from.broadcast;
        passCredentials = from.passCredentials;
    }

    /// For [#read]: flags, times and sizes, and what is kept for the guest alone.
    void write(DataOutputStream out) throws IOException {
        boolean[] flags = {
            reuseAddress, reusePort, onlySix, broadcast, passCredentials, noDelay, keepAlive
        };
        for (boolean flag : flags) out.writeBoolean(flag);
        out.writeInt(linger);
        out.writeLong(receiveTimeout);
        out.writeLong(sendTimeout);
        out.writeInt(receiveBuffer);
        out.writeInt(sendBuffer);
        var kept = Map.copyOf(others);
        out.writeInt(kept.size());
        for (var each : kept.entrySet()) {
            out.writeLong(each.getKey());
            out.writeInt(each.getValue());
        }
    }

    /// Takes over what [#write] wrote; what is out of range, as the nearest that is not.
    void read(DataInputStream in) throws IOException {
        reuseAddress = in.readBoolean();
        reusePort = in.readBoolean();
        onlySix = in.readBoolean();
        broadcast = in.readBoolean();
        passCredentials = in.readBoolean();
        noDelay = in.readBoolean();
        keepAlive = in.readBoolean();
        linger = Math.max(-1, in.readInt());
        receiveTimeout = Math.max(0, in.readLong());
        sendTimeout = Math.max(0, in.readLong());
        receiveBuffer = buffer(in.readInt());
        sendBuffer = buffer(in.readInt());
        int count = in.readInt();
        for (int i = 0; i < count; i++) others.put(in.readLong(), in.readInt());
    }

    private static int buffer(int size) {
        return size <= 0 ? 0 : Math.clamp(size, MIN_BUFFER, MAX_BUFFER);
    }

    /// What accept(2) hands on.
    void inherit(SocketOptions from) {
        reuseAddress = from.reuseAddress;
        reusePort = from.reusePort;
        onlySix = from.onlySix;
        noDelay = from.noDelay;
        keepAlive = from.keepAlive;
        linger = from.linger;
        receiveTimeout = from.receiveTimeout;
        sendTimeout = from.sendTimeout;
        receiveBuffer = from.receiveBuffer;
        sendBuffer = from.sendBuffer;
        if (!from.others.isEmpty()) others.putAll(from.others);
    }
}
