package podium.kernel.gate;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import podium.engine.FunctionType;
import podium.syscall.Errno;

/// One implementation of an import, adapted to the gate's type.
final class Target {

    private static final AtomicLong IDS = new AtomicLong();

    /// Positive and unique: what tasks publish while they are inside; 0 for an absent one.
    final long id;

    /// Of exactly the gate's type, with the [Caller] first.
    final MethodHandle call;

    /// Whose it is; null for a stub.
    final @Nullable Object owner;

    /// Made when first needed.
    private volatile @Nullable MethodHandle spread;

    Target(MethodHandle call, @Nullable Object owner) {
        this(IDS.incrementAndGet(), call, owner);
    }

    private Target(long id, MethodHandle call, @Nullable Object owner) {
        this.id = id;
        this.call = call;
        this.owner = owner;
    }

    /// Stands where an implementation was and another one may come; never called.
    static Target absent(FunctionType type) {
        return new Target(0, stub(type), null);
    }

    /// Answers -ENOSYS: nobody has ever provided this.
    static Target missing(FunctionType type) {
        return new Target(stub(type), null);
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
