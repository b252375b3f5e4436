package podium.kernel;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.FrameworkListener;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import podium.engine.Engine;
import podium.pod.Pod;
import podium.pod.PodException;
import podium.pod.PodManager;
import podium.pod.PodSpec;
import podium.syscall.Sockets;
import podium.syscall.SyscallFamily;
import podium.vfs.Vfs;

/// The `PodManager` service: a [Kernel] that follows the services it is made of.
///
/// Families and engines may be replaced at any time. Without the `Vfs` there is no kernel: its pods
/// are closed.
@Component(service = PodManager.class)
public final class KernelService implements PodManager {

    private final ModuleCatalog catalog = new ModuleCatalog();
    private final Kernel kernel;
    private final GuestBundles bundles;
    private final BundleContext context;
    private final FrameworkListener started;

    @Activate
    public KernelService(BundleContext context, @Reference Vfs vfs, @Reference PodTable pods) {
        this.context = context;
        kernel = new Kernel(vfs, catalog, pods);
        started =
                event -> {
                    if (event.getType() == FrameworkEvent.STARTED) kernel.settled();
                };
        bundles = new GuestBundles(context, catalog);
        bundles.open();
        start();
    }

    /// While the framework starts, families come one by one, and programs may be running already.
    private void start() {
        kernel.settle();
        context.addFrameworkListener(started);
        if (context.getBundle(Constants.SYSTEM_BUNDLE_ID).getState() == Bundle.ACTIVE)
            kernel.settled();
    }

    @Deactivate
    void deactivate() {
        context.removeFrameworkListener(started);
        kernel.close();
        bundles.close();
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void addFamily(SyscallFamily family, Map<String, Object> properties) {
        kernel.add(family, ranking(properties), (Long) id(properties));
    }

    void removeFamily(SyscallFamily family) {
        kernel.remove(family);
    }

    @Reference(
            cardinality = ReferenceCardinality.AT_LEAST_ONE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void addEngine(Engine engine, Map<String, Object> properties) {
        kernel.add(engine, ranking(properties));
    }

    void removeEngine(Engine engine) {
        kernel.remove(engine);
    }

    /// For processes that are thawed with sockets.
    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void setSockets(Sockets sockets) {
        kernel.setSockets(sockets);
    }

    void unsetSockets(Sockets sockets) {
        kernel.removeSockets(sockets);
    }

    private static int ranking(Map<String, Object> properties) {
        return properties.get(Constants.SERVICE_RANKING) instanceof Integer ranking ? ranking : 0;
    }

    private static Object id(Map<String, Object> properties) {
        return java.util.Objects.requireNonNull(properties.get(Constants.SERVICE_ID));
    }

    @Override
    public Pod create(PodSpec spec) throws PodException {
        return kernel.create(spec);
    }

    @Override
    public List<Pod> pods() {
        return kernel.pods();
    }

    @Override
    public @Nullable Pod pod(String name) {
        return kernel.pod(name);
    }
}
