package io.fynbos.policy.model;

/**
 * What names one object among all of its kind; its text form is {@code name} or {@code
 * universe/name}.
 */
public sealed interface ObjectKey
    permits UniverseName, GroupRef, EndpointRef, PolicyRef, PoolName, HostName {
  /** The kind of object that it names. */
  Kind kind();

  /** How a sentence names the object, such as {@code group blue/web}. */
  default String sentence() {
    return kind().noun() + " " + this;
  }
}
