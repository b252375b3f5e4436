package podium.syscall.signal;

import java.util.Set;
import podium.syscall.SyscallFamily;
import podium.testkit.FamilyContract;

class SignalSyscallsTest extends FamilyContract {

    @Override
    protected SyscallFamily family() {
        return new SignalSyscalls();
    }

    @Override
    protected Set<String> names() {
        return Set.of(
                "rt_sigaction",
                "rt_sigprocmask",
                "rt_sigpending",
                "rt_sigsuspend",
                "rt_sigtimedwait_time64",
                "sigaltstack",
                "kill",
                "tkill",
                "tgkill",
                "rt_sigqueueinfo",
                "rt_tgsigqueueinfo",
                "signalfd4");
    }
}
