package podium.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.wiring.BundleWiring;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.test.common.annotation.InjectBundleContext;
import org.osgi.test.common.annotation.InjectService;

/// The container comes up whole: every bundle active, every component satisfied.
class ContainerTest {

    /// The only bundles that may export packages.
    private static final Set<String> EXPORTERS = Set.of("podium.api", "podium.testkit");

    @InjectBundleContext BundleContext context;

    @InjectService ServiceComponentRuntime components;

    private List<Bundle> podiumBundles() {
        return Arrays.stream(context.getBundles())
                .filter(bundle -> bundle.getSymbolicName().startsWith("podium."))
                .toList();
    }

    @Test
    void everyBundleIsActive() {
        var idle = new ArrayList<String>();
        for (var bundle : context.getBundles())
            if (bundle.getState() != Bundle.ACTIVE
                    && bundle.getHeaders("").get(Constants.FRAGMENT_HOST) == null)
                idle.add(bundle.getSymbolicName());
        assertEquals(List.of(), idle);
    }

    @Test
    void everyComponentWithoutConfigurationPolicyIsSatisfied() {
        var unsatisfied = new ArrayList<String>();
        for (var component : components.getComponentDescriptionDTOs()) {
            if (!component.bundle.symbolicName.startsWith("podium.")) continue;
            if (component.configurationPolicy.equals("require")) continue;
            for (var configuration : components.getComponentConfigurationDTOs(component))
                if (configuration.state != ComponentConfigurationDTO.ACTIVE
                        && configuration.state != ComponentConfigurationDTO.SATISFIED)
                    unsatisfied.add(
                            component.name
                                    + Arrays.stream(configuration.unsatisfiedReferences)
                                            .map(reference -> " " + reference.name)
                                            .toList());
        }
        assertEquals(List.of(), unsatisfied);
    }

    @Test
    void onlyTheApiAndTheTestKitExportPackages() {
        var exporters = new TreeSet<String>();
        for (var bundle : podiumBundles()) {
            var wiring = bundle.adapt(BundleWiring.class);
            if (!wiring.getCapabilities("osgi.wiring.package").isEmpty())
                exporters.add(bundle.getSymbolicName());
        }
        exporters.removeAll(EXPORTERS);
        assertEquals(Set.of(), exporters);
    }
}
