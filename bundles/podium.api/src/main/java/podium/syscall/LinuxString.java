package podium.syscall;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/// Linux names are bytes, Java's are text. Bytes that are no UTF-8 become the lone surrogates
/// U+DC80 to U+DCFF and back, so that every name survives the round trip (the `surrogateescape`
/// scheme of Python's PEP 383).
public final class LinuxString {

    private LinuxString() {}

    /// The text of some bytes. Never fails.
    public static String decode(byte[] bytes) {
        var text = new String(bytes, StandardCharsets.UTF_8);
        return text.indexOf('\ufffd') < 0 ? text : decodeEscaped(bytes);
    }

    /// The bytes of a text; the inverse of [#decode(byte[])]. A lone surrogate outside U+DC80 to
    /// U+DCFF is `EILSEQ`.
    public static byte[] encode(String text) {
        for (int i = 0; i < text.length(); i++)
            if (Character.isSurrogate(text.charAt(i))) return encodeEscaped(text);
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String decodeEscaped(byte[] bytes) {
        var decoder =
                StandardCharsets.UTF_8
                        .newDecoder()
                        .onMalformedInput(CodingErrorAction.REPORT)
                        .onUnmappableCharacter(CodingErrorAction.REPORT);
        var in = ByteBuffer.wrap(bytes);
        var out = CharBuffer.allocate(bytes.length);
        CoderResult result;
        while ((result = decoder.decode(in, out, true)).isError())
            for (int i = 0; i < result.length(); i++) out.put((char) (0xdc00 | (in.get() & 0xff)));
        return out.flip().toString();
    }

    private static byte[] encodeEscaped(String text) {
        var out = new ByteArrayOutputStream(text.length() + 16);
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            i += Character.charCount(c);
            if (c >= 0xdc80 && c <= 0xdcff) out.write(c & 0xff);
            else if (c >= 0xd800 && c <= 0xdfff) throw Errno.EILSEQ.exception();
            else out.writeBytes(Character.toString(c).getBytes(StandardCharsets.UTF_8));
        }
        return out.toByteArray();
    }
}
