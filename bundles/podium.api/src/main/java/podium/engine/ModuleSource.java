package podium.engine;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/// Where a module comes from: its binary, and forms of it that were prepared ahead for some
/// engines.
public interface ModuleSource {

    /// A short name for messages, such as a file name. Never used as a path.
    String name();

    /// The lower-case hexadecimal SHA-256 of [#bytes()].
    String sha256();

    /// The module in the binary format. The caller must not change the array. Not asked for by an
    /// engine whose prepared form fits.
    ///
    /// @throws IOException it cannot be read, or is no longer what [#sha256()] says
    byte[] bytes() throws IOException;

    /// Opens the form prepared for an engine, or returns null when there is none. The stream's
    /// content is the engine's own affair; an engine ignores a form that another version of it
    /// made.
    ///
    /// @param engine the engine's name
    @Nullable InputStream prepared(String engine) throws IOException;

    /// A source without prepared forms.
    static ModuleSource of(String name, byte[] bytes) {
        record Plain(String name, String sha256, byte[] bytes) implements ModuleSource {

            @Override
            public @Nullable InputStream prepared(String engine) {
                return null;
            }
        }
        return new Plain(name, sha256(bytes), bytes);
    }

    /// The lower-case hexadecimal SHA-256 of some bytes.
    static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
