package podium.vfs.host;

import org.jspecify.annotations.Nullable;
import podium.syscall.Errno;

/// Who owns what in the pod: everything of Podium's own user on the host belongs to one user there,
/// all else to nobody, as ids without a mapping do in a user namespace (user_namespaces(7)).
///
/// @param hostUid Podium's user on the host
/// @param uid that user in the pod
record Owners(int hostUid, int hostGid, int uid, int gid) {

    /// The overflow id of Linux.
    static final int NOBODY = 65_534;

    int uid(Status status) {
        return status.uid() == hostUid ? uid : NOBODY;
    }

    int gid(Status status) {
        return status.gid() == hostGid ? gid : NOBODY;
    }

    /// A change of owners is none, or not to be had.
    ///
    /// @throws podium.syscall.ErrnoException `EPERM`
    void check(@Nullable Integer toUid, @Nullable Integer toGid, HostNode node) {
        if (toUid == null && toGid == null) return;
        var status = node.status();
        if (toUid != null && toUid != uid(status)) throw Errno.EPERM.exception();
        if (toGid != null && toGid != gid(status)) throw Errno.EPERM.exception();
    }
}
