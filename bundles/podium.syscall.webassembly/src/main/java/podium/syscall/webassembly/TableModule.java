package podium.syscall.webassembly;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import podium.engine.TableType;
import podium.engine.ValueType;

/// The smallest module that has a table: tables are made by instances only.
final class TableModule {

    static final String EXPORT = "table";

    private TableModule() {}

    /// @return the module in the binary format (core specification, chapter 5)
    static byte[] of(TableType type) {
        var table = new ByteArrayOutputStream();
        table.write(1);
        table.write(type.element() == ValueType.FUNCREF ? 0x70 : 0x6f);
        table.write(type.maximum() < 0 ? 0 : 1);
        number(table, type.minimum());
        if (type.maximum() >= 0) number(table, type.maximum());
        var export = new ByteArrayOutputStream();
        export.write(1);
        export.write(EXPORT.length());
        export.writeBytes(EXPORT.getBytes(StandardCharsets.US_ASCII));
        export.write(1);
        export.write(0);
        var module = new ByteArrayOutputStream();
        module.writeBytes(new byte[] {0, 'a', 's', 'm', 1, 0, 0, 0});
        section(module, 4, table);
        section(module, 7, export);
        return module.toByteArray();
    }

    private static void section(ByteArrayOutputStream out, int id, ByteArrayOutputStream content) {
        out.write(id);
        number(out, content.size());
        out.writeBytes(content.toByteArray());
    }

    /// LEB128, unsigned.
    private static void number(ByteArrayOutputStream out, long value) {
        for (; value > 0x7f; value >>>= 7) out.write((int) (value & 0x7f | 0x80));
        out.write((int) value);
    }
}
