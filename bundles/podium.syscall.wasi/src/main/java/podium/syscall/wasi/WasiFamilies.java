package podium.syscall.wasi;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import podium.syscall.KernelObjects;
import podium.syscall.SyscallFamily;

/// Registers the families of the interface, each once a version.
@Component(
        service = {},
        immediate = true)
public final class WasiFamilies {

    private final List<ServiceRegistration<SyscallFamily>> registrations = new ArrayList<>();

    @Activate
    public WasiFamilies(BundleContext context, @Reference KernelObjects kernel) {
        for (var family : all(kernel))
            registrations.add(context.registerService(SyscallFamily.class, family, null));
    }

    @Deactivate
    void deactivate() {
        for (var registration : registrations) registration.unregister();
    }

    /// All families of both versions.
    public static List<SyscallFamily> all(KernelObjects kernel) {
        var random = new SecureRandom();
        var families = new ArrayList<SyscallFamily>();
        for (var version : Version.values())
            families.addAll(
                    List.of(
                            new ProgramCalls(version),
                            new DescriptorCalls(version),
                            new TransferCalls(version),
                            new StatusCalls(version),
                            new DirectoryCalls(version),
                            new PathCalls(version),
                            new PollCalls(version, kernel),
                            new ClockCalls(version),
                            new RandomCalls(version, random),
                            new SocketCalls(version)));
        return families;
    }
}
