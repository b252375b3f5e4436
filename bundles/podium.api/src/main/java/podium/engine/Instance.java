package podium.engine;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// A live module: its memory, globals and tables. Used by one thread at a time, except for
/// [#interrupt()] and [#setDeadline(Duration)].
///
/// A guest with threads has one instance a thread, all over one shared [Memory].
public interface Instance extends AutoCloseable {

    Module module();

    /// Runs the module's start function, if it has one and this is the first call. Like any other
    /// call it can be interrupted, has the deadline, and takes fuel.
    ///
    /// @throws Trap the start function trapped; the instance is of no use then
    void start();

    /// An exported function.
    ///
    /// @return null when the module exports no function of this name
    @Nullable GuestFunction function(String name);

    /// Any export, or null.
    @Nullable Extern export(String name);

    /// The instance's first memory, imported or own; null when it has none.
    @Nullable Memory memory();

    /// An element of the module's table 0, called by index as `call_indirect` does. For signal
    /// handlers and other function pointers a guest hands to the host.
    ///
    /// @return null when the element is null
    /// @throws Trap of kind `TABLE_OUT_OF_BOUNDS`
    @Nullable GuestFunction functionAt(int index);

    /// Makes guest code that runs in this instance, or enters it next, stop with a [Trap] of kind
    /// `INTERRUPTED`: within 10 ms while it computes; while a host function runs, when that
    /// returns. Idempotent; callable from any thread.
    void interrupt();

    /// Makes guest code that runs in this instance, or enters it, after some time stop with a
    /// [Trap] of kind `DEADLINE`, as soon as [#interrupt()] would. The deadline stays: what enters
    /// after it stops, too, until another one is set. Callable from any thread.
    ///
    /// @param time from now, not positive if it has passed; null for no deadline
    void setDeadline(@Nullable Duration time);

    /// Captures memory, globals, tables and dropped segments. Only while no call is in progress, or
    /// by a host function that the instance called: of the calls in progress nothing is captured.
    ///
    /// @throws IllegalStateException the start function is still to run
    /// @throws UnsupportedOperationException the engine lacks `SNAPSHOTS`, or a table holds a
    ///     reference that is not a function of this module
    Snapshot freeze();

    /// Releases what the instance holds. A memory it made itself is closed with it, an imported one
    /// is not. Only while no call is in progress; idempotent.
    @Override
    void close();
}
