package podium.vfs.nio;

import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.UserPrincipal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import podium.vfs.AttributeChange;
import podium.vfs.Mode;

/// Attributes by name, such as `unix:ino`.
final class AttributeNames {

    static final Set<String> VIEWS = Set.of("basic", "posix", "owner", "unix", "user");

    private static final Map<String, Function<PodAttributes, Object>> BASIC = new LinkedHashMap<>();
    private static final Map<String, Function<PodAttributes, Object>> POSIX = new LinkedHashMap<>();
    private static final Map<String, Function<PodAttributes, Object>> UNIX = new LinkedHashMap<>();

    static {
        BASIC.put("size", PodAttributes::size);
        BASIC.put("creationTime", PodAttributes::creationTime);
        BASIC.put("lastAccessTime", PodAttributes::lastAccessTime);
        BASIC.put("lastModifiedTime", PodAttributes::lastModifiedTime);
        BASIC.put("fileKey", PodAttributes::fileKey);
        BASIC.put("isDirectory", PodAttributes::isDirectory);
        BASIC.put("isRegularFile", PodAttributes::isRegularFile);
        BASIC.put("isSymbolicLink", PodAttributes::isSymbolicLink);
        BASIC.put("isOther", PodAttributes::isOther);
        POSIX.putAll(BASIC);
        POSIX.put("permissions", PodAttributes::permissions);
        POSIX.put("owner", PodAttributes::owner);
        POSIX.put("group", PodAttributes::group);
        UNIX.putAll(POSIX);
        UNIX.put("mode", attributes -> attributes.of().mode());
        UNIX.put("ino", attributes -> attributes.of().inode());
        UNIX.put("dev", PodAttributes::device);
        UNIX.put("rdev", attributes -> attributes.of().device());
        UNIX.put("nlink", attributes -> attributes.of().links());
        UNIX.put("uid", attributes -> attributes.of().uid());
        UNIX.put("gid", attributes -> attributes.of().gid());
        UNIX.put("ctime", PodAttributes::changeTime);
    }

    private AttributeNames() {}

    /// An attribute's view and name; the view is `basic` where none is said.
    private record Named(String view, String names) {

        static Named of(String text) {
            int colon = text.indexOf(':');
            return colon < 0
                    ? new Named("basic", text)
                    : new Named(text.substring(0, colon), text.substring(colon + 1));
        }
    }

    private static Map<String, Function<PodAttributes, Object>> view(String name) {
        return switch (name) {
            case "basic" -> BASIC;
            case "posix" -> POSIX;
            case "unix" -> UNIX;
            case "owner" -> Map.of("owner", PodAttributes::owner);
            default -> throw new UnsupportedOperationException("no view '" + name + "'");
        };
    }

    /// @param asked a view, and names with commas between or `*`
    static Map<String, Object> read(PodAttributes attributes, String asked) {
        var named = Named.of(asked);
        var view = view(named.view());
        var values = new LinkedHashMap<String, Object>();
        for (var name : named.names().split(",")) {
            if (name.equals("*")) view.forEach((key, of) -> values.put(key, of.apply(attributes)));
            else values.put(name, known(view, named.view(), name).apply(attributes));
        }
        return values;
    }

    /// @throws UnsupportedOperationException there is no such view
    /// @throws IllegalArgumentException there is no such attribute in it
    static void check(String asked) {
        var named = Named.of(asked);
        if (named.names().isEmpty()) throw new IllegalArgumentException("no attributes");
        var view = view(named.view());
        for (var name : named.names().split(","))
            if (!name.equals("*")) {
                var unused = known(view, named.view(), name);
            }
    }

    private static Function<PodAttributes, Object> known(
            Map<String, Function<PodAttributes, Object>> view, String viewName, String name) {
        var attribute = view.get(name);
        if (attribute == null)
            throw new IllegalArgumentException("the view '" + viewName + "' has no '" + name + "'");
        return attribute;
    }

    /// The change that setting an attribute is.
    ///
    /// @throws ClassCastException the value is of another type
    static AttributeChange change(String attribute, Object value) {
        var named = Named.of(attribute);
        var unused = known(view(named.view()), named.view(), named.names());
        return switch (named.names()) {
            case "lastModifiedTime" -> AttributeChange.times(null, nanos((FileTime) value));
            case "lastAccessTime" -> AttributeChange.times(nanos((FileTime) value), null);
            case "permissions" -> AttributeChange.mode(permissions(value));
            case "owner" -> owner(value);
            case "group" -> AttributeChange.owner(null, PodPrincipal.user((GroupPrincipal) value));
            case "mode" -> AttributeChange.mode((Integer) value & Mode.PERMISSIONS);
            case "uid" -> AttributeChange.owner((Integer) value, null);
            case "gid" -> AttributeChange.owner(null, (Integer) value);
            default -> throw new IllegalArgumentException("'" + attribute + "' cannot be changed");
        };
    }

    private static AttributeChange owner(Object value) {
        return AttributeChange.owner(PodPrincipal.user((UserPrincipal) value), null);
    }

    static long nanos(FileTime time) {
        return time.to(TimeUnit.NANOSECONDS);
    }

    private static int permissions(Object value) {
        var permissions = new ArrayList<PosixFilePermission>();
        for (var one : (Set<?>) value) permissions.add((PosixFilePermission) one);
        return PodAttributes.mode(Set.copyOf(permissions));
    }

    /// The mode of a new file or directory.
    ///
    /// @param attributes of which `posix:permissions` is known
    static int creationMode(int usual, FileAttribute<?>... attributes) {
        int mode = usual;
        for (var attribute : attributes)
            mode =
                    switch (attribute.name()) {
                        case "posix:permissions", "unix:permissions" ->
                                permissions(attribute.value());
                        default ->
                                throw new UnsupportedOperationException(
                                        "'" + attribute.name() + "' cannot be set with creation");
                    };
        return mode;
    }
}
