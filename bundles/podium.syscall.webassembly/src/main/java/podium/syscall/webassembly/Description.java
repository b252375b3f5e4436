package podium.syscall.webassembly;

import podium.engine.ExternType;
import podium.engine.FunctionType;
import podium.engine.GlobalType;
import podium.engine.MemoryType;
import podium.engine.Module;
import podium.engine.TableType;
import podium.engine.TagType;

/// What a module needs and offers, as JSON: lists of `[module, name, kind, type...]` and `[name,
/// kind,
/// type...]`.
final class Description {

    private final StringBuilder text = new StringBuilder();

    private Description() {}

    static String of(Module module) {
        var description = new Description();
        description.write(module);
        return description.text.toString();
    }

    private void write(Module module) {
        text.append("{\"imports\":[");
        var separator = "";
        for (var wanted : module.imports()) {
            text.append(separator).append('[');
            string(wanted.module());
            text.append(',');
            string(wanted.name());
            type(wanted.type());
            separator = ",";
        }
        text.append("],\"exports\":[");
        separator = "";
        for (var export : module.exports()) {
            text.append(separator).append('[');
            string(export.name());
            type(export.type());
            separator = ",";
        }
        text.append("]}");
    }

    private void type(ExternType type) {
        switch (type) {
            case FunctionType f ->
                    text.append(",\"function\",\"").append(Letters.of(f)).append('"');
            case MemoryType m ->
                    text.append(",\"memory\",")
                            .append(m.minimum())
                            .append(',')
                            .append(m.maximum())
                            .append(',')
                            .append(m.shared());
            case TableType t ->
                    text.append(",\"table\",\"")
                            .append(Letters.of(t.element()))
                            .append("\",")
                            .append(t.minimum())
                            .append(',')
                            .append(t.maximum());
            case GlobalType g ->
                    text.append(",\"global\",\"")
                            .append(Letters.of(g.value()))
                            .append("\",")
                            .append(g.mutable());
            case TagType _ -> text.append(",\"tag\"");
        }
        text.append(']');
    }

    private void string(String value) {
        text.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') text.append('\\').append(c);
            else if (c < 0x20) text.append("\\u%04x".formatted((int) c));
            else text.append(c);
        }
        text.append('"');
    }
}
