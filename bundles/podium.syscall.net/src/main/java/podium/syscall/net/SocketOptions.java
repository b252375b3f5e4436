package podium.syscall.net;

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
