package podium.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.osgi.framework.Bundle;

/// Which bundles start before the others and which after them, each in its own start level.
/// Logging and configuration go first; the component runtime goes last, so that it sees every
/// component at once.
record StartOrder(List<String> first, List<String> last) {

    static StartOrder of(Map<String, String> configuration) {
        return new StartOrder(
                names(configuration, "podium.start.first"),
                names(configuration, "podium.start.last"));
    }

    private static List<String> names(Map<String, String> configuration, String key) {
        var names = new ArrayList<String>();
        for (var name : configuration.getOrDefault(key, "").split(",", -1))
            if (!name.isBlank()) names.add(name.strip());
        return names;
    }

    int level(Bundle bundle) {
        int place = first.indexOf(bundle.getSymbolicName());
        if (place >= 0) return place + 1;
        place = last.indexOf(bundle.getSymbolicName());
        return first.size() + 2 + place;
    }

    /// The framework's start level at which all are started.
    int highest() {
        return first.size() + 1 + last.size();
    }

    /// One line out of a framework's long message.
    static String explain(Throwable e) {
        var message = CommandException.message(e);
        int end = message.indexOf('\n');
        return end < 0 ? message : message.substring(0, end);
    }
}
