package podium.engine.v8;

import org.jspecify.annotations.Nullable;

/// Who is inside an isolate, and who needs it.
///
/// One thread is inside at a time, and may be so several times over: a host function that a guest
/// called goes in again. Another one waits while what is done inside takes a moment only, and is
/// refused while a guest runs, which may be for ever.
///
/// Thread-safe.
final class Occupancy {

    private @Nullable Thread owner;
    private int depth;

    /// How many of the owner's entries run a guest.
    private int guests;

    private int users = 1;

    // ---- users

    synchronized void retain() {
        users++;
    }

    /// @return whether the isolate is to be closed now: nobody needs it, and nobody is inside
    synchronized boolean release() {
        return --users == 0 && owner == null;
    }

    // ---- inside

    synchronized boolean isMine() {
        return owner == Thread.currentThread();
    }

    /// @return the depth of this entry, 1 for the outermost
    /// @throws IllegalStateException another thread runs a guest inside, or the isolate is closed
    synchronized int enter(boolean guest) {
        boolean interrupted = false;
        while (isAnothers()) {
            if (guests > 0)
                throw new IllegalStateException(
                        "an instance that another thread is using: "
                                + (owner == null ? "" : owner.getName()));
            try {
                wait();
            } catch (InterruptedException _) {
                interrupted = true; // the caller's own affair, when it has been inside
            }
        }
        if (interrupted) Thread.currentThread().interrupt();
        return take(guest);
    }

    /// As [#enter(boolean)], if no other thread is inside.
    ///
    /// @return 0 if one is
    synchronized int tryEnter() {
        return isAnothers() ? 0 : take(false);
    }

    private boolean isAnothers() {
        return owner != null && owner != Thread.currentThread();
    }

    private int take(boolean guest) {
        if (owner == null && users == 0) throw new IllegalStateException("the instance is closed");
        owner = Thread.currentThread();
        if (guest) guests++;
        return ++depth;
    }

    /// @return whether the isolate is to be closed now
    synchronized boolean leave(boolean guest) {
        if (guest) guests--;
        if (--depth > 0) return false;
        owner = null;
        notifyAll();
        return users == 0;
    }
}
