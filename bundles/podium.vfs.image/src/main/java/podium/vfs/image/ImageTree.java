package podium.vfs.image;

import java.io.IOException;
import java.util.List;

/// The index of an image: made once, never changed, shared by all file systems that show it. Where
/// sources have the same name, later ones win; directories are merged.
final class ImageTree {

    private final ImageDirectory root;
    private final ContentCache cache;
    private long inodes;
    private long bytes;

    private ImageTree(ContentCache cache) {
        this.cache = cache;
        root = new ImageDirectory(++inodes, 0);
    }

    static ImageTree of(List<? extends ImageSource> sources, ContentCache cache)
            throws IOException {
        var tree = new ImageTree(cache);
        for (var source : sources) source.entries(tree.new Builder(source));
        tree.root.freeze();
        return tree;
    }

    ImageDirectory root() {
        return root;
    }

    long files() {
        return inodes;
    }

    /// As far as the sources told.
    long bytes() {
        return bytes;
    }

    private final class Builder implements ImageSource.Visitor {

        private final ImageSource source;

        Builder(ImageSource source) {
            this.source = source;
        }

        @Override
        public void directory(String path) throws IOException {
            directory(parts(path), Integer.MAX_VALUE, 0);
        }

        @Override
        public void file(String path, long size, int mode, long modified) throws IOException {
            var parts = parts(path);
            var parent = directory(parts, parts.length - 1, modified);
            boolean program = parts.length > 1 && parts[parts.length - 2].equals("bin");
            int known = mode < 0 && program ? 0755 : mode;
            var content = new Content(source, path, size, cache);
            parent.put(
                    parts[parts.length - 1], new ImageRegular(++inodes, content, known, modified));
            bytes += Math.max(0, size);
        }

        @Override
        public void link(String path, String target, long modified) throws IOException {
            if (target.isEmpty()) throw new IOException("an empty symbolic link: " + path);
            var parts = parts(path);
            var parent = directory(parts, parts.length - 1, modified);
            parent.put(parts[parts.length - 1], new ImageLink(++inodes, target, modified));
        }

        /// The directory that the first parts name, made where it is missing.
        private ImageDirectory directory(String[] parts, int count, long modified) {
            var at = root;
            for (int i = 0; i < Math.min(count, parts.length); i++) {
                if (at.child(parts[i]) instanceof ImageDirectory there) {
                    at = there;
                } else {
                    var made = new ImageDirectory(++inodes, modified);
                    at.put(parts[i], made);
                    at = made;
                }
            }
            return at;
        }

        private static String[] parts(String path) throws IOException {
            var trimmed = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
            var parts = trimmed.split("/", -1);
            for (var part : parts)
                if (part.isEmpty()
                        || part.equals(".")
                        || part.equals("..")
                        || part.indexOf('\0') >= 0
                        || part.length() > 255)
                    throw new IOException("no valid name in an image: '" + path + "'");
            return parts;
        }
    }
}
