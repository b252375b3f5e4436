package podium.cli;

import java.lang.reflect.Method;
import java.util.HashMap;
import java.util.Map;
import podium.engine.FunctionType;
import podium.engine.ImportType;
import podium.engine.MemoryType;
import podium.syscall.Export;
import podium.syscall.SyscallFamily;

/// Which bundle provides an import, as far as names tell.
final class ImportProviders {

    private static final String KERNEL = "podium.kernel";
    private static final String WASI = "wasi_";

    private final Map<String, String> bundles = new HashMap<>();

    /// Adds a family; of those that export the same name the first one counts.
    void add(SyscallFamily family, String bundle) {
        for (var method : family.getClass().getMethods()) {
            var export = method.getAnnotation(Export.class);
            if (export != null)
                bundles.putIfAbsent(family.module() + "." + name(export, method), bundle);
        }
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
        var bundle = bundles.get(wanted.toString());
        if (bundle != null) return new Provider(bundle, "", false);
        // Calls whose name or number is known at run time only.
        if (wanted.module().equals("podium") || wanted.toString().equals("linux.syscall"))
            return new Provider(KERNEL, "", false);
        if (wanted.module().equals("linux")) return new Provider("", "answers ENOSYS", false);
        if (wanted.module().startsWith(WASI))
            return new Provider("", "podium.syscall.wasi would, but is not there", true);
        return new Provider("", "nobody provides it", true);
    }
}
