package podium.kernel.proc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import podium.syscall.Process;
import podium.vfs.Node;

/// Every name that is listed leads somewhere.
class ProcTreeTest {

    private static List<String> names(Node.Directory directory) {
        return directory.entries(0, 100).stream().map(Node.Entry::name).toList();
    }

    private static String text(Node.Directory directory, String name) {
        var file = (Node.Regular) directory.lookup(name);
        assertNotNull(file, name);
        var bytes = new byte[1000];
        return new String(bytes, 0, file.read(ByteBuffer.wrap(bytes), 0));
    }

    @Test
    void theRoot() {
        var root = new ProcTree(() -> null).root();
        assertEquals(
                "[cmdline, cpuinfo, filesystems, loadavg, meminfo, mounts, self, stat, sys, thread-self, uptime, version]",
                new TreeSet<>(names(root)).toString());
        assertTrue(text(root, "version").startsWith("Linux version "));
        assertEquals("", text(root, "stat"));
        assertEquals("self/mounts", ((Node.Link) root.lookup("mounts")).target());
        assertNull(root.lookup("1"));
        assertNull(root.lookup("none"));
    }

    @Test
    void theSystem() {
        var sys = new SystemTree(() -> null).root();
        assertEquals(List.of("kernel", "net", "vm"), names(sys));
        var kernel = (Node.Directory) sys.lookup("kernel");
        for (var name : names(kernel))
            if (!name.equals("random")) assertTrue(text(kernel, name).endsWith("\n"), name);
        var random = (Node.Directory) kernel.lookup("random");
        assertEquals(37, text(random, "uuid").length());
        assertEquals(text(random, "boot_id"), text(random, "boot_id"));
        assertNull(sys.lookup("kern"));
    }

    @Test
    void aProcess() {
        var process =
                Proxy.newProxyInstance(
                        Process.class.getClassLoader(),
                        new Class<?>[] {Process.class},
                        (_, method, _) -> method.getName().equals("pid") ? 7 : null);
        var names = names(new ProcessTree((Process) process).root());
        assertEquals(16, names.size());
        assertTrue(names.containsAll(List.of("exe", "fd", "stat", "task")), names.toString());
    }
}
