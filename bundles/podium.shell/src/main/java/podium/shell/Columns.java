package podium.shell;

import java.util.ArrayList;
import java.util.List;

/// Rows in aligned columns under headings.
final class Columns {

    private final List<List<String>> rows = new ArrayList<>();
    private final boolean[] right;

    /// @param headings a heading that begins with `>` has its column aligned right
    Columns(String... headings) {
        right = new boolean[headings.length];
        var row = new ArrayList<String>();
        for (int i = 0; i < headings.length; i++) {
            right[i] = headings[i].startsWith(">");
            row.add(right[i] ? headings[i].substring(1) : headings[i]);
        }
        rows.add(row);
    }

    void add(Object... cells) {
        var row = new ArrayList<String>();
        for (var cell : cells) row.add(String.valueOf(cell));
        rows.add(row);
    }

    @Override
    public String toString() {
        var widths = new int[right.length];
        for (var row : rows)
            for (int i = 0; i < widths.length; i++)
                widths[i] = Math.max(widths[i], row.get(i).length());
        var text = new StringBuilder();
        for (var row : rows) {
            if (!text.isEmpty()) text.append('\n');
            for (int i = 0; i < widths.length; i++) {
                var cell = row.get(i);
                int pad = widths[i] - cell.length();
                boolean last = i == widths.length - 1;
                if (right[i]) text.repeat(' ', pad).append(cell);
                else text.append(cell).repeat(' ', last ? 0 : pad);
                if (!last) text.append("  ");
            }
        }
        return text.toString();
    }
}
