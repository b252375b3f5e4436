package podium.vfs.image;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import podium.vfs.image.bytes.Bytes;

/// An OCI image layout: its index leads to manifests, perhaps by further indexes, and a manifest to
/// its layers. Everything but the index is named by its digest, which is verified.
final class OciLayout {

    /// Of an index or manifest, as registries have it.
    private static final int MOST_TEXT = 4 << 20;

    private static final int MOST_LAYERS = 1000;
    private static final int MOST_IMAGES = 1000;
    private static final int MOST_DEPTH = 4;

    private final OciFiles files;
    private final @Nullable String wanted;
    private final List<Image> images = new ArrayList<>();

    /// One there is.
    ///
    /// @param name as tools tag it, empty for none
    /// @param platform as `linux/amd64`, empty for none
    private record Image(String name, String platform, OciBlob manifest) {

        boolean is(String wanted) {
            return wanted.equals(name)
                    || wanted.equals(platform)
                    || wanted.equals(manifest.digest());
        }

        @Override
        public String toString() {
            var known = name + (name.isEmpty() || platform.isEmpty() ? "" : " ") + platform;
            return Refusal.shown(known.isEmpty() ? manifest.digest() : known);
        }
    }

    /// @param wanted the name, platform or digest of an image; null for the only one
    OciLayout(OciFiles files, @Nullable String wanted) {
        this.files = files;
        this.wanted = wanted;
    }

    /// The lowest first.
    ///
    /// @throws IOException there is no such image, or not just one, or it is damaged
    List<OciBlob> layers() throws IOException {
        var version = read(OciFiles.MARK).string("imageLayoutVersion");
        if (!version.startsWith("1."))
            throw new Refusal(
                    "it is an OCI image layout of the unknown version '%s'"
                            .formatted(Refusal.shown(version)));
        collect(read(OciFiles.INDEX), "", 0);
        var image = choose();
        var layers = new ArrayList<OciBlob>();
        for (var layer : OciObject.parse(image.manifest.read(MOST_TEXT)).objects("layers")) {
            if (layers.size() == MOST_LAYERS)
                throw new Refusal("it has more than %d layers, the limit".formatted(MOST_LAYERS));
            layers.add(OciBlob.of(layer, files));
        }
        return layers;
    }

    private OciObject read(String path) throws IOException {
        try (var bytes = files.open(path)) {
            return OciObject.parse(text(bytes, path));
        }
    }

    private static String text(Bytes bytes, String what) throws IOException {
        if (bytes.size() > MOST_TEXT) throw new Refusal("%s in it is too large".formatted(what));
        var text = bytes.read(0, (int) bytes.size());
        return StandardCharsets.UTF_8.decode(text).toString();
    }

    private void collect(OciObject index, String name, int depth) throws IOException {
        if (depth == MOST_DEPTH) throw new Refusal("its indexes lead to each other too often");
        for (var entry : index.objects("manifests")) {
            var annotations = entry.object("annotations");
            var own = annotations.string("org.opencontainers.image.ref.name");
            var known = own.isEmpty() ? name : own;
            var blob = OciBlob.of(entry, files);
            var type = entry.string("mediaType");
            boolean list = type.contains("image.index") || type.contains("manifest.list");
            if (list) collect(OciObject.parse(blob.read(MOST_TEXT)), known, depth + 1);
            else add(new Image(known, platform(entry), blob));
        }
    }

    private static String platform(OciObject entry) throws Refusal {
        var platform = entry.object("platform");
        var system = platform.string("os");
        if (system.isEmpty()) return "";
        var variant = platform.string("variant");
        return system
                + "/"
                + platform.string("architecture")
                + (variant.isEmpty() ? "" : "/" + variant);
    }

    private void add(Image image) throws Refusal {
        // What builders attest of an image has a manifest, too, for no platform.
        if (image.platform.startsWith("unknown/")) return;
        if (images.size() == MOST_IMAGES)
            throw new Refusal("it has more than %d images, the limit".formatted(MOST_IMAGES));
        images.add(image);
    }

    private Image choose() throws Refusal {
        var found = images.stream().filter(image -> wanted == null || image.is(wanted)).toList();
        if (found.stream().map(image -> image.manifest.digest()).distinct().count() == 1)
            return found.getFirst();
        if (images.isEmpty()) throw new Refusal("it has no image");
        var all = images.stream().limit(20).map(Image::toString).collect(Collectors.joining(", "));
        if (found.isEmpty())
            throw new Refusal("it has no image '%s', but %s".formatted(wanted, all));
        throw new Refusal(
                "it has several images; the option image names one, or its digest: " + all);
    }
}
