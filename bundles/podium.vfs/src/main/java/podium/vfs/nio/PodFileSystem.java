package podium.vfs.nio;

import java.io.IOException;
import java.nio.file.ClosedFileSystemException;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.WatchService;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import podium.vfs.FsContext;
import podium.vfs.Location;
import podium.vfs.MountNamespace;

/// A pod's files for [java.nio.file.Files]. Thread-safe.
public final class PodFileSystem extends FileSystem {

    private final String name;
    private final FsContext context;
    private final PodFileSystemProvider provider = new PodFileSystemProvider(this);
    private volatile boolean open = true;

    /// Channels, directory streams and watch services, which close with this, those included that
    /// nobody refers to any more. Guarded by itself.
    private final Set<AutoCloseable> users = new HashSet<>();

    private PodFileSystem(String name, FsContext context) {
        this.name = name;
        this.context = context;
    }

    /// @param name of the pod
    /// @param context who looks and from where; closed with the file system
    public static FileSystem open(String name, FsContext context) {
        return new PodFileSystem(name, context);
    }

    String name() {
        return name;
    }

    FsContext context() {
        return context;
    }

    MountNamespace namespace() {
        return context.namespace();
    }

    /// @throws podium.syscall.ErrnoException there is no such place
    Location resolve(PodPath path, boolean follow) {
        return namespace()
                .resolve(
                        context,
                        null,
                        path.call(),
                        follow ? 0 : MountNamespace.AT_SYMLINK_NOFOLLOW);
    }

    void checkOpen() {
        if (!open) throw new ClosedFileSystemException();
    }

    /// Closes something with this.
    <T extends AutoCloseable> T closing(T user) throws IOException {
        synchronized (users) {
            if (open) {
                users.add(user);
                return user;
            }
        }
        end(List.of(user));
        throw new ClosedFileSystemException();
    }

    void closed(AutoCloseable user) {
        synchronized (users) {
            users.remove(user);
        }
    }

    @Override
    public PodFileSystemProvider provider() {
        return provider;
    }

    @Override
    public void close() throws IOException {
        List<AutoCloseable> all;
        synchronized (users) {
            if (!open) return;
            open = false;
            all = new ArrayList<>(users);
            users.clear();
        }
        try {
            end(all);
        } finally {
            context.close();
        }
    }

    private static void end(List<? extends AutoCloseable> users) throws IOException {
        var failure = new IOException("not everything closes");
        for (var user : users)
            try {
                user.close();
            } catch (Exception e) {
                failure.addSuppressed(e);
            }
        if (failure.getSuppressed().length > 0) throw failure;
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    @Override
    public boolean isReadOnly() {
        return false;
    }

    @Override
    public String getSeparator() {
        return "/";
    }

    @Override
    public Iterable<Path> getRootDirectories() {
        return List.of(getPath("/"));
    }

    /// One for each mount.
    @Override
    public Iterable<FileStore> getFileStores() {
        checkOpen();
        var stores = new ArrayList<FileStore>();
        for (var mounted : namespace().mounts())
            PodFileStore.of(this, mounted).ifPresent(stores::add);
        return stores;
    }

    @Override
    public Set<String> supportedFileAttributeViews() {
        return AttributeNames.VIEWS;
    }

    @Override
    public PodPath getPath(String first, String... more) {
        var text = new StringBuilder(first);
        for (var part : more)
            if (!part.isEmpty()) {
                if (!text.isEmpty()) text.append('/');
                text.append(part);
            }
        return PodPath.of(this, text.toString());
    }

    @Override
    public PathMatcher getPathMatcher(String syntaxAndPattern) {
        int colon = syntaxAndPattern.indexOf(':');
        if (colon <= 0) throw new IllegalArgumentException("no syntax: " + syntaxAndPattern);
        var input = syntaxAndPattern.substring(colon + 1);
        var pattern =
                switch (syntaxAndPattern.substring(0, colon).toLowerCase(java.util.Locale.ROOT)) {
                    case "glob" -> Glob.pattern(input);
                    case "regex" -> Pattern.compile(input);
                    default ->
                            throw new UnsupportedOperationException(
                                    "syntax of " + syntaxAndPattern);
                };
        return path -> pattern.matcher(path.toString()).matches();
    }

    @Override
    public UserPrincipalLookupService getUserPrincipalLookupService() {
        return PodPrincipal.LOOKUP;
    }

    @Override
    public WatchService newWatchService() throws IOException {
        checkOpen();
        return closing(new PodWatchService(this));
    }

    @Override
    public String toString() {
        return PodUri.SCHEME + "://" + name + "/";
    }
}
