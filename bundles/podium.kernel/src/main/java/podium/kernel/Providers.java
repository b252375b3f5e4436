package podium.kernel;

import java.util.TreeSet;
import podium.engine.LinkException;
import podium.kernel.gate.GateTable;
import podium.syscall.KnownFamilies;

/// Which bundles would provide the imports that nobody does.
final class Providers {

    private Providers() {}

    /// What is missing, and where it is to be had, in one line.
    static String explain(LinkException e, GateTable gates) {
        var bundles = new TreeSet<String>();
        for (var wanted : e.missing()) {
            var bundle = KnownFamilies.bundle(wanted.module(), wanted.name());
            // Where it is there, but has another type, it would not help.
            if (bundle != null && !gates.serves(wanted.module(), wanted.name()))
                bundles.add(bundle);
        }
        return bundles.isEmpty()
                ? String.valueOf(e.getMessage())
                : e.getMessage() + "; install " + String.join(", ", bundles);
    }
}
