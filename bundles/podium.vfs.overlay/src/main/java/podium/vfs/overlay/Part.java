package podium.vfs.overlay;

import podium.vfs.Node;

/// What one layer has at a place.
///
/// @param layer 0 for the upper one, then from the topmost lower one on
record Part<N extends Node>(int layer, N node) {}
