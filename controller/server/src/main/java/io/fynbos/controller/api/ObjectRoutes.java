package io.fynbos.controller.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.ResponseHeaders;
import io.fynbos.controller.core.Controller;
import io.fynbos.controller.core.Lookup;
import io.fynbos.controller.core.Outcome;
import io.fynbos.policy.decide.Command;
import io.fynbos.policy.image.Image;
import io.fynbos.policy.image.Versioned;
import io.fynbos.policy.model.Document;
import io.fynbos.policy.model.Kind;
import io.fynbos.policy.model.ObjectKey;
import io.fynbos.policy.model.Revision;
import io.fynbos.policy.model.UniverseName;
import io.fynbos.policy.wire.Documents;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;

/** GET, PUT and DELETE of one object, and the collections. */
final class ObjectRoutes {

  private final Controller controller;
  private final Bodies bodies;
  private final BiConsumer<ObjectKey, ObjectNode> status;

  /**
   * Routes for all kinds.
   *
   * @param status adds what is known of an object beyond its document; hosts have such
   */
  ObjectRoutes(Controller controller, Bodies bodies, BiConsumer<ObjectKey, ObjectNode> status) {
    this.controller = controller;
    this.bodies = bodies;
    this.status = status;
  }

  List<Route> routes() {
    List<Route> routes = new ArrayList<>();
    for (Collection collection : Collection.ALL) {
      String one = collection.path() + "/{name}";
      routes.add(Route.get(collection.path(), Page.QUERY, request -> list(collection, request)));
      routes.add(Route.get(one, Set.of(), request -> get(collection, request)));
      routes.add(Route.put(one, request -> put(collection, request)));
      routes.add(Route.delete(one, request -> delete(collection, request)));
    }
    return routes;
  }

  private CompletionStage<HttpResponse> get(Collection collection, Request request) {
    ObjectKey key = collection.key(request);
    Versioned<Document> found = found(controller.image(), key);
    if (key.kind() != Kind.HOST && Conditions.unchanged(request, found.revision())) {
      return Answers.now(
          HttpResponse.of(
              ResponseHeaders.builder(HttpStatus.NOT_MODIFIED)
                  .set(HttpHeaderNames.ETAG, Answers.etag(found.revision()))
                  .build()));
    }
    return Answers.now(Answers.tagged(HttpStatus.OK, found.revision(), json(found.value())));
  }

  private CompletionStage<HttpResponse> list(Collection collection, Request request) {
    Image image = controller.image();
    Optional<UniverseName> universe = collection.universe(request);
    universe.ifPresent(name -> found(image, name));
    Optional<ObjectKey> after = Page.after(request).map(name -> collection.key(universe, name));
    int limit = Page.limit(request);
    JsonNode page =
        Page.of(
            image.revision(),
            collection
                .keys()
                .apply(new Collection.Scope(image, universe))
                .after(after)
                .map(ObjectKey.class::cast)
                .iterator(),
            limit,
            key -> json(found(image, key).value()),
            ObjectRoutes::lastName);
    return Answers.now(Answers.json(page));
  }

  private static String lastName(ObjectKey key) {
    String text = key.toString();
    return text.substring(text.indexOf('/') + 1);
  }

  private CompletionStage<HttpResponse> put(Collection collection, Request request) {
    ObjectKey key = collection.key(request);
    Optional<Revision> current = Lookup.find(controller.image(), key).map(Versioned::revision);
    var condition = Conditions.ofChange(request, current);
    return bodies
        .document(request, key)
        .thenCompose(
            document ->
                Answers.when(
                    request,
                    controller.submit(new Command.Put(document, condition)),
                    done -> stored(key, done)));
  }

  private static HttpResponse stored(ObjectKey key, Outcome.Done done) {
    boolean created = Lookup.find(done.before(), key).isEmpty();
    Revision tag = found(done.after(), key).revision();
    return Answers.tagged(
        created ? HttpStatus.CREATED : HttpStatus.OK, tag, Answers.revision(done.revision()));
  }

  private CompletionStage<HttpResponse> delete(Collection collection, Request request) {
    ObjectKey key = collection.key(request);
    Optional<Revision> current = Lookup.find(controller.image(), key).map(Versioned::revision);
    var condition = Conditions.ofChange(request, current);
    return Answers.when(
        request,
        controller.submit(new Command.Delete(key, condition)),
        done -> Answers.json(Answers.revision(done.revision())));
  }

  private JsonNode json(Document document) {
    ObjectNode node = Documents.tree(document);
    status.accept(document.key(), node);
    return node;
  }

  private static Versioned<Document> found(Image image, ObjectKey key) {
    return Lookup.find(image, key).orElseThrow(() -> Problem.notFound(key.sentence()).refused());
  }
}
