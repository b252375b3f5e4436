package podium.vfs.image;

import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/// Where an image's files come from: a bundle, a zip file. Its content does not change while it is
/// in use. Thread-safe.
public interface ImageSource {

    /// Tells all entries, in any order; directories may be left out.
    ///
    /// @throws IOException it cannot be read, or makes no sense; one line for people
    void entries(Visitor visitor) throws IOException;

    /// A file's size, where [Visitor#file] was not told it.
    ///
    /// @return in bytes, or -1 when it takes reading all of it
    default long size(String path) throws IOException {
        return -1;
    }

    /// A file's digest, where the source has one.
    ///
    /// @return as [podium.vfs.Node.Regular#sha256()]
    default @Nullable String sha256(String path) throws IOException {
        return null;
    }

    /// A file's content.
    ///
    /// @param path as it was told
    InputStream open(String path) throws IOException;

    /// Receives entries.
    interface Visitor {

        /// @param path relative, parts separated by `/`
        void directory(String path) throws IOException;

        /// @param size in bytes, or -1 when [#size] is to be asked, once it matters
        /// @param mode permission bits, or -1 when the source has none
        /// @param modified nanoseconds since the epoch
        void file(String path, long size, int mode, long modified) throws IOException;

        /// A symbolic link.
        void link(String path, String target, long modified) throws IOException;
    }
}
