package io.fynbos.policy.image;

import io.fynbos.policy.model.Revision;

/** A value and the revision that last changed it, which is its ETag. */
public record Versioned<T>(T value, Revision revision) {}
