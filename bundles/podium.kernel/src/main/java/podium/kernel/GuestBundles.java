package podium.kernel;

import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.util.tracker.BundleTracker;
import org.osgi.util.tracker.BundleTrackerCustomizer;
import podium.kernel.ModuleCatalog.Prepared;

/// Follows the bundles that carry prepared forms of guest programs. They are data: started or not,
/// what is resolved counts.
final class GuestBundles implements BundleTrackerCustomizer<Prepared> {

    private final ModuleCatalog catalog;
    private final BundleTracker<Prepared> tracker;

    GuestBundles(BundleContext context, ModuleCatalog catalog) {
        this.catalog = catalog;
        int states = Bundle.RESOLVED | Bundle.STARTING | Bundle.ACTIVE;
        tracker = new BundleTracker<>(context, states, this);
    }

    void open() {
        tracker.open();
    }

    void close() {
        tracker.close();
    }

    @Override
    public @Nullable Prepared addingBundle(Bundle bundle, @Nullable BundleEvent event) {
        if (bundle.getEntry(ModuleCatalog.FOLDER) == null) return null;
        Prepared place =
                path -> {
                    var entry = bundle.getEntry(ModuleCatalog.FOLDER + path);
                    return entry == null ? null : entry.openStream();
                };
        catalog.add(place);
        return place;
    }

    @Override
    public void modifiedBundle(Bundle bundle, @Nullable BundleEvent event, Prepared place) {}

    @Override
    public void removedBundle(Bundle bundle, @Nullable BundleEvent event, Prepared place) {
        catalog.remove(place);
    }
}
