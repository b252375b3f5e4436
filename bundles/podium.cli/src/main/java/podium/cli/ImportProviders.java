package podium.cli;

import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import podium.engine.FunctionType;
import podium.engine.ImportType;
import podium.engine.MemoryType;
import podium.engine.ValueType;
import podium.syscall.Export;
import podium.syscall.KnownFamilies;
import podium.syscall.SyscallFamily;
import podium.syscall.Utf8;

/// Which bundle provides an import, as far as names tell.
final class ImportProviders {

    private static final String KERNEL = "podium.kernel";
    private static final String LINUX = "linux";

    private final Map<String, String> bundles = new HashMap<>();

    /// The same for names whose type counts.
    private final Map<ImportType, String> typed = new HashMap<>();

    /// Adds a family; of those that export the same function the first one counts.
    void add(SyscallFamily family, String bundle) {
        var module = family.module();
        for (var method : family.getClass().getMethods()) {
            var export = method.getAnnotation(Export.class);
            if (export == null) continue;
            var name = name(export, method);
            bundles.putIfAbsent(module + "." + name, bundle);
            typed.putIfAbsent(new ImportType(module, name, type(method)), bundle);
        }
    }

    /// What a guest imports a method as, by the rules of [SyscallFamily].
    private static FunctionType type(Method method) {
        var parameters = new ArrayList<ValueType>();
        for (var parameter : method.getParameters()) {
            var type = parameter.getType();
            var number = number(type);
            if (number != null) parameters.add(number);
            else if (type == ByteBuffer.class || parameter.isAnnotationPresent(Utf8.class))
                parameters.addAll(List.of(ValueType.I32, ValueType.I32));
            else if (type == String.class) parameters.add(ValueType.I32);
        }
        var result = number(method.getReturnType());
        return new FunctionType(parameters, result == null ? List.of() : List.of(result));
    }

    private static @Nullable ValueType number(Class<?> type) {
        if (type == int.class) return ValueType.I32;
        if (type == long.class) return ValueType.I64;
        if (type == float.class) return ValueType.F32;
        return type == double.class ? ValueType.F64 : null;
    }

    private static String name(Export export, Method method) {
        return export.value().isEmpty() ? method.getName() : export.value();
    }

    /// @param bundle the provider's symbolic name; empty if there is none
    /// @param note what happens without one
    /// @param missing whether a program cannot start for the lack of it
    record Provider(String bundle, String note, boolean missing) {}

    Provider of(ImportType wanted) {
        if (wanted.type() instanceof MemoryType) return new Provider(KERNEL, "", false);
        if (!(wanted.type() instanceof FunctionType))
            return new Provider("", "pods provide functions and memories only", true);
        boolean linux = wanted.module().equals(LINUX);
        var bundle = linux ? bundles.get(wanted.toString()) : typed.get(wanted);
        if (bundle != null) return new Provider(bundle, "", false);
        // Calls whose name or number is known at run time only.
        if (wanted.module().equals("podium") || wanted.toString().equals("linux.syscall"))
            return new Provider(KERNEL, "", false);
        if (linux) return new Provider("", "answers ENOSYS", false);
        return new Provider("", missing(wanted), true);
    }

    private String missing(ImportType wanted) {
        var other = bundles.get(wanted.toString());
        if (other != null) return other + " has it with another type";
        var known = KnownFamilies.bundle(wanted.module(), wanted.name());
        return known != null ? known + " would, but is not there" : "nobody provides it";
    }
}
