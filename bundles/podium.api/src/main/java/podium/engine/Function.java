package podium.engine;

/// A callable function: an export of an instance, an element of a table, or one of the host.
public sealed interface Function extends Extern permits HostFunction, GuestFunction {

    /// Parameter and result types.
    FunctionType type();
}
