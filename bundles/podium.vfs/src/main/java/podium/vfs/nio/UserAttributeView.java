package podium.vfs.nio;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileSystemException;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import podium.vfs.FsContext;
import podium.vfs.Location;
import podium.vfs.MountNamespace;

/// The extended attributes of the namespace `user` (xattr(7)), by their names without it.
record UserAttributeView(PodPath path, boolean follow) implements UserDefinedFileAttributeView {

    /// What names in [java.nio.file.Files#getAttribute] begin with.
    static final String PREFIX = "user:";

    private static final String NAMESPACE = "user.";

    @Override
    public String name() {
        return "user";
    }

    private interface Call<T> {
        T on(MountNamespace namespace, FsContext context, Location place);
    }

    private <T> T on(Call<T> call) throws IOException {
        var fileSystem = path.getFileSystem();
        return Failures.on(
                path,
                () ->
                        call.on(
                                fileSystem.namespace(),
                                fileSystem.context(),
                                fileSystem.resolve(path, follow)));
    }

    @Override
    public List<String> list() throws IOException {
        return on(
                (namespace, context, place) ->
                        namespace.extendedAttributes(context, place).stream()
                                .filter(name -> name.startsWith(NAMESPACE))
                                .map(name -> name.substring(NAMESPACE.length()))
                                .toList());
    }

    /// @param asked names with commas between or `*`
    Map<String, Object> read(String asked) throws IOException {
        var values = new LinkedHashMap<String, Object>();
        for (var name : asked.split(","))
            if (name.equals("*")) for (var one : list()) values.put(one, value(one));
            else values.put(name, value(name));
        return values;
    }

    /// @param value a [ByteBuffer] or a `byte[]`
    void set(String name, Object value) throws IOException {
        var bytes = value instanceof byte[] array ? ByteBuffer.wrap(array) : (ByteBuffer) value;
        write(name, bytes);
    }

    private byte[] value(String name) throws IOException {
        return on(
                (namespace, context, place) ->
                        namespace.extendedAttribute(context, place, NAMESPACE + name));
    }

    @Override
    public int size(String name) throws IOException {
        return value(name).length;
    }

    @Override
    public int read(String name, ByteBuffer into) throws IOException {
        var value = value(name);
        if (into.remaining() < value.length)
            throw new FileSystemException(
                    path.toString(),
                    null,
                    "'%s' has %d bytes, and the buffer room for %d"
                            .formatted(name, value.length, into.remaining()));
        into.put(value);
        return value.length;
    }

    @Override
    public int write(String name, ByteBuffer from) throws IOException {
        var value = new byte[from.remaining()];
        from.get(from.position(), value);
        on(
                (namespace, context, place) -> {
                    namespace.setExtendedAttribute(context, place, NAMESPACE + name, value, 0);
                    return true;
                });
        from.position(from.limit());
        return value.length;
    }

    @Override
    public void delete(String name) throws IOException {
        on(
                (namespace, context, place) -> {
                    namespace.removeExtendedAttribute(context, place, NAMESPACE + name);
                    return true;
                });
    }
}
