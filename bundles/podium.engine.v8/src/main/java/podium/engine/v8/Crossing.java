package podium.engine.v8;

import com.caoccao.javet.exceptions.JavetException;
import com.caoccao.javet.exceptions.JavetTerminatedException;
import com.caoccao.javet.interop.V8Runtime;
import com.caoccao.javet.interop.callback.IJavetDirectCallable;
import com.caoccao.javet.interop.callback.JavetCallbackContext;
import com.caoccao.javet.interop.callback.JavetCallbackType;
import com.caoccao.javet.values.V8Value;
import com.caoccao.javet.values.primitive.V8ValueString;
import com.caoccao.javet.values.reference.V8ValueFunction;
import com.caoccao.javet.values.reference.V8ValueObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import podium.engine.Trap;
import podium.engine.Trap.Kind;

/// The border between host and guest in one isolate: calls into the guest, calls out of it, how
/// they end, and
/// interrupts.
///
/// Used by who is inside, but for [#interrupt(V8Instance)].
final class Crossing {

    /// What the heap may grow beyond its limit while the guest that filled it is stopped.
    private static final long HEAP_RESERVE = 64L << 20;

    private static final String BRIDGE = source();
    private static final V8Value[] NOTHING = {};

    // What the bridge answers, besides names of errors.
    private static final String HOST = "host";
    private static final String EXCEPTION = "exception ";

    // What the box says when a host function is done.
    private static final int RETURNED = 0;
    private static final int THROWN = 1;
    private static final int GUEST_EXCEPTION = 2;

    private final Isolate isolate;
    private final V8Runtime runtime;
    private final V8ValueObject bridge;
    private final V8ValueFunction call;

    /// What a host function has thrown, while the guest's frames unwind.
    private @Nullable Throwable pending;

    /// Whether JavaScript keeps exceptions of guests.
    private boolean exceptions;

    private boolean outOfMemory;

    private final Object gate = new Object();

    /// Guest code runs, and is to be stopped by terminating it. Guarded by the gate, as is the
    /// rest.
    private boolean computing;

    /// Who had the computation terminated, and why; it may not have noticed yet.
    private @Nullable Stop stopped;

    private record Stop(V8Instance instance, Kind kind) {

        Trap trap() {
            return new Trap(kind, List.of(), null);
        }
    }

    private boolean closed;

    /// Loads the bridge.
    ///
    /// @param box its values
    Crossing(Isolate isolate, V8Runtime runtime, ByteBuffer box) throws JavetException {
        this.isolate = isolate;
        this.runtime = runtime;
        runtime.setNearHeapLimitCallback(this::nearHeapLimit);
        var callback =
                new JavetCallbackContext(
                        "host",
                        JavetCallbackType.DirectCallNoThisAndNoResult,
                        (IJavetDirectCallable.NoThisAndNoResult<Exception>) _ -> hostCall());
        try (var values = runtime.createV8ValueArrayBuffer(box);
                var host = runtime.createV8ValueFunction(callback);
                V8ValueFunction start = runtime.getExecutor(BRIDGE).execute()) {
            bridge = start.call(null, values, host);
        }
        call = bridge.get("call");
    }

    private static String source() {
        try (var in = Crossing.class.getResourceAsStream("bridge.js")) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    V8ValueObject bridge() {
        return bridge;
    }

    /// No interrupt reaches V8 any more.
    void close() throws JavetException {
        synchronized (gate) {
            closed = true;
        }
        call.close();
        bridge.close();
    }

    // ---- into the guest

    /// Before the outermost call: exceptions left over from earlier ones can be thrown no more.
    void begin() throws JavetException {
        if (exceptions) isolate.run("forgetExceptions");
        exceptions = false;
    }

    /// Calls the guest's function of that number; arguments and results are in the box.
    ///
    /// @throws Trap the guest trapped
    /// @throws Throwable whatever a host function threw
    void call(V8Instance instance, int function) throws Throwable {
        isolate.box().setFirst(function);
        check(compute(instance, () -> call.callExtended(null, true, NOTHING)));
    }

    /// Makes an instance; the box's second number is that of its exports.
    ///
    /// @return what is wrong, or null
    @Nullable String instantiate(V8Instance instance, int module, String imports)
            throws JavetException {
        return compute(instance, () -> bridge.invoke("instantiate", module, imports));
    }

    /// Throws what a call's answer says.
    void check(@Nullable String failure) throws Throwable {
        if (failure == null) return;
        var thrown = pending;
        pending = null;
        if (thrown != null) throw thrown;
        if (failure.startsWith(EXCEPTION)) {
            exceptions = true;
            int number = Integer.parseInt(failure.substring(EXCEPTION.length()));
            var cause = new GuestException(isolate, number);
            throw new Trap(Kind.UNCAUGHT_EXCEPTION, List.of(), cause);
        }
        throw Failures.trap(
                failure, isolate.isOutOfFuel(), isolate.soleModule(), isolate.soleCode());
    }

    /// @return what went wrong, or null
    private @Nullable String compute(V8Instance instance, Isolate.Action<V8Value> action)
            throws JavetException {
        var early = resume(instance);
        if (early != null) throw early;
        try (var answer = action.run()) {
            pause();
            return answer instanceof V8ValueString failure ? failure.getValue() : null;
        } catch (JavetTerminatedException e) {
            var by = pause();
            if (pending != null) return HOST;
            if (by == null) throw new Trap(Kind.OUT_OF_MEMORY, List.of(), e);
            stops(by);
            throw by.trap();
        }
    }

    // ---- out of the guest

    /// A guest calls the host function whose number is in the box. Nothing may be thrown from here:
    /// the guest's frames are unwound by JavaScript, which looks at the box.
    private void hostCall() {
        try {
            var by = pause();
            if (by != null) {
                stops(by);
                unwind(by.trap());
                return;
            }
            var host = isolate.things().host(isolate.box().first());
            invoke(host);
            if (isolate.box().first() == THROWN) return;
            var early = resume(host.instance());
            if (early != null) unwind(early);
        } catch (Throwable e) {
            unwind(e);
        }
    }

    private void invoke(HostCall host) {
        try {
            host.invoke(isolate.box());
            isolate.box().setFirst(RETURNED);
        } catch (GuestException e) {
            if (e.isolate() == isolate) isolate.box().setFirst(GUEST_EXCEPTION, e.number());
            else unwind(e);
        } catch (Throwable e) {
            unwind(e);
        }
    }

    private void unwind(Throwable thrown) {
        pending = thrown;
        isolate.box().setFirst(THROWN);
    }

    // ---- interrupts: guest code that runs is terminated, and none starts

    /// Has an instance stopped, from any thread.
    void interrupt(V8Instance instance) {
        synchronized (gate) {
            instance.interrupted = true;
            stop(new Stop(instance, Kind.INTERRUPTED));
        }
    }

    /// Replaces an instance's deadline, from any thread.
    ///
    /// @param time from now, or null for none
    void setDeadline(V8Instance instance, @Nullable Duration time) {
        int number;
        synchronized (gate) {
            instance.expired = false;
            number = ++instance.deadlines;
        }
        if (time == null) return;
        long delay = TimeUnit.NANOSECONDS.convert(time); // what is too long is the longest
        if (delay <= 0) expire(instance, number);
        else {
            // a deadline far away must not keep the instance
            var reference = new WeakReference<>(instance);
            CompletableFuture.delayedExecutor(delay, TimeUnit.NANOSECONDS, Runnable::run)
                    .execute(() -> expire(reference.get(), number));
        }
    }

    private static void expire(@Nullable V8Instance instance, int number) {
        if (instance != null) instance.isolate().crossing().passed(instance, number);
    }

    private void passed(V8Instance instance, int number) {
        synchronized (gate) {
            if (number != instance.deadlines) return; // there is another one
            instance.expired = true;
            stop(new Stop(instance, Kind.DEADLINE));
        }
    }

    /// With the gate held.
    private void stop(Stop stop) {
        if (!computing || closed) return;
        stopped = stop;
        runtime.terminateExecution();
    }

    /// Before guest code runs.
    ///
    /// @return why it must not, or null
    private @Nullable Trap resume(V8Instance instance) {
        synchronized (gate) {
            Stop stop = null;
            if (instance.interrupted) stop = new Stop(instance, Kind.INTERRUPTED);
            else if (instance.expired) stop = new Stop(instance, Kind.DEADLINE);
            computing = stop == null;
            instance.interrupted = false;
            return stop == null ? null : stop.trap();
        }
    }

    /// After guest code ran.
    ///
    /// @return who had it stopped meanwhile, or null; if it came to its end all the same, the next
    ///     to run will not
    private @Nullable Stop pause() {
        Stop by;
        synchronized (gate) {
            computing = false;
            by = stopped;
            stopped = null;
        }
        if (by != null || outOfMemory) runtime.cancelTerminateExecution();
        outOfMemory = false;
        return by;
    }

    /// The interrupt has had its effect. A deadline stays.
    private void stops(Stop by) {
        synchronized (gate) {
            if (by.kind == Kind.INTERRUPTED) by.instance.interrupted = false;
        }
    }

    /// V8 asks before it would end the process.
    private long nearHeapLimit(long current, long initial) {
        outOfMemory = true;
        runtime.terminateExecution();
        return current + HEAP_RESERVE;
    }
}
