package podium.syscall;

/// Who a process acts as (credentials(7)). Inside a pod only: it says nothing about the host.
public record Credentials(int uid, int euid, int suid, int gid, int egid, int sgid) {

    /// The pod's superuser.
    public static final Credentials ROOT = new Credentials(0, 0, 0, 0, 0, 0);
}
