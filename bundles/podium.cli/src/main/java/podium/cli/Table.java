package podium.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import podium.json.Json;

/// Rows for people, or as lines of JSON for programs.
record Table(List<String> columns, List<List<String>> rows) {

    void print(PrintWriter out, boolean json) {
        if (json) printJson(out);
        else printText(out);
        out.flush();
    }

    private void printJson(PrintWriter out) {
        for (var row : rows) {
            var object = new LinkedHashMap<String, String>();
            for (int i = 0; i < columns.size(); i++)
                object.put(columns.get(i).toLowerCase(Locale.ROOT), row.get(i));
            out.println(Json.write(object));
        }
    }

    private void printText(PrintWriter out) {
        var lines = new ArrayList<List<String>>();
        lines.add(columns);
        lines.addAll(rows);
        for (var line : lines) {
            var text = new StringBuilder();
            for (int i = 0; i < columns.size() - 1; i++) {
                text.append(line.get(i));
                text.repeat(' ', width(lines, i) + 2 - line.get(i).length());
            }
            out.println(text.append(line.getLast()));
        }
    }

    private static int width(List<List<String>> lines, int column) {
        int width = 0;
        for (var line : lines) width = Math.max(width, line.get(column).length());
        return width;
    }
}
