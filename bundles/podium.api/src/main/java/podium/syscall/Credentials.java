package podium.syscall;

import java.util.List;

/// Who a process acts as (credentials(7)). Inside a pod only: it says nothing about the host.
///
/// @param groups the supplementary ones, in ascending order, each once
public record Credentials(
        int uid, int euid, int suid, int gid, int egid, int sgid, List<Integer> groups) {

    /// Most supplementary groups, as the guests' C library has it (`NGROUPS_MAX`).
    public static final int MAX_GROUPS = 32;

    /// The pod's superuser.
    public static final Credentials ROOT = new Credentials(0, 0, 0, 0, 0, 0);

    /// @throws IllegalArgumentException there are more than [#MAX_GROUPS] groups
    public Credentials {
        if (groups.size() > MAX_GROUPS)
            throw new IllegalArgumentException(groups.size() + " supplementary groups");
        groups = groups.stream().sorted().distinct().toList();
    }

    /// Without supplementary groups.
    public Credentials(int uid, int euid, int suid, int gid, int egid, int sgid) {
        this(uid, euid, suid, gid, egid, sgid, List.of());
    }

    /// The same, acting as the real user and group.
    public Credentials real() {
        return new Credentials(uid, uid, suid, gid, gid, sgid, groups);
    }

    /// Whether a group is the effective or a supplementary one.
    public boolean member(int group) {
        return group == egid || groups.contains(group);
    }
}
