package io.fynbos.policy.model;

/** One step of an atomic change: a document put, or an object taken away. */
public sealed interface Edit {
  /** The object that it is about. */
  ObjectKey key();

  /** The object becomes what the document says. */
  record Put(Document document) implements Edit {
    @Override
    public ObjectKey key() {
      return document.key();
    }
  }

  /** The object goes. */
  record Delete(ObjectKey key) implements Edit {}
}
