package podium.archive;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.HashMap;
import org.jspecify.annotations.Nullable;
import podium.vfs.backend.ExtendedAttributes;

/// Extended attributes of a file or directory as [java.nio.file.Files] has them: those of users, by
/// their names without the namespace.
final class UserAttributes {

    static final String NAMESPACE = "user.";

    /// The longest value (xattr(7)).
    private static final int LONGEST = 65_536;

    private UserAttributes() {}

    private static @Nullable UserDefinedFileAttributeView view(Path path) {
        return Files.getFileAttributeView(
                path, UserDefinedFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
    }

    /// @throws IOException they cannot be read, or are more than an archive may have
    static ExtendedAttributes read(Path path) throws IOException {
        var view = view(path);
        if (view == null) return ExtendedAttributes.NONE;
        var names = view.list();
        if (names.isEmpty()) return ExtendedAttributes.NONE;
        var values = new HashMap<String, byte[]>();
        long size = 0;
        for (var name : names) {
            var value = read(view, name);
            if (value == null) continue;
            size += value.length;
            if (size > ExtendedAttributes.MOST)
                throw new IOException(
                        "'%s' has extended attributes of more than %d bytes"
                                .formatted(Item.shown(path.toString()), ExtendedAttributes.MOST));
            values.put(NAMESPACE + name, value);
        }
        try {
            return ExtendedAttributes.of(values);
        } catch (IllegalArgumentException e) {
            throw new IOException(
                    "the extended attributes of '%s' cannot be archived: %s"
                            .formatted(Item.shown(path.toString()), e.getMessage()),
                    e);
        }
    }

    /// @return null: it is gone by now
    private static byte @Nullable [] read(UserDefinedFileAttributeView view, String name)
            throws IOException {
        var value = ByteBuffer.allocate(LONGEST);
        try {
            view.read(name, value);
        } catch (FileSystemException e) {
            if (view.list().contains(name)) throw e;
            return null;
        }
        return java.util.Arrays.copyOf(value.array(), value.position());
    }

    /// Where the target has none, they are lost, as owners are.
    static void write(Path path, ExtendedAttributes attributes) throws IOException {
        if (attributes.isEmpty()) return;
        var view = view(path);
        if (view == null) return;
        for (var name : attributes.names()) {
            var value = attributes.get(name);
            if (value != null) write(view, name.substring(NAMESPACE.length()), value);
        }
    }

    private static void write(UserDefinedFileAttributeView view, String name, byte[] value)
            throws IOException {
        try {
            view.write(name, ByteBuffer.wrap(value));
        } catch (FileSystemException e) {
            var reason = String.valueOf(e.getReason());
            if (!reason.endsWith("Operation not supported")) throw e;
        }
    }
}
