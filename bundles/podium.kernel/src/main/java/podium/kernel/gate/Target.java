package podium.kernel.gate;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import podium.engine.FunctionType;
import podium.syscall.Errno;

/// One implementation of an import, adapted to the gate's type. The adapting is done when somebody
/// first calls: a program imports far more than it uses, and every form of handle makes the JVM
/// spin
/// a class.
final class Target {

    private static final AtomicLong IDS = new AtomicLong();
    private static final MethodHandle NEVER_CALLED = MethodHandles.zero(void.class);

    /// What tasks publish while they are inside: positive and unique; 0 for one that cannot be
    /// entered, as it is absent or not yet bound.
    final long id;

    /// Its [#id] when it is bound; 0 for an absent one.
    final long boundId;

    /// Of exactly the gate's type, with the [Caller] first.
    final MethodHandle call;

    /// Whose it is; null for a stub.
    final @Nullable Object owner;

    /// Makes [#call]; null when that is done.
    private final @Nullable Supplier<MethodHandle> binding;

    /// Made when first needed.
    private volatile @Nullable MethodHandle spread;

    private Target(
            long id,
            long boundId,
            MethodHandle call,
            @Nullable Object owner,
            @Nullable Supplier<MethodHandle> binding) {
        this.id = id;
        this.boundId = boundId;
        this.call = call;
        this.owner = owner;
        this.binding = binding;
    }

    /// @param binding makes a handle of [#callType(FunctionType)]
    static Target unbound(Supplier<MethodHandle> binding, @Nullable Object owner) {
        return new Target(0, IDS.incrementAndGet(), NEVER_CALLED, owner, binding);
    }

    /// Stands where an implementation was and another one may come.
    static Target absent() {
        return new Target(0, 0, NEVER_CALLED, null, null);
    }

    /// Answers -ENOSYS: nobody has ever provided this.
    static Target missing(FunctionType type) {
        return unbound(() -> stub(type), null);
    }

    /// The same, to be entered; null when it is absent. Made anew by each call.
    @Nullable Target bound() {
        return binding == null ? null : new Target(boundId, boundId, binding.get(), owner, null);
    }

    private static MethodHandle stub(FunctionType type) {
        var result = type.resultJavaType();
        MethodHandle answer;
        if (result == int.class) answer = MethodHandles.constant(int.class, Errno.ENOSYS.negated());
        else if (result == long.class)
            answer = MethodHandles.constant(long.class, (long) Errno.ENOSYS.negated());
        else answer = MethodHandles.zero(result);
        return MethodHandles.dropArguments(answer, 0, callType(type).parameterArray());
    }

    /// The type of [#call] for a WebAssembly type.
    static MethodType callType(FunctionType type) {
        var parameters = new Class<?>[type.parameters().size() + 1];
        parameters[0] = Caller.class;
        for (int i = 1; i < parameters.length; i++)
            parameters[i] = type.parameters().get(i - 1).javaType();
        return MethodType.methodType(type.resultJavaType(), parameters);
    }

    /// `(Caller, long[]) long`: every argument and the result as raw bits, ints sign-extended.
    MethodHandle spread() {
        var known = spread;
        return known != null ? known : (spread = Bits.spreading(call));
    }
}
