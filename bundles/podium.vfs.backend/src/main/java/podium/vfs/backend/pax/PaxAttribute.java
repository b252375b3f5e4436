package podium.vfs.backend.pax;

import java.io.ByteArrayOutputStream;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import podium.syscall.LinuxString;

/// An extended attribute as a record of a pax header: `SCHILY.xattr.NAME`, as star and GNU tar have
/// it, or `LIBARCHIVE.xattr.NAME`, which bsdtar adds, with a value in Base64. A name may have bytes
/// as `%XX`.
public record PaxAttribute(String name, byte[] value) {

    private static final String SCHILY = "SCHILY.xattr.";
    private static final String LIBARCHIVE = "LIBARCHIVE.xattr.";

    /// What a record tells.
    ///
    /// @param key as [LinuxString#decode] makes it of bytes
    /// @return null when it is of something else
    /// @throws IllegalArgumentException its value is not encoded as it should be
    public static @Nullable PaxAttribute of(String key, byte[] value) {
        if (key.startsWith(SCHILY))
            return new PaxAttribute(decode(key.substring(SCHILY.length())), value);
        if (!key.startsWith(LIBARCHIVE)) return null;
        var name = decode(key.substring(LIBARCHIVE.length()));
        return new PaxAttribute(name, Base64.getDecoder().decode(value));
    }

    /// The record's key, as GNU tar writes it.
    public byte[] key() {
        return LinuxString.encode(SCHILY + name.replace("%", "%25").replace("=", "%3D"));
    }

    private static String decode(String name) {
        if (name.indexOf('%') < 0) return name;
        var bytes = LinuxString.encode(name);
        var decoded = new ByteArrayOutputStream(bytes.length);
        for (int i = 0; i < bytes.length; i++) {
            int high = i + 2 < bytes.length ? Character.digit(bytes[i + 1], 16) : -1;
            int low = high < 0 ? -1 : Character.digit(bytes[i + 2], 16);
            boolean escaped = bytes[i] == '%' && low >= 0;
            decoded.write(escaped ? high << 4 | low : bytes[i]);
            if (escaped) i += 2;
        }
        return LinuxString.decode(decoded.toByteArray());
    }
}
