package podium.benchmark.start;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import podium.benchmark.Engines;
import podium.benchmark.Forms;
import podium.engine.FunctionType;
import podium.engine.HostFunction;
import podium.engine.ImportType;
import podium.engine.Imports;
import podium.engine.Instance;
import podium.engine.Module;
import podium.engine.ModuleSource;
import podium.engine.Snapshot;

/// Makes instances of a module from its snapshot, without a kernel: `ENGINE MODULE FORMS COUNT`.
/// None runs: they are as the snapshot has them. Prints the milliseconds that one takes, in the
/// middle, and its bytes.
public final class Instances {

    /// Instances that are made and closed before that.
    private static final int WARM = 100;

    private Instances() {}

    public static void main(String[] arguments) throws Exception {
        var forms = new Forms(Path.of(arguments[2]));
        var source = Source.of(Path.of(arguments[1]), forms);
        Snapshot snapshot;
        try (var in = Objects.requireNonNull(forms.open(source.sha256() + "/snapshot"))) {
            snapshot = Snapshot.readFrom(new BufferedInputStream(in));
        }
        var module = Engines.named(arguments[0]).load(source);
        var imports = functions(module);
        for (int i = 0; i < WARM; i++) module.thaw(snapshot, imports, null).close();
        measure(module, snapshot, imports, Integer.parseInt(arguments[3]));
    }

    private record Source(String name, String sha256, byte[] bytes, Forms forms)
            implements ModuleSource {

        static Source of(Path file, Forms forms) throws IOException {
            var bytes = Files.readAllBytes(file);
            return new Source(
                    file.getFileName().toString(), ModuleSource.sha256(bytes), bytes, forms);
        }

        @Override
        public @Nullable InputStream prepared(String engine) throws IOException {
            return forms.open(sha256 + "/" + engine + "/module");
        }
    }

    private static void measure(Module module, Snapshot snapshot, Imports imports, int count)
            throws Exception {
        var instances = new Instance[count];
        var times = new double[count];
        long before = Footprint.now();
        for (int i = 0; i < count; i++) {
            long from = System.nanoTime();
            instances[i] = module.thaw(snapshot, imports, null);
            times[i] = (System.nanoTime() - from) / 1e6;
        }
        long after = Footprint.now();
        for (var instance : instances) instance.close();
        Arrays.sort(times);
        System.out.println(times[count / 2] + " " + (after - before) / count);
    }

    /// Functions that nobody calls, made once, as a kernel's are; the memory is the engine's.
    private static Imports functions(Module module) {
        var functions = new HashMap<ImportType, HostFunction>();
        for (var wanted : module.imports())
            if (wanted.type() instanceof FunctionType type)
                functions.put(wanted, new HostFunction(type, refusal(type)));
        return functions::get;
    }

    private static MethodHandle refusal(FunctionType type) {
        var wanted = HostFunction.handleType(type);
        var refuse =
                MethodHandles.throwException(
                                wanted.returnType(), UnsupportedOperationException.class)
                        .bindTo(new UnsupportedOperationException("there is no kernel"));
        return MethodHandles.dropArguments(refuse, 0, wanted.parameterList());
    }
}
