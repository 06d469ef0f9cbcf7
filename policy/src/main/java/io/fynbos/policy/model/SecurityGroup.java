package io.fynbos.policy.model;

/** A named set of endpoints of a universe; the endpoints say which groups they are in. */
public record SecurityGroup(GroupRef ref) implements FabricObject {
  @Override
  public GroupRef key() {
    return ref;
  }

  @Override
  public Document document() {
    return new Document.GroupDocument(this);
  }
}
