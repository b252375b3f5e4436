package podium.engine.jvm.wasm;

import java.util.Map;

/// Function names out of the custom section `name` (core specification, appendix). A malformed
/// custom section is no
/// error: what can be read is taken.
final class NameSection {

    private static final int FUNCTION_NAMES = 1;

    private NameSection() {}

    static void read(byte[] content, Map<Integer, String> names) {
        var in = new Cursor(content, 0, content.length);
        try {
            while (!in.atEnd()) {
                int id = in.u8();
                int end = in.restrict(in.length());
                if (id == FUNCTION_NAMES) {
                    int count = in.length();
                    for (int i = 0; i < count; i++) names.put(in.count(), in.name());
                }
                in.seek(in.end());
                in.release(end);
            }
        } catch (MalformedModule e) {
            return; // names are a courtesy
        }
    }
}
