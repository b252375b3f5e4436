package podium.vfs.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import podium.vfs.Node;
import podium.vfs.image.bytes.Bytes;
import podium.vfs.image.bytes.FileBytes;

/// The files of an OCI image layout (OCI image specification, image-layout.md): of a directory, or
/// of a tar.
@FunctionalInterface
interface OciFiles {

    String MARK = "oci-layout";
    String INDEX = "index.json";

    /// @param path relative, parts separated by `/`
    /// @return to be closed
    /// @throws IOException there is no such file, or it cannot be read; one line for people
    Bytes open(String path) throws IOException;

    static OciFiles of(Path directory) throws IOException {
        if (!Files.exists(directory.resolve(MARK)))
            throw new Refusal(
                    "it is a directory, but no OCI image layout: for its files there is the type host");
        return path -> FileBytes.open(directory.resolve(path));
    }

    static boolean isLayout(ImageTree tree) {
        for (var name : Set.of(MARK, INDEX))
            if (!(tree.root().lookup(name) instanceof ImageRegular)) return false;
        return true;
    }

    /// @param tree of a tar, which stays open
    static OciFiles of(ImageTree tree) {
        return path -> {
            Node at = tree.root();
            for (var part : path.split("/"))
                at = at instanceof Node.Directory directory ? directory.lookup(part) : null;
            if (at instanceof ImageRegular file && file.content() instanceof PlainContent plain)
                return plain.bytes().part(plain.start(), plain.size());
            throw new Refusal("it has no file " + path);
        };
    }
}
