package podium.kernel.gate;

import java.lang.annotation.Annotation;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import podium.engine.FunctionType;
import podium.engine.ValueType;
import podium.syscall.CString;
import podium.syscall.Errno;
import podium.syscall.Export;
import podium.syscall.GuestMemory;
import podium.syscall.SyscallFamily;
import podium.syscall.Task;
import podium.syscall.Utf8;

/// Turns an exported method into a handle that takes WebAssembly values, by the rules that
/// [SyscallFamily] gives.
final class Binder {

    private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();
    private static final MethodHandle MEMORY = find("memory", GuestMemory.class);
    private static final MethodHandle BUFFER =
            find("buffer", ByteBuffer.class, int.class, int.class);
    private static final MethodHandle CSTRING = find("cstring", String.class, int.class);
    private static final MethodHandle UTF8 =
            MethodHandles.insertArguments(
                    findRaw(
                            "utf8",
                            MethodType.methodType(
                                    String.class, Caller.class, int.class, int.class, int.class)),
                    3,
                    65_536);

    private Binder() {}

    /// The exported methods of a family.
    ///
    /// @throws IllegalArgumentException a method's parameters are none that the rules know; the
    ///     message names it
    static List<Exported> exports(SyscallFamily family) {
        var exports = new ArrayList<Exported>();
        for (var method : family.getClass().getMethods()) {
            var export = method.getAnnotation(Export.class);
            if (export == null || method.isBridge()) continue;
            var name = export.value().isEmpty() ? method.getName() : export.value();
            exports.add(new Exported(family, name, method, type(method), signature(method)));
        }
        return exports;
    }

    /// An exported method.
    ///
    /// @param type what a guest imports it as
    /// @param signature its parameters and result, a letter each: `i l f d` for numbers, `b` for a
    ///     buffer, `s` for a string with length, `c` for one that ends with NUL, `v` for none;
    ///     parameters, a colon, the result
    record Exported(
            SyscallFamily family, String name, Method method, FunctionType type, String signature) {

        /// A handle of [Target#callType(FunctionType)].
        MethodHandle bind() {
            return Binder.bind(family, method);
        }
    }

    private static FunctionType type(Method method) {
        var parameters = new ArrayList<ValueType>();
        for (char c : letters(method).toCharArray())
            switch (c) {
                case 'i', 'c' -> parameters.add(ValueType.I32);
                case 'l' -> parameters.add(ValueType.I64);
                case 'f' -> parameters.add(ValueType.F32);
                case 'd' -> parameters.add(ValueType.F64);
                default -> {
                    parameters.add(ValueType.I32);
                    parameters.add(ValueType.I32);
                }
            }
        var result =
                switch (letter(method, method.getReturnType())) {
                    case 'i' -> List.of(ValueType.I32);
                    case 'l' -> List.of(ValueType.I64);
                    case 'f' -> List.of(ValueType.F32);
                    case 'd' -> List.of(ValueType.F64);
                    default -> List.<ValueType>of();
                };
        return new FunctionType(parameters, result);
    }

    private static String signature(Method method) {
        return letters(method) + ":" + letter(method, method.getReturnType());
    }

    private static String letters(Method method) {
        var letters = new StringBuilder();
        for (var parameter : method.getParameters()) {
            var type = parameter.getType();
            if (type == Task.class || type == GuestMemory.class) continue;
            if (type == ByteBuffer.class) letters.append('b');
            else if (type == String.class) letters.append(isUtf8(method, parameter) ? 's' : 'c');
            else if (type == void.class) throw unknown(method, type);
            else letters.append(letter(method, type));
        }
        return letters.toString();
    }

    private static char letter(Method method, Class<?> type) {
        if (type == int.class) return 'i';
        if (type == long.class) return 'l';
        if (type == float.class) return 'f';
        if (type == double.class) return 'd';
        if (type == void.class) return 'v';
        throw unknown(method, type);
    }

    private static boolean isUtf8(Method method, Parameter parameter) {
        Annotation utf8 = parameter.getAnnotation(Utf8.class);
        Annotation cstring = parameter.getAnnotation(CString.class);
        if ((utf8 == null) == (cstring == null))
            throw new IllegalArgumentException(
                    method + ": a String parameter is either @Utf8 or @CString");
        return utf8 != null;
    }

    private static IllegalArgumentException unknown(Method method, Class<?> type) {
        return new IllegalArgumentException(
                method + ": a guest can neither give nor take a " + type.getSimpleName());
    }

    private static MethodHandle bind(SyscallFamily family, Method method) {
        MethodHandle handle;
        try {
            // The class need not be public, and its package is not exported.
            method.setAccessible(true);
            handle = LOOKUP.unreflect(method).bindTo(family);
        } catch (IllegalAccessException e) {
            throw new IllegalArgumentException("cannot call " + method, e);
        }
        var parameters = method.getParameters();
        for (int i = parameters.length - 1; i >= 0; i--)
            handle = convert(handle, i, method, parameters[i]);
        return oneTask(handle);
    }

    private static MethodHandle convert(
            MethodHandle handle, int index, Method method, Parameter parameter) {
        var type = parameter.getType();
        MethodHandle from;
        if (type == GuestMemory.class) from = MEMORY;
        else if (type == ByteBuffer.class) from = BUFFER;
        else if (type == Task.class)
            return handle.asType(handle.type().changeParameterType(index, Caller.class));
        else if (type != String.class) return handle;
        else from = isUtf8(method, parameter) ? utf8(parameter) : CSTRING;
        return MethodHandles.collectArguments(handle, index, from);
    }

    private static MethodHandle utf8(Parameter parameter) {
        int max = parameter.getAnnotation(Utf8.class).max();
        if (max == 65_536) return UTF8;
        return MethodHandles.insertArguments(
                findRaw(
                        "utf8",
                        MethodType.methodType(
                                String.class, Caller.class, int.class, int.class, int.class)),
                3,
                max);
    }

    /// Feeds all parameters that want the task from one, which comes first.
    private static MethodHandle oneTask(MethodHandle handle) {
        var type = handle.type();
        var order = new int[type.parameterCount()];
        var parameters = new ArrayList<Class<?>>();
        parameters.add(Caller.class);
        for (int i = 0; i < order.length; i++) {
            if (type.parameterType(i) == Caller.class) continue; // order[i] is 0
            order[i] = parameters.size();
            parameters.add(type.parameterType(i));
        }
        return MethodHandles.permuteArguments(
                handle, MethodType.methodType(type.returnType(), parameters), order);
    }

    private static MethodHandle find(String name, Class<?> result, Class<?>... parameters) {
        return findRaw(
                name,
                MethodType.methodType(result, parameters).insertParameterTypes(0, Caller.class));
    }

    private static MethodHandle findRaw(String name, MethodType type) {
        try {
            return LOOKUP.findStatic(Binder.class, name, type);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    static GuestMemory memory(Caller caller) {
        return caller.memory();
    }

    static ByteBuffer buffer(Caller caller, int address, int length) {
        return caller.memory().buffer(address, length);
    }

    static String cstring(Caller caller, int address) {
        return caller.memory().string(address);
    }

    static String utf8(Caller caller, int address, int length, int max) {
        if (Integer.compareUnsigned(length, max) > 0) throw Errno.E2BIG.exception();
        return caller.memory().string(address, length);
    }
}
