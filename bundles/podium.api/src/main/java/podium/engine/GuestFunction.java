package podium.engine;

import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/// A function of an instance, callable from the host.
///
/// Calls run on the calling thread, if it has the stack for it ([Engine#callStack()]). An instance
/// is
/// used by one thread at a time. A call ends with the results, a [Trap], or with whatever a host
/// function threw. An exception of the guest's that it does not catch is a trap of kind
/// `UNCAUGHT_EXCEPTION`; its cause, thrown by a host function that made this call, goes on in the
/// frames of the guest that called the host function.
public non-sealed interface GuestFunction extends Function {

    /// A handle of exactly the function's Java type, without a context: `(parameters...) result`;
    /// several results come back as an `Object[]`. For calls that should not box.
    ///
    /// @throws UnsupportedOperationException the function has more parameters than a handle takes:
    ///     250 words, of which `long` and `double` are two
    MethodHandle handle();

    /// Calls with boxed arguments.
    ///
    /// @param arguments one for each parameter, of its boxed Java type
    /// @return null for no result, the boxed result, or an `Object[]` of several
    /// @throws IllegalArgumentException number or type of the arguments is wrong
    /// @throws Trap the guest trapped
    @Nullable Object call(@Nullable Object... arguments);
}
