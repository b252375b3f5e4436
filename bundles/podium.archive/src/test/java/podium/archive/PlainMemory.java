package podium.archive;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.EnumSet;
import podium.vfs.FileSystem;
import podium.vfs.FileSystem.Capability;
import podium.vfs.FileSystemType;
import podium.vfs.MountException;
import podium.vfs.MountSpec;
import podium.vfs.memory.MemoryFileSystemType;

/// File systems in memory that keep no extended attributes.
final class PlainMemory implements FileSystemType {

    @Override
    public String name() {
        return "plain";
    }

    @Override
    public FileSystem create(MountSpec spec) throws MountException {
        var memory = new MemoryFileSystemType().create(spec);
        var capabilities = EnumSet.copyOf(memory.capabilities());
        capabilities.remove(Capability.EXTENDED_ATTRIBUTES);
        return (FileSystem)
                Proxy.newProxyInstance(
                        FileSystem.class.getClassLoader(),
                        new Class<?>[] {FileSystem.class},
                        (_, method, arguments) -> {
                            if (method.getName().equals("capabilities")) return capabilities;
                            try {
                                return method.invoke(memory, arguments);
                            } catch (InvocationTargetException e) {
                                throw e.getCause();
                            }
                        });
    }
}
