package podium.vfs.image;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import podium.syscall.LinuxString;
import podium.vfs.Archives.Limits;

/// The index of an image: made once, never changed, shared by all file systems that show it. Where
/// sources have the same name, later ones win; directories are merged.
final class ImageTree {

    private static final int NAME_MAX = 255;

    /// Linux's programs name no longer ones at once; and a tree's depth is limited by it.
    private static final int PATH_MAX = 4096;

    /// Of all names, links' targets and extended attributes, in characters or bytes: they are kept
    /// in memory.
    private static final long MOST_TEXT = 128 << 20;

    private final ImageDirectory root;
    private final ContentCache cache;
    private long inodes;
    private long text;
    private long bytes;

    private ImageTree(ContentCache cache) {
        this.cache = cache;
        root = new ImageDirectory(++inodes, 0);
    }

    /// Of sources laid over each other name by name.
    static ImageTree of(List<? extends ImageSource> sources, ContentCache cache)
            throws IOException {
        var tree = new ImageTree(cache);
        for (var source : sources) source.entries(tree.new Builder(source, tree.root, null));
        tree.root.freeze();
        return tree;
    }

    /// Of the layers of an OCI image, the lowest first, whose whiteouts count.
    static ImageTree ofLayers(List<? extends ImageSource> layers, ContentCache cache)
            throws IOException {
        var tree = new ImageTree(cache);
        for (var layer : layers) {
            var changes = new ImageDirectory(++tree.inodes, 0);
            layer.entries(tree.new Builder(layer, changes, tree.root));
            LayerChanges.apply(changes, tree.root);
        }
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

    private long inode() throws IOException {
        if (inodes == Limits.DEFAULT.entries())
            throw new Refusal("it has more than " + inodes + " entries, the limit");
        return ++inodes;
    }

    private void count(String kept) throws IOException {
        count(kept.length());
    }

    private void count(int kept) throws IOException {
        text += kept;
        if (text > MOST_TEXT)
            throw new Refusal(
                    "its names and attributes have more than "
                            + MOST_TEXT
                            + " characters, the limit");
    }

    private final class Builder implements ImageSource.Visitor {

        private final ImageSource source;
        private final ImageDirectory top;

        /// Where hard links of a layer may lead, too.
        private final @Nullable ImageDirectory below;

        /// What is newer is of this source.
        private final long first = inodes;

        Builder(ImageSource source, ImageDirectory top, @Nullable ImageDirectory below) {
            this.source = source;
            this.top = top;
            this.below = below;
        }

        @Override
        public void directory(String path, @Nullable Facts facts) throws IOException {
            var parts = path.isEmpty() ? new String[0] : parts(path);
            var directory = directory(path, parts, Math.max(0, parts.length - 1), 0);
            if (parts.length > 0) {
                var name = parts[parts.length - 1];
                // What was there under that name is no more.
                if (!(directory.child(name) instanceof ImageDirectory)) directory.remove(name);
                directory = directory(path, parts, parts.length, 0);
            }
            if (facts == null) return;
            count(facts.extended().size());
            directory.tell(facts);
        }

        @Override
        public void file(String path, long size, Facts facts) throws IOException {
            file(path, new PackedContent(source, path, size, cache), facts, Math.max(0, size));
        }

        @Override
        public void file(String path, Content content, Facts facts) throws IOException {
            file(path, content, facts, content.held());
        }

        private void file(String path, Content content, Facts facts, long size) throws IOException {
            var parts = parts(path);
            boolean program = parts.length > 1 && parts[parts.length - 2].equals("bin");
            var known = facts.mode() < 0 && program ? Facts.of(0755, facts.modified()) : facts;
            put(path, parts, new ImageRegular(inode(), content, known));
            bytes += size;
        }

        @Override
        public void link(String path, String target, Facts facts) throws IOException {
            if (target.isEmpty() || target.indexOf('\0') >= 0 || longer(target, PATH_MAX - 1))
                throw Refusal.of(path, "it is no valid symbolic link");
            count(target);
            put(path, parts(path), new ImageLink(inode(), target, facts));
        }

        @Override
        public void special(String path, int type, long device, Facts facts) throws IOException {
            put(path, parts(path), new ImageSpecial(inode(), type, device, facts));
        }

        @Override
        public void hardLink(String path, String existing) throws IOException {
            var parts = parts(existing);
            var node = find(top, parts);
            if (node == null && below != null) node = find(below, parts);
            var shown = Refusal.shown(existing);
            if (node == null)
                throw Refusal.of(path, "it links to '%s', which is not there".formatted(shown));
            if (node instanceof ImageDirectory)
                throw Refusal.of(path, "it links to '%s', a directory".formatted(shown));
            put(path, parts(path), node);
        }

        /// No symbolic link is followed.
        private static @Nullable ImageNode find(ImageDirectory top, String[] parts) {
            ImageNode at = top;
            for (var part : parts) {
                if (!(at instanceof ImageDirectory directory)) return null;
                at = directory.child(part);
            }
            return at;
        }

        private void put(String path, String[] parts, ImageNode node) throws IOException {
            var parent = directory(path, parts, parts.length - 1, node.facts().modified());
            count(parts[parts.length - 1]);
            count(node.facts().extended().size());
            parent.put(parts[parts.length - 1], node);
        }

        /// The directory that the first parts name, made where it is missing.
        private ImageDirectory directory(String path, String[] parts, int count, long modified)
                throws IOException {
            var at = top;
            for (int i = 0; i < count; i++) {
                var there = at.child(parts[i]);
                if (there instanceof ImageDirectory directory) {
                    at = directory;
                    continue;
                }
                // A way through a link or a file of its own means different things to different
                // programs. That of another source simply gives way.
                if (there != null && there.inode > first)
                    throw Refusal.of(path, "its way leads through what is no directory");
                count(parts[i]);
                var made = new ImageDirectory(inode(), modified);
                at.put(parts[i], made);
                at = made;
            }
            return at;
        }

        private static String[] parts(String path) throws IOException {
            if (longer(path, PATH_MAX)) throw Refusal.of(path, "its name is too long");
            var trimmed = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
            var parts = trimmed.split("/", -1);
            for (var part : parts)
                if (part.isEmpty()
                        || part.equals(".")
                        || part.equals("..")
                        || part.indexOf('\0') >= 0
                        || longer(part, NAME_MAX)) throw Refusal.of(path, "its name is not valid");
            return parts;
        }

        /// @param most bytes
        private static boolean longer(String text, int most) {
            return text.length() > most
                    || (3L * text.length() > most && LinuxString.encode(text).length > most);
        }
    }
}
