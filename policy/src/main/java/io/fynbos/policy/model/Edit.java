package io.fynbos.policy.model;

/** One step of an atomic change: a document put, or an object taken away. */
public sealed interface Edit {
  /** The object that it is about. */
  ObjectKey key();

  record Put(Document document) implements Edit {
    @Override
    public ObjectKey key() {
      return document.key();
    }
  }

  record Delete(ObjectKey key) implements Edit {}
}
