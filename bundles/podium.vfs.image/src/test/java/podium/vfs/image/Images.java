package podium.vfs.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import podium.vfs.FileSystem;
import podium.vfs.MountException;
import podium.vfs.MountSpec;

/// Mounts files as pods do.
final class Images {

    private Images() {}

    static FileSystem mount(Path file) throws MountException {
        return mount(MountSpec.of("/data", "image", file.toString()));
    }

    static FileSystem mount(MountSpec spec) throws MountException {
        return new ImageFileSystemType(noBundles()).create(spec);
    }

    private static BundleContext noBundles() {
        InvocationHandler none =
                (_, method, _) -> {
                    if (method.getName().equals("getBundles")) return new Bundle[0];
                    throw new UnsupportedOperationException(method.getName());
                };
        return (BundleContext)
                Proxy.newProxyInstance(
                        Images.class.getClassLoader(), new Class<?>[] {BundleContext.class}, none);
    }

    /// It is refused in one line that says why.
    static void refuses(Path file, String... why) {
        var failure =
                assertThrows(
                        MountException.class,
                        () -> {
                            try (var fs = mount(file)) {
                                throw new AssertionError(Shape.of(fs, true).toString());
                            }
                        });
        var message = String.valueOf(failure.getMessage());
        assertEquals(1, message.lines().count(), message);
        assertTrue(message.length() < 700, message);
        for (var part : why) assertTrue(message.contains(part), message);
    }
}
