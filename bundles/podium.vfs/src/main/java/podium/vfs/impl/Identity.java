package podium.vfs.impl;

import podium.vfs.Attributes;

/// Who an inode was in a former backend, for those who compare: its number, time of birth, and time
/// of change, until it changes again.
///
/// @param changed ctime there
/// @param copied the time of change that copying it has left in the new backend
record Identity(long number, long born, long changed, long copied) {

    /// What guests see.
    ///
    /// @param found what the new backend says
    Attributes of(Attributes found) {
        return new Attributes(
                number,
                found.mode(),
                found.links(),
                found.uid(),
                found.gid(),
                found.device(),
                found.size(),
                found.blocks(),
                found.accessed(),
                found.modified(),
                found.changed() == copied ? changed : found.changed(),
                born);
    }
}
