package podium.vfs.memory;

import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.util.function.Supplier;
import podium.engine.ModuleSource;
import podium.vfs.FileSystem;
import podium.vfs.MountException;
import podium.vfs.MountSpec;
import podium.vfs.Node;

/// A file system with one file, `file`, whose digest it knows.
final class MeasuredFile {

    private static final byte[] CONTENT = "0123456789".repeat(20).getBytes();

    private MeasuredFile() {}

    static FileSystem create() throws MountException {
        var fs = new MemoryFileSystemType().create(MountSpec.of("/", "memory"));
        var file = fs.root().create("file", 0755, 0, 0);
        file.write(ByteBuffer.wrap(CONTENT), 0);
        var measured = with(file, Node.Regular.class, "sha256", () -> ModuleSource.sha256(CONTENT));
        var root = with(fs.root(), Node.Directory.class, "lookup", () -> measured);
        return with(fs, FileSystem.class, "root", () -> root);
    }

    /// The same object with another answer to one method.
    private static <T> T with(T object, Class<T> type, String method, Supplier<Object> answer) {
        var proxy =
                Proxy.newProxyInstance(
                        type.getClassLoader(),
                        new Class<?>[] {type},
                        (_, called, arguments) ->
                                called.getName().equals(method)
                                        ? answer.get()
                                        : called.invoke(object, arguments));
        return type.cast(proxy);
    }
}
