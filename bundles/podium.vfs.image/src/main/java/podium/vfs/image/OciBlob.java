package podium.vfs.image;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;
import podium.vfs.image.bytes.Bytes;

/// A file of an OCI image layout that is named by its digest, as a descriptor tells (OCI image
/// specification, descriptor.md).
record OciBlob(String digest, long size, OciFiles files) {

    private static final Pattern DIGEST =
            Pattern.compile("sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128}");

    static OciBlob of(OciObject descriptor, OciFiles files) throws Refusal {
        var digest = descriptor.string("digest");
        if (!DIGEST.matcher(digest).matches())
            throw new Refusal(
                    "it has a digest that is none of SHA-256 or SHA-512: '%s'"
                            .formatted(Refusal.shown(digest)));
        return new OciBlob(digest, descriptor.number("size"), files);
    }

    private Bytes find() throws IOException {
        var blob = files.open("blobs/" + digest.replace(':', '/'));
        if (blob.size() == size) return blob;
        blob.close();
        throw new Refusal("%s in it has %d bytes, and not %d".formatted(digest, blob.size(), size));
    }

    private MessageDigest algorithm() {
        try {
            return MessageDigest.getInstance(digest.startsWith("sha256") ? "SHA-256" : "SHA-512");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private void check(MessageDigest of) throws Refusal {
        if (!digest.endsWith(":" + HexFormat.of().formatHex(of.digest())))
            throw new Refusal("%s in it is damaged: its digest is another one".formatted(digest));
    }

    /// All of it as text.
    ///
    /// @throws IOException it is larger than that, not there, or damaged
    String read(int most) throws IOException {
        try (var blob = find()) {
            if (blob.size() > most) throw new Refusal("%s in it is too large".formatted(digest));
            var bytes = blob.read(0, (int) blob.size()).array();
            var of = algorithm();
            of.update(bytes);
            check(of);
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }

    /// A layer's tar, unpacked where it is compressed.
    ///
    /// @return to be closed
    /// @throws IOException it is not there, damaged or no tar
    Bytes open(Gunzipped gunzipped) throws IOException {
        var blob = find();
        boolean kept = false;
        try {
            verify(blob);
            var format = ImageFormat.of(blob);
            if (format == ImageFormat.TAR) {
                kept = true;
                return blob;
            }
            if (format != ImageFormat.GZIP) throw new Refusal("a layer in it is no tar");
            return unpacked(gunzipped.open(blob));
        } finally {
            if (!kept) blob.close();
        }
    }

    private static Bytes unpacked(Bytes tar) throws IOException {
        if (TarSource.recognises(tar)) return tar;
        tar.close();
        throw new Refusal("a layer in it is no tar");
    }

    private void verify(Bytes blob) throws IOException {
        var of = algorithm();
        try (var in = new DigestInputStream(blob.stream(), of)) {
            in.transferTo(java.io.OutputStream.nullOutputStream());
        }
        check(of);
    }
}
