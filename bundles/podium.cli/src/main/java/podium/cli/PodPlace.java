package podium.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// A path in a pod, as `POD:PATH` on the command line; `/` when it is the pod alone.
record PodPlace(String pod, String path) {

    /// Whether a text is one, and not a path of the host's: those that begin with `/` or `.` or
    /// have
    /// a slash before the first colon are.
    static boolean is(String text) {
        int colon = text.indexOf(':');
        return colon > 0 && text.substring(0, colon).matches("[a-z0-9-]+");
    }

    /// Reads one.
    static final class Converter implements ITypeConverter<PodPlace> {

        @Override
        public PodPlace convert(String text) {
            int colon = text.indexOf(':');
            var pod = colon < 0 ? text : text.substring(0, colon);
            var path = colon < 0 ? "/" : text.substring(colon + 1);
            if (!pod.matches("[a-z0-9-]+"))
                throw new TypeConversionException("'" + text + "' is not of the form POD:PATH");
            if (!path.startsWith("/"))
                throw new TypeConversionException(
                        "a path in a pod is absolute, not '" + path + "'");
            return new PodPlace(pod, path);
        }
    }

    @Override
    public String toString() {
        return pod + ":" + path;
    }
}
