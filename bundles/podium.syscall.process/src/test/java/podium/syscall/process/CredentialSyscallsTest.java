package podium.syscall.process;

import java.util.Set;
import podium.syscall.SyscallFamily;
import podium.testkit.FamilyContract;

class CredentialSyscallsTest extends FamilyContract {

    @Override
    protected SyscallFamily family() {
        return new CredentialSyscalls();
    }

    @Override
    protected Set<String> names() {
        return Set.of(
                "getuid",
                "geteuid",
                "getgid",
                "getegid",
                "getresuid",
                "getresgid",
                "setuid",
                "setgid",
                "setreuid",
                "setregid",
                "setresuid",
                "setresgid",
                "getgroups",
                "setgroups");
    }
}
