package podium.vfs.object;

/// Bytes of a file, where they lie in an object.
///
/// @param object where
/// @param offset in the object
/// @param length bytes
/// @param crc CRC32C of them
record Piece(ObjectId object, int offset, int length, int crc) {

    /// The most bytes.
    static final int MOST = 8 << 20;
}
