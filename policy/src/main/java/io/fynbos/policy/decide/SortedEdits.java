package io.fynbos.policy.decide;

import io.fynbos.policy.model.Document;
import io.fynbos.policy.model.Edit;
import io.fynbos.policy.model.EndpointRef;
import io.fynbos.policy.model.GroupRef;
import io.fynbos.policy.model.Host;
import io.fynbos.policy.model.HostName;
import io.fynbos.policy.model.ObjectKey;
import io.fynbos.policy.model.Policy;
import io.fynbos.policy.model.PolicyRef;
import io.fynbos.policy.model.Pool;
import io.fynbos.policy.model.PoolName;
import io.fynbos.policy.model.SecurityGroup;
import io.fynbos.policy.model.Universe;
import io.fynbos.policy.model.UniverseName;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;

/**
 * The edits of a batch by kind, what is put and what goes, each sorted by key so that their order
 * means nothing.
 */
record SortedEdits(
    List<Universe> universes,
    List<SecurityGroup> groups,
    List<Document.EndpointDocument> endpoints,
    List<Policy> policies,
    List<Pool> pools,
    List<Host> hosts,
    List<UniverseName> universesGone,
    List<GroupRef> groupsGone,
    List<EndpointRef> endpointsGone,
    List<PolicyRef> policiesGone,
    List<PoolName> poolsGone,
    List<HostName> hostsGone) {

  static SortedEdits of(List<Edit> edits) {
    List<Document> documents =
        edits.stream()
            .filter(Edit.Put.class::isInstance)
            .map(edit -> ((Edit.Put) edit).document())
            .toList();
    List<ObjectKey> gone =
        edits.stream().filter(Edit.Delete.class::isInstance).map(Edit::key).toList();
    return new SortedEdits(
        put(
            documents,
            Document.UniverseDocument.class,
            Document.UniverseDocument::universe,
            Universe::name),
        put(
            documents,
            Document.GroupDocument.class,
            Document.GroupDocument::group,
            SecurityGroup::ref),
        put(
            documents,
            Document.EndpointDocument.class,
            document -> document,
            Document.EndpointDocument::key),
        put(documents, Document.PolicyDocument.class, Document.PolicyDocument::policy, Policy::ref),
        put(documents, Document.PoolDocument.class, Document.PoolDocument::pool, Pool::name),
        put(documents, Document.HostDocument.class, Document.HostDocument::host, Host::name),
        gone(gone, UniverseName.class),
        gone(gone, GroupRef.class),
        gone(gone, EndpointRef.class),
        gone(gone, PolicyRef.class),
        gone(gone, PoolName.class),
        gone(gone, HostName.class));
  }

  private static <D, T, K extends Comparable<K>> List<T> put(
      List<Document> documents, Class<D> type, Function<D, T> object, Function<T, K> key) {
    return documents.stream()
        .filter(type::isInstance)
        .map(type::cast)
        .map(object)
        .sorted(Comparator.comparing(key))
        .toList();
  }

  private static <K> List<K> gone(List<ObjectKey> keys, Class<K> type) {
    return keys.stream().filter(type::isInstance).map(type::cast).sorted().toList();
  }
}
