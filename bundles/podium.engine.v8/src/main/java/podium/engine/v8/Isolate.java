package podium.engine.v8;

import com.caoccao.javet.exceptions.JavetException;
import com.caoccao.javet.interop.V8Host;
import com.caoccao.javet.interop.V8Locker;
import com.caoccao.javet.interop.V8Runtime;
import com.caoccao.javet.interop.options.V8RuntimeOptions;
import com.caoccao.javet.values.V8Value;
import com.caoccao.javet.values.primitive.V8ValueString;
import com.caoccao.javet.values.reference.V8ValueObject;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import podium.engine.OutOfMemoryException;

/// A V8 isolate with `bridge.js` in it. All instances that share a memory or are linked live in
/// one; it is
/// closed with the last memory or instance in it.
final class Isolate {

    /// As many as there may be at once: each takes some of what all share, and V8 ends the process
    /// when that is used up.
    private static final int MOST = 4_096;

    private static final AtomicInteger OPEN = new AtomicInteger();

    /// Room for the most parameters or results V8 allows, which is 1,000 of either.
    private static final int BOX = 16 << 10;

    private final V8Runtime runtime;
    private final Arena arena = Arena.ofShared();
    private final Box box;
    private final V8ValueObject bridge;
    private final Crossing crossing;
    private final Things things = new Things();
    private final Occupancy occupancy = new Occupancy();

    /// Who has slices of fuel in hand.
    private final List<Meter> owing = new ArrayList<>();

    private boolean outOfFuel;

    /// Held by the outermost entry.
    private @Nullable V8Locker locker;

    private int instances;
    private @Nullable V8Module soleModule;
    private @Nullable Code soleCode;

    /// Makes an isolate with one user.
    ///
    /// @throws OutOfMemoryException there are too many
    Isolate(V8Host host) {
        if (OPEN.incrementAndGet() > MOST) {
            OPEN.decrementAndGet();
            throw new OutOfMemoryException("the engine v8 runs " + MOST + " programs at once");
        }
        var segment = arena.allocate(BOX, Long.BYTES);
        box = new Box(segment, this);
        boolean done = false;
        try {
            runtime = host.createV8Runtime(new V8RuntimeOptions());
            runtime.setLogger(JavetLog.INSTANCE);
            crossing = new Crossing(this, runtime, segment.asByteBuffer());
            bridge = crossing.bridge();
            done = true;
        } catch (JavetException e) {
            throw new IllegalStateException("V8 gives no isolate: " + e.getMessage(), e);
        } finally {
            if (!done) OPEN.decrementAndGet();
        }
    }

    /// How many there are.
    static int open() {
        return OPEN.get();
    }

    Box box() {
        return box;
    }

    Things things() {
        return things;
    }

    Crossing crossing() {
        return crossing;
    }

    // ---- users

    /// Adds a user.
    void retain() {
        occupancy.retain();
    }

    /// Removes a user; the last one takes the isolate with it.
    void release() {
        if (occupancy.release()) close();
    }

    private void close() {
        try {
            crossing.close();
            runtime.close(true);
        } catch (JavetException e) {
            throw new IllegalStateException("V8 does not close an isolate: " + e.getMessage(), e);
        } finally {
            arena.close();
            OPEN.decrementAndGet();
        }
    }

    // ---- instances

    /// Notes an instance, which is a user.
    synchronized void admit(V8Instance instance) {
        occupancy.retain();
        instances++;
        soleModule = instances == 1 || soleModule == instance.module() ? instance.module() : null;
        soleCode = instances == 1 || soleCode == instance.code() ? instance.code() : null;
    }

    /// The module of all instances; null if there are several.
    synchronized @Nullable V8Module soleModule() {
        return soleModule;
    }

    /// What V8 got of it; null if not all got the same.
    synchronized @Nullable Code soleCode() {
        return soleCode;
    }

    /// Whether there has been one instance only, so that every function is that one's.
    synchronized boolean isPrivate() {
        return instances == 1;
    }

    // ---- fuel

    /// Who has taken a slice of fuel since the host was last in control.
    void owes(Meter meter) {
        owing.add(meter);
    }

    /// The guest is about to trap for want of fuel.
    void outOfFuel() {
        outOfFuel = true;
    }

    /// Whether that is why it has trapped.
    boolean isOutOfFuel() {
        return outOfFuel;
    }

    /// The host is in control: what is left of slices is given back.
    void settle() throws JavetException {
        for (var meter : owing) meter.giveBack();
        owing.clear();
        outOfFuel = false;
    }

    // ---- going in

    /// What is done inside.
    interface Action<T> {
        T run() throws JavetException;
    }

    /// What is done inside and may have no result.
    interface Step<T> {
        @Nullable T run() throws JavetException;
    }

    /// Does something that runs no guest code.
    ///
    /// @throws IllegalStateException another thread runs a guest inside, or the isolate is closed
    <T> T inside(Action<T> action) {
        return Objects.requireNonNull(step(action::run));
    }

    /// The same, where null is a result.
    <T> @Nullable T step(Step<T> step) {
        try {
            GuestStack.Call<T> call = () -> run(occupancy.enter(false), false, step::run);
            return occupancy.isMine() ? GuestStack.nested(call) : GuestStack.small(call);
        } catch (Throwable e) {
            throw Sneaky.unchecked(e);
        }
    }

    /// Does something that runs no guest code, unless another thread is inside.
    ///
    /// @return null if one is
    <T> @Nullable T insideIfFree(Action<T> action) {
        try {
            GuestStack.Call<T> call =
                    () -> {
                        int depth = occupancy.tryEnter();
                        return depth == 0 ? null : run(depth, false, action::run);
                    };
            return occupancy.isMine() ? GuestStack.nested(call) : GuestStack.small(call);
        } catch (Throwable e) {
            throw Sneaky.unchecked(e);
        }
    }

    /// Does something that runs guest code, and may throw what host functions throw.
    ///
    /// @throws IllegalStateException as above
    <T> @Nullable T guest(GuestStack.Call<T> action) {
        try {
            GuestStack.Call<T> call = () -> run(occupancy.enter(true), true, action);
            return occupancy.isMine() ? GuestStack.nested(call) : GuestStack.large(call);
        } catch (Throwable e) {
            throw Sneaky.unchecked(e);
        }
    }

    private <T> @Nullable T run(int depth, boolean guest, GuestStack.Call<T> action)
            throws Throwable {
        try {
            if (depth == 1) {
                locker = runtime.getV8Locker();
                crossing.begin();
            }
            return action.run();
        } finally {
            leave(depth, guest);
        }
    }

    private void leave(int depth, boolean guest) throws JavetException {
        try {
            if (depth == 1 && locker != null) locker.close();
        } finally {
            if (depth == 1) locker = null;
            if (occupancy.leave(guest)) close();
        }
    }

    // ---- calls of the bridge's, inside

    int integer(String function, Object... arguments) throws JavetException {
        return bridge.invokeInteger(function, arguments);
    }

    String text(String function, Object... arguments) throws JavetException {
        return bridge.invokeString(function, arguments);
    }

    void run(String function, Object... arguments) throws JavetException {
        bridge.invokeVoid(function, arguments);
    }

    <T extends V8Value> T value(String function, Object... arguments) throws JavetException {
        return bridge.invoke(function, arguments);
    }

    /// The number that a function of the bridge's answers.
    ///
    /// @return the number, or what is wrong instead
    Object numberOrProblem(String function, Object... arguments) throws JavetException {
        try (V8Value answer = bridge.invoke(function, arguments)) {
            return answer instanceof V8ValueString problem ? problem.getValue() : answer.asInt();
        }
    }

    /// Bytes as JavaScript has them, without a copy.
    V8Value bytes(ByteBuffer content) throws JavetException {
        return runtime.createV8ValueArrayBuffer(content);
    }

    /// Asks V8 to free what nobody refers to.
    void collect() {
        runtime.lowMemoryNotification();
    }

    // ---- functions as references, inside

    /// The function of a number, null for 0.
    @Nullable V8Function function(int number, V8Instance instance) {
        if (number == 0) return null;
        var known = things.known(number);
        if (known != null) return known;
        try {
            return instance.function(number, Letters.functionType(text("signature", number)));
        } catch (JavetException e) {
            throw new IllegalStateException("V8 does not tell a function's type", e);
        }
    }

    /// The number of a function, 0 for null.
    int number(@Nullable Object reference) {
        if (reference == null) return 0;
        if (reference instanceof V8Function function && function.instance().isolate() == this)
            return function.number();
        throw new IllegalArgumentException(reference + " is not a function of a linked instance");
    }
}
