package podium.engine;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodType;
import java.util.Objects;

/// A function of the host that a module can import.
///
/// @param type the WebAssembly type
/// @param handle its implementation, of the exact Java type [#handleType(FunctionType)]: the
///     instance's context first, then one Java parameter for each WebAssembly parameter (`int`,
///     `long`, `float`, `double`, `Object` for references). Whatever it throws passes through the
///     guest's frames unchanged.
public record HostFunction(FunctionType type, MethodHandle handle) implements Function {

    /// @throws IllegalArgumentException the handle's type is not [#handleType(FunctionType)]
    public HostFunction {
        Objects.requireNonNull(type);
        if (!handle.type().equals(handleType(type)))
            throw new IllegalArgumentException(
                    "a host function of type "
                            + type
                            + " needs a handle of type "
                            + handleType(type)
                            + ", not "
                            + handle.type());
    }

    /// The Java type a host function's handle has: `(Object context, parameters...) result`.
    /// Several results come back as an `Object[]` of boxed values.
    public static MethodType handleType(FunctionType type) {
        var parameters = new Class<?>[type.parameters().size() + 1];
        parameters[0] = Object.class;
        for (int i = 1; i < parameters.length; i++)
            parameters[i] = type.parameters().get(i - 1).javaType();
        return MethodType.methodType(type.resultJavaType(), parameters);
    }
}
