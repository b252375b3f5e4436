package podium.engine.jvm.runtime;

import java.lang.reflect.InvocationTargetException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/// The two classes inside java.base that compiled code is written for: their methods are intrinsics
/// of
/// HotSpot's first compiler themselves. Those of the public classes are wrappers, which it inlines
/// and, while it
/// profiles, counts four times for each access to memory.
///
/// They are there if the JVM exports their packages
/// (`--add-exports java.base/jdk.internal.misc=ALL-UNNAMED --add-exports
/// java.base/jdk.internal.util=ALL-UNNAMED`,
/// or `Add-Exports` in the manifest of the jar that is started). Where it does not, classes get the
/// public ones instead when
/// they are loaded.
public final class Internals {

    private Internals() {}

    private static final String UNSAFE = "jdk.internal.misc.Unsafe";

    /// Whether compiled code can use them.
    public static final boolean EXPORTED =
            exported("jdk.internal.misc") && exported("jdk.internal.util");

    /// The JVM's options that export them.
    public static final String OPTIONS =
            "--add-exports java.base/jdk.internal.misc=ALL-UNNAMED"
                    + " --add-exports java.base/jdk.internal.util=ALL-UNNAMED";

    /// What replaces a name in the constant pool.
    private static final Map<String, String> PUBLIC =
            Map.of(
                    "jdk/internal/misc/Unsafe", "sun/misc/Unsafe",
                    "Ljdk/internal/misc/Unsafe;", "Lsun/misc/Unsafe;",
                    "jdk/internal/util/Preconditions", "podium/engine/jvm/runtime/Raw");

    private static boolean exported(String name) {
        return Object.class.getModule().isExported(name, Internals.class.getModule());
    }

    /// The access to memory that compiled code has, of the class it then refers to.
    public static Object unsafe() {
        if (!EXPORTED) return Raw.U;
        try {
            return Class.forName(UNSAFE, false, null).getMethod("getUnsafe").invoke(null);
        } catch (ClassNotFoundException | NoSuchMethodException | IllegalAccessException e) {
            throw new IllegalStateException("this Java platform has no " + UNSAFE, e);
        } catch (InvocationTargetException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    /// A class as it can be loaded here.
    ///
    /// @param file as it was compiled
    public static byte[] adapted(byte[] file) {
        return EXPORTED ? file : withPublicNames(file);
    }

    /// Class file format: Java Virtual Machine Specification, section 4.4.
    static byte[] withPublicNames(byte[] file) {
        var in = ByteBuffer.wrap(file);
        var out = ByteBuffer.allocate(file.length); // public names are no longer
        int copied = 0;
        int count = in.position(8).getShort() & 0xffff;
        for (int i = 1; i < count; i++) {
            int at = in.position();
            int tag = in.get();
            if (tag != 1) {
                in.position(in.position() + sizeOf(tag));
                if (tag == 5 || tag == 6) i++; // long and double take two numbers
                continue;
            }
            int length = in.getShort() & 0xffff;
            var replacement = PUBLIC.get(text(file, in.position(), length));
            in.position(in.position() + length);
            if (replacement == null) continue;
            out.put(file, copied, at - copied).put((byte) 1);
            var bytes = replacement.getBytes(StandardCharsets.UTF_8);
            out.putShort((short) bytes.length).put(bytes);
            copied = in.position();
        }
        out.put(file, copied, file.length - copied).flip();
        var adapted = new byte[out.remaining()];
        out.get(adapted);
        return adapted;
    }

    private static String text(byte[] file, int from, int length) {
        // nothing that long is replaced
        return length > 40 ? "" : new String(file, from, length, StandardCharsets.UTF_8);
    }

    private static int sizeOf(int tag) {
        return switch (tag) {
            case 7, 8, 16, 19, 20 -> 2;
            case 15 -> 3;
            case 5, 6 -> 8;
            default -> 4;
        };
    }
}
