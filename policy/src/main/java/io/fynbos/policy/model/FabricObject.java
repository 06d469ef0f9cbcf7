package io.fynbos.policy.model;

/** An object that somebody put, and that its name finds again. */
public sealed interface FabricObject permits Universe, SecurityGroup, Endpoint, Policy, Pool, Host {
  ObjectKey key();

  /** The document that would make just this object. */
  Document document();
}
