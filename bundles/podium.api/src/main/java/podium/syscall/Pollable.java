package podium.syscall;

/// Something that can become ready; the only way to wait in this kernel.
///
/// Thread-safe.
public interface Pollable {

    /// Bits of poll(2).
    int IN = 0x001;
    int PRI = 0x002;
    int OUT = 0x004;
    int ERR = 0x008;
    int HUP = 0x010;
    int RDHUP = 0x2000;

    /// What is ready now: any of the bits above.
    int readiness();

    /// Adds a watcher, called whenever readiness may have changed. A change between a look at
    /// [#readiness()] and this call is not reported: add the watcher first, then look.
    void watch(Watcher watcher);

    /// Removes a watcher. Calls already on their way may still arrive.
    void unwatch(Watcher watcher);

    /// Is told that readiness may have changed. Called by any thread, possibly with the pollable's
    /// locks held: it must return at once and call back into nothing but its own state.
    @FunctionalInterface
    interface Watcher {

        /// @param events a hint which bits rose; others may have, too
        void changed(int events);
    }
}
