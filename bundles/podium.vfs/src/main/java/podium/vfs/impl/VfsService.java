package podium.vfs.impl;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
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

    /// By service, lowest ranking first.
    private final ConcurrentSkipListMap<ServiceReference<FileSystemType>, FileSystemType> services =
            new ConcurrentSkipListMap<>();

    private final Map<String, FileSystemType> given = new ConcurrentHashMap<>();
    private volatile @Nullable KernelObjects kernel;
    private final FileSystems types = new FileSystems(this::type, () -> kernel);

    @Activate
    public VfsService() {}

    /// Without OSGi.
    ///
    /// @param kernel null for one without FIFOs and terminals
    public VfsService(Iterable<? extends FileSystemType> types, @Nullable KernelObjects kernel) {
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

    private @Nullable FileSystemType type(String name) {
        for (var type : services.descendingMap().values())
            if (type.name().equals(name)) return type;
        return given.get(name);
    }

    @Override
    public MountNamespace namespace(List<MountSpec> mounts) throws MountException {
        if (mounts.isEmpty()) throw new MountException("no mounts");
        var namespace = new Namespace(types);
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
