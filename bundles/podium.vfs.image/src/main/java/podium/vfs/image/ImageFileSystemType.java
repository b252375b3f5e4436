package podium.vfs.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import podium.vfs.FileSystem;
import podium.vfs.FileSystemType;
import podium.vfs.MountException;
import podium.vfs.MountSpec;

/// Makes file systems of type `image`.
@Component
public final class ImageFileSystemType implements FileSystemType {

    private static final String FILE = "file";
    private static final String IMAGE = "image";
    private static final long CACHE = 64 << 20;

    private final BundleContext context;
    private final ContentCache cache = new ContentCache(CACHE);
    private final Gunzipped gunzipped = new Gunzipped();

    /// The latest image of all bundles: pods mostly have the same one.
    private @Nullable Indexed indexed;

    /// @param bundles what it was made of
    private record Indexed(List<Version> bundles, ImageTree tree) {}

    private record Version(long id, long modified) {}

    @Activate
    public ImageFileSystemType(BundleContext context) {
        this.context = context;
    }

    @Override
    public String name() {
        return "image";
    }

    @Override
    public FileSystem create(MountSpec spec) throws MountException {
        if (!Set.of(FILE, IMAGE).containsAll(spec.options().keySet()))
            throw new MountException(
                    "an image file system has no options but '%s' and '%s'".formatted(FILE, IMAGE));
        var file = spec.options().get(FILE);
        if (file != null && !spec.source().isEmpty())
            throw new MountException(
                    "an image's file is its source or its option '" + FILE + "', not both");
        try {
            if (file == null && !isBundles(spec.source())) file = spec.source();
            return file == null
                    ? bundles(spec.source())
                    : ImageFile.open(Path.of(file), spec.options().get(IMAGE), cache, gunzipped);
        } catch (IOException | InvalidPathException e) {
            var what = file != null ? file : spec.source().isEmpty() ? "of bundles" : spec.source();
            throw new MountException(
                    "cannot mount the image %s: %s".formatted(what, e.getMessage()), e);
        }
    }

    /// Whether a source means bundles and no file: that of a bundle is no path, and comes first.
    private boolean isBundles(String source) {
        if (source.isEmpty()) return true;
        if (source.contains("/")) return false;
        for (var bundle : context.getBundles())
            if (source.equals(bundle.getSymbolicName()) && BundleSource.of(bundle) != null)
                return true;
        return !Files.exists(Path.of(source));
    }

    private FileSystem bundles(String name) throws IOException, MountException {
        var bundles = new ArrayList<Bundle>();
        for (var bundle : context.getBundles()) {
            boolean wanted = name.isEmpty() || name.equals(bundle.getSymbolicName());
            boolean there = bundle.getState() != Bundle.UNINSTALLED;
            if (wanted && there && BundleSource.of(bundle) != null) bundles.add(bundle);
        }
        if (bundles.isEmpty())
            throw new MountException(
                    name.isEmpty()
                            ? "no installed bundle carries an image (header Podium-Image)"
                            : "no bundle '%s' with an image (header Podium-Image) is installed, and there is no such file"
                                    .formatted(name));
        bundles.sort(Comparator.comparingLong(Bundle::getBundleId));
        return new ImageFileSystem(tree(bundles), List.of());
    }

    private synchronized ImageTree tree(List<Bundle> bundles) throws IOException {
        var versions =
                bundles.stream()
                        .map(bundle -> new Version(bundle.getBundleId(), bundle.getLastModified()))
                        .toList();
        var known = indexed;
        if (known != null && known.bundles.equals(versions)) return known.tree;
        var sources = new BundleSource[bundles.size()];
        Arrays.setAll(sources, i -> BundleSource.of(bundles.get(i)));
        var tree = ImageTree.of(Arrays.asList(sources), cache);
        indexed = new Indexed(versions, tree);
        return tree;
    }
}
