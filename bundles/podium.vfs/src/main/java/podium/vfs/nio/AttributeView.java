package podium.vfs.nio;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.UserPrincipal;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import podium.vfs.AttributeChange;

/// The attributes of whatever is at a path, each time it is asked.
record AttributeView(PodPath path, boolean follow, String name) implements PosixFileAttributeView {

    /// What lies below a file is not there, say the JDK's own file systems.
    @Override
    public PodAttributes readAttributes() throws IOException {
        var found = PodAttributes.orNull(path, follow);
        if (found == null) throw new NoSuchFileException(path.toString());
        return found;
    }

    void change(AttributeChange change) throws IOException {
        var fileSystem = path.getFileSystem();
        Failures.run(
                path,
                () ->
                        fileSystem
                                .namespace()
                                .change(
                                        fileSystem.context(),
                                        fileSystem.resolve(path, follow),
                                        change));
    }

    /// There is nowhere to keep a creation time: it is left as it is.
    @Override
    public void setTimes(
            @Nullable FileTime modified, @Nullable FileTime accessed, @Nullable FileTime created)
            throws IOException {
        if (modified == null && accessed == null) {
            var unused = readAttributes();
            return;
        }
        change(
                AttributeChange.times(
                        accessed == null ? null : AttributeNames.nanos(accessed),
                        modified == null ? null : AttributeNames.nanos(modified)));
    }

    @Override
    public UserPrincipal getOwner() throws IOException {
        return readAttributes().owner();
    }

    @Override
    public void setOwner(UserPrincipal owner) throws IOException {
        change(AttributeChange.owner(PodPrincipal.user(owner), null));
    }

    @Override
    public void setGroup(GroupPrincipal group) throws IOException {
        change(AttributeChange.owner(null, PodPrincipal.user(group)));
    }

    @Override
    public void setPermissions(Set<PosixFilePermission> permissions) throws IOException {
        change(AttributeChange.mode(PodAttributes.mode(permissions)));
    }

    void set(String attribute, Object value) throws IOException {
        if (attribute.endsWith("creationTime")) {
            setTimes(null, null, (FileTime) value);
            return;
        }
        change(AttributeNames.change(attribute, value));
    }
}
