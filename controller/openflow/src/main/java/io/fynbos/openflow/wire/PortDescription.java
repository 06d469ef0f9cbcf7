package io.fynbos.openflow.wire;

/** A port as a switch describes it. The MAC is in the low 48 bits. */
public record PortDescription(int number, String name, long mac, boolean adminUp, boolean linkUp) {}
