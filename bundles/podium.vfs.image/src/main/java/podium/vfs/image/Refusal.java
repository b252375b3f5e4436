package podium.vfs.image;

import java.io.IOException;

/// What an image says makes no sense, or no sane image says it.
final class Refusal extends IOException {

    private static final long serialVersionUID = 1;

    private static final int LONGEST = 200;

    /// @param message one line, with what the image says as [#shown] gives it
    Refusal(String message) {
        super(message);
    }

    /// @param entry a name in the image
    /// @param why what is wrong with it
    static Refusal of(String entry, String why) {
        return new Refusal("'%s' in it is refused: %s".formatted(shown(entry), why));
    }

    /// A text of an image in a message: in one line that can be read, whatever is in it.
    static String shown(String text) {
        var some = text.length() > LONGEST ? text.substring(0, LONGEST) + "..." : text;
        return some.replaceAll("[\\p{Cntrl}\\p{Cs}\\u2028\\u2029]", "?");
    }
}
