package podium.vfs.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import podium.vfs.FileSystem;
import podium.vfs.image.bytes.Bytes;
import podium.vfs.image.bytes.FileBytes;
import podium.vfs.image.ext.ExtFileSystem;

/// Makes a file system of a file, or of an OCI image layout's directory.
final class ImageFile {

    private final Path path;

    /// Which one of several; null for the only one.
    private final @Nullable String image;

    private final ContentCache cache;
    private final Gunzipped gunzipped;

    /// What the file system will close.
    private final List<AutoCloseable> owned = new ArrayList<>();

    private ImageFile(Path path, @Nullable String image, ContentCache cache, Gunzipped gunzipped) {
        this.path = path;
        this.image = image;
        this.cache = cache;
        this.gunzipped = gunzipped;
    }

    /// @param image which one of an OCI layout with several
    /// @throws IOException it cannot be read, or is no image; one line for people
    static FileSystem open(
            Path path, @Nullable String image, ContentCache cache, Gunzipped gunzipped)
            throws IOException {
        var file = new ImageFile(path, image, cache, gunzipped);
        boolean done = false;
        try {
            var fs = file.open();
            done = true;
            return fs;
        } finally {
            if (!done) for (var one : file.owned) close(one);
        }
    }

    private static void close(AutoCloseable one) throws IOException {
        try {
            one.close();
        } catch (IOException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException(e);
        }
    }

    private <T extends AutoCloseable> T own(T opened) {
        owned.add(opened);
        return opened;
    }

    private FileSystem open() throws IOException {
        if (Files.isDirectory(path)) return oci(OciFiles.of(path));
        var bytes = own(FileBytes.open(path));
        var format = ImageFormat.of(bytes);
        if (format == ImageFormat.GZIP) {
            var unpacked = own(gunzipped.open(bytes));
            bytes.close();
            return open(unpacked, ImageFormat.of(unpacked));
        }
        if (format == ImageFormat.ZIP)
            return show(ImageTree.of(List.of(own(new ZipSource(path))), cache));
        return open(bytes, format);
    }

    private FileSystem open(Bytes bytes, ImageFormat format) throws IOException {
        return switch (format) {
            case EXT -> new ExtFileSystem(bytes);
            case TAR -> {
                var tree = ImageTree.of(List.of(new TarSource(bytes)), cache);
                yield OciFiles.isLayout(tree) ? oci(OciFiles.of(tree)) : show(tree);
            }
            case ZIP, GZIP -> throw new Refusal("it is compressed twice: unpack it with gzip -d");
        };
    }

    private FileSystem oci(OciFiles files) throws IOException {
        var layers = new ArrayList<ImageSource>();
        for (var layer : new OciLayout(files, image).layers())
            layers.add(new TarSource(own(layer.open(gunzipped))));
        return show(ImageTree.ofLayers(layers, cache));
    }

    private FileSystem show(ImageTree tree) {
        return new ImageFileSystem(tree, owned);
    }
}
