package podium.benchmark.start;

import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import podium.benchmark.Engines;
import podium.benchmark.Forms;
import podium.benchmark.GuestProgram;
import podium.buildtool.Assembly;
import podium.engine.Engine;

/// How long it takes from the loading of a module to its first system call, so many times one after
/// another, each time loaded anew: `ENGINE MODULE FORMS TIMES [OTHER [ARGUMENT...]]`. OTHER is a
/// program that runs before that, with these arguments.
///
/// A line for each: milliseconds to the first call, and until all was compiled that is compiled in
/// the background.
public final class FirstCalls {

    private FirstCalls() {}

    public static void main(String[] arguments) throws Exception {
        var engine = Engines.named(arguments[0]);
        var forms = new Forms(Path.of(arguments[2]));
        if (arguments.length > 4) {
            var rest = List.of(arguments).subList(5, arguments.length);
            run(engine, forms, GuestProgram.of(arguments[4], rest));
        }
        var program = GuestProgram.of(arguments[1], List.of());
        for (int i = Integer.parseInt(arguments[3]); i > 0; i--) {
            var watched = new WatchedEngine(engine);
            run(watched, forms, program);
            Compilation.await();
            System.out.println(watched.milliseconds() + " " + watched.now());
        }
    }

    private static void run(Engine engine, Forms forms, GuestProgram program) throws Exception {
        try (var assembly = new Assembly(engine)) {
            assembly.catalog().add(forms);
            try (var pod = assembly.kernel().create(Assembly.spec("first"))) {
                program.run(pod, InputStream.nullInputStream(), OutputStream.nullOutputStream());
            }
        }
    }
}
