package podium.vfs.impl;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import podium.syscall.Credentials;
import podium.syscall.KernelObjects;
import podium.vfs.CheckReport;
import podium.vfs.CheckResult;
import podium.vfs.FileSystemType;
import podium.vfs.FsContext;
import podium.vfs.MountException;
import podium.vfs.MountNamespace;
import podium.vfs.MountSpec;
import podium.vfs.Vfs;
import podium.vfs.nio.PodFileSystem;

/// The `Vfs` service. File system types and the kernel come and go; what is mounted stays.
@Component
public final class VfsService implements Vfs {

    /// How long the mounts of a type that has left wait for it.
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /// By service, lowest ranking first.
    private final ConcurrentSkipListMap<ServiceReference<FileSystemType>, FileSystemType> services =
            new ConcurrentSkipListMap<>();

    private final Map<String, FileSystemType> given = new ConcurrentHashMap<>();
    private volatile @Nullable KernelObjects kernel;
    private final FileSystems types = new FileSystems(this::types, () -> kernel);

    private final Set<Namespace> namespaces = ConcurrentHashMap.newKeySet();
    private final Duration patience;
    private final BooleanSupplier ending;
    private volatile boolean ended;

    @Activate
    public VfsService(BundleContext context) {
        patience = PATIENCE;
        var framework = context.getBundle(Constants.SYSTEM_BUNDLE_ID);
        ending = () -> framework.getState() == Bundle.STOPPING;
    }

    @Deactivate
    void end() {
        ended = true;
    }

    /// Without OSGi.
    ///
    /// @param kernel null for one without FIFOs and terminals
    public VfsService(Iterable<? extends FileSystemType> types, @Nullable KernelObjects kernel) {
        this(types, kernel, PATIENCE);
    }

    VfsService(
            Iterable<? extends FileSystemType> types,
            @Nullable KernelObjects kernel,
            Duration patience) {
        this.patience = patience;
        ending = () -> false;
        for (var type : types) given.put(type.name(), type);
        this.kernel = kernel;
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void addType(FileSystemType type, ServiceReference<FileSystemType> reference) {
        services.put(reference, type);
    }

    void removeType(FileSystemType type, ServiceReference<FileSystemType> reference) {
        services.remove(reference, type);
        left(type);
    }

    /// A type is no longer provided.
    void left(FileSystemType type) {
        given.remove(type.name(), type);
        // When all ends, everybody leaves.
        if (ended || ending.getAsBoolean()) return;
        for (var namespace : namespaces)
            for (var mount : namespace.madeBy(type))
                new Departure(types, patience).of(mount, type, namespace);
    }

    /// A type is provided, without OSGi.
    void returned(FileSystemType type) {
        given.put(type.name(), type);
    }

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void setKernel(KernelObjects kernel) {
        this.kernel = kernel;
    }

    void unsetKernel(KernelObjects kernel) {
        if (this.kernel == kernel) this.kernel = null;
    }

    /// Of a name, the one that ranks highest.
    private SortedMap<String, FileSystemType> types() {
        var all = new TreeMap<>(given);
        for (var type : services.values()) all.put(type.name(), type);
        return all;
    }

    @Override
    public MountNamespace namespace(List<MountSpec> mounts) throws MountException {
        if (mounts.isEmpty()) throw new MountException("no mounts");
        var namespace = new Namespace(types, namespaces::remove);
        namespaces.add(namespace);
        boolean done = false;
        try {
            namespace.mountRoot(mounts.getFirst());
            try (var context = context(namespace, Credentials.ROOT)) {
                for (var spec : mounts.subList(1, mounts.size())) namespace.mount(context, spec);
            }
            done = true;
            return namespace;
        } finally {
            if (!done) namespace.close();
        }
    }

    @Override
    public FsContext context(MountNamespace namespace, Credentials credentials) {
        var root = ((Namespace) namespace).root();
        return new Context((Namespace) namespace, () -> credentials, root, root, 022);
    }

    @Override
    public FsContext copy(FsContext context, Supplier<Credentials> credentials) {
        return ((Context) context).copy(credentials);
    }

    @Override
    public CheckResult check(MountSpec spec, boolean repair, CheckReport report)
            throws MountException {
        return types.type(spec.type()).check(spec, repair, report);
    }

    @Override
    public java.nio.file.FileSystem fileSystem(
            MountNamespace namespace, String name, Credentials credentials) {
        return PodFileSystem.open(name, context(namespace, credentials));
    }
}
