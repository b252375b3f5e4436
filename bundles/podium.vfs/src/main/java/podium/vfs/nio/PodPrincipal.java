package podium.vfs.nio;

import java.nio.file.ProviderMismatchException;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.UserPrincipal;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.attribute.UserPrincipalNotFoundException;

/// A user or group of a pod: a number, which is its name. What a pod's /etc/passwd calls it is the
/// guest's affair.
sealed interface PodPrincipal extends UserPrincipal {

    int id();

    @Override
    default String getName() {
        return Integer.toUnsignedString(id());
    }

    /// A user.
    record User(int id) implements PodPrincipal {

        @Override
        public String toString() {
            return getName();
        }
    }

    /// A group.
    record Group(int id) implements PodPrincipal, GroupPrincipal {

        @Override
        public String toString() {
            return getName();
        }
    }

    /// The number of a user.
    ///
    /// @throws ProviderMismatchException it is a principal of another file system
    static int user(UserPrincipal principal) {
        if (java.util.Objects.requireNonNull(principal) instanceof PodPrincipal own)
            return own.id();
        throw new ProviderMismatchException();
    }

    /// Finds whoever has a number.
    UserPrincipalLookupService LOOKUP =
            new UserPrincipalLookupService() {
                @Override
                public UserPrincipal lookupPrincipalByName(String name)
                        throws UserPrincipalNotFoundException {
                    return new User(number(name));
                }

                @Override
                public GroupPrincipal lookupPrincipalByGroupName(String name)
                        throws UserPrincipalNotFoundException {
                    return new Group(number(name));
                }

                private static int number(String name) throws UserPrincipalNotFoundException {
                    try {
                        return Integer.parseUnsignedInt(name);
                    } catch (NumberFormatException _) {
                        throw new UserPrincipalNotFoundException(name);
                    }
                }
            };
}
