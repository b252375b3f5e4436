package podium.vfs.overlay;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import podium.vfs.FileSystem;
import podium.vfs.FileSystemType;
import podium.vfs.MountException;
import podium.vfs.MountSpec;

/// Makes file systems of type `overlay`, of layers of any other types there are.
@Component
public final class OverlayFileSystemType implements FileSystemType {

    /// By service, lowest ranking first.
    private final ConcurrentSkipListMap<ServiceReference<FileSystemType>, FileSystemType> services =
            new ConcurrentSkipListMap<>();

    private final Map<String, FileSystemType> given = new ConcurrentHashMap<>();

    @Activate
    public OverlayFileSystemType() {}

    /// Without OSGi.
    public OverlayFileSystemType(Iterable<? extends FileSystemType> types) {
        for (var type : types) given.put(type.name(), type);
    }

    @Reference(
            target = "(!(component.name=podium.vfs.overlay.OverlayFileSystemType))",
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void addType(FileSystemType type, ServiceReference<FileSystemType> reference) {
        services.put(reference, type);
    }

    void removeType(FileSystemType type, ServiceReference<FileSystemType> reference) {
        services.remove(reference, type);
    }

    @Override
    public String name() {
        return "overlay";
    }

    @Override
    public FileSystem create(MountSpec spec) throws MountException {
        var layers = LayerSpecs.of(spec);
        var made = new ArrayList<FileSystem>();
        FileSystem overlay = null;
        try {
            for (var lower : layers.lowers()) made.add(layer(lower));
            var upper = layers.upper() == null ? null : layer(layers.upper());
            if (upper != null) made.addFirst(upper);
            check(upper, upper == null ? made : made.subList(1, made.size()));
            overlay =
                    new OverlayFileSystem(
                            upper,
                            List.copyOf(made.subList(upper == null ? 0 : 1, made.size())),
                            spec.options().get(LayerSpecs.UPPER),
                            false);
            return overlay;
        } catch (podium.syscall.ErrnoException e) {
            throw new MountException(
                    "cannot prepare the upper layer: %s".formatted(e.errno().text()), e);
        } finally {
            if (overlay == null) for (var layer : made) layer.close();
        }
    }

    private FileSystem layer(MountSpec spec) throws MountException {
        var type = type(spec.type());
        if (type == null)
            throw new MountException("no bundle provides layers of type '" + spec.type() + "'");
        return type.create(spec);
    }

    private @Nullable FileSystemType type(String name) {
        if (name.equals(name())) return this;
        for (var type : services.descendingMap().values())
            if (type.name().equals(name)) return type;
        return given.get(name);
    }

    /// Whether an upper layer can hold what the lower ones have.
    private static void check(@Nullable FileSystem upper, List<FileSystem> lowers)
            throws MountException {
        if (upper == null) return;
        if (!upper.capabilities().contains(FileSystem.Capability.WRITE))
            throw new MountException("the upper layer of an overlay cannot be written");
        for (var need :
                List.of(
                        FileSystem.Capability.SYMBOLIC_LINKS,
                        FileSystem.Capability.CASE_SENSITIVE,
                        FileSystem.Capability.ARBITRARY_NAMES))
            for (var lower : lowers)
                if (lower.capabilities().contains(need) && !upper.capabilities().contains(need))
                    throw new MountException(
                            "the upper layer of an overlay lacks what a lower one has: " + need);
    }
}
