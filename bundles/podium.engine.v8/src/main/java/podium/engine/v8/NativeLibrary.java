package podium.engine.v8;

import com.caoccao.javet.enums.JSRuntimeType;
import com.caoccao.javet.exceptions.JavetException;
import com.caoccao.javet.interop.V8Host;
import com.caoccao.javet.interop.loader.IJavetLibLoadingListener;
import com.caoccao.javet.interop.loader.JavetLibLoader;
import com.caoccao.javet.interop.options.V8RuntimeOptions;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/// V8 itself, loaded once in a JVM.
final class NativeLibrary {

    /// Heap of an isolate, in MiB. Guests live outside of it, but for their tables and exceptions.
    private static final int HEAP = 256;

    private NativeLibrary() {}

    /// Loads the library.
    ///
    /// @param folder where the library's file is, or is put
    /// @throws IOException the platform has no such library, or it cannot be loaded; the message is
    ///     one line
    static V8Host load(Path folder) throws IOException {
        var file = file();
        if (!Files.exists(folder.resolve(file))) unpack(file, folder);
        V8RuntimeOptions.V8_FLAGS.setCustomFlags(
                "--stack-size="
                        + GuestStack.V8_KIB
                        + " --max-heap-size="
                        + HEAP
                        // What a function in a table takes and returns is else not to be found out.
                        + " --experimental-wasm-type-reflection");
        JavetLibLoader.setLibLoadingListener(
                new IJavetLibLoadingListener() {
                    @Override
                    public File getLibPath(JSRuntimeType type) {
                        return folder.toFile();
                    }

                    @Override
                    public boolean isDeploy(JSRuntimeType type) {
                        return false;
                    }
                });
        var host = V8Host.getV8Instance();
        if (!host.isLibraryLoaded()) throw new IOException(reason(host.getLastException()));
        return host;
    }

    private static String file() throws IOException {
        try {
            return new JavetLibLoader(JSRuntimeType.V8).getLibFileName();
        } catch (JavetException e) {
            throw noLibrary(e);
        }
    }

    /// By way of a file of another name: one of the right name is whole.
    private static void unpack(String file, Path folder) throws IOException {
        try (var in = V8Host.class.getResourceAsStream("/" + file)) {
            if (in == null) throw noLibrary(null);
            Files.createDirectories(folder);
            var part = Files.createTempFile(folder, "library", ".part");
            Files.copy(in, part, StandardCopyOption.REPLACE_EXISTING);
            Files.move(part, folder.resolve(file), StandardCopyOption.ATOMIC_MOVE);
        }
    }

    private static IOException noLibrary(@org.jspecify.annotations.Nullable Throwable cause) {
        return new IOException(
                "lib.javet has no V8 for "
                        + System.getProperty("os.name")
                        + " on "
                        + System.getProperty("os.arch"),
                cause);
    }

    private static String reason(Throwable e) {
        var cause = e;
        while (cause.getCause() != null) cause = cause.getCause();
        return "V8 cannot be loaded: "
                + String.valueOf(cause.getMessage()).lines().findFirst().orElse("");
    }
}
