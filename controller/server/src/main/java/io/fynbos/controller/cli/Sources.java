package io.fynbos.controller.cli;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The documents that {@code -f} names: files, directories, or {@code -} for what comes on standard
 * input; as the body of one request.
 */
final class Sources {

  private static final String YAML = "application/yaml";
  private static final String JSON = "application/json";

  private final String contentType;
  private final byte[] body;

  /** One file, or what came on standard input. */
  private static final class Source {
    private final String name;
    private final byte[] content;

    Source(String name, byte[] content) {
      this.name = name;
      this.content = content;
    }
  }

  private Sources(String contentType, byte[] body) {
    this.contentType = contentType;
    this.body = body;
  }

  String contentType() {
    return contentType;
  }

  byte[] body() {
    return body;
  }

  static Sources read(List<String> names, InputStream standardInput) {
    List<Source> sources = new ArrayList<>();
    for (String name : names) {
      if (name.equals("-")) {
        sources.add(new Source("-", readAll(standardInput)));
      } else {
        for (Path file : files(Path.of(name))) {
          sources.add(new Source(file.toString(), readFile(file)));
        }
      }
    }
    if (sources.size() == 1) {
      Source only = sources.get(0);
      return new Sources(only.name.endsWith(".json") ? JSON : YAML, only.content);
    }
    return join(sources);
  }

  /** A file itself, or the documents of a directory, sorted by name. */
  private static List<Path> files(Path path) {
    if (!Files.isDirectory(path)) {
      return List.of(path);
    }
    try (Stream<Path> entries = Files.list(path)) {
      List<Path> files =
          entries.filter(Files::isRegularFile).filter(Sources::isDocument).sorted().toList();
      if (files.isEmpty()) {
        throw new ClientFailure(path + " has no file that ends in .yaml, .yml or .json");
      }
      return files;
    } catch (IOException e) {
      throw new ClientFailure("cannot read the directory " + path + ": " + e.getMessage());
    }
  }

  private static boolean isDocument(Path file) {
    String name = file.getFileName().toString();
    return name.endsWith(".yaml") || name.endsWith(".yml") || name.endsWith(".json");
  }

  /** All documents of all files as one array, so that they are one change. */
  private static Sources join(List<Source> sources) {
    ArrayNode all = JsonNodeFactory.instance.arrayNode();
    ObjectReader reader =
        new YAMLMapper(YAMLFactory.builder().build())
            .readerFor(JsonNode.class)
            .with(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);
    for (Source source : sources) {
      try (MappingIterator<JsonNode> documents = reader.readValues(source.content)) {
        while (documents.hasNext()) {
          JsonNode document = documents.next();
          if (document.isArray()) {
            document.forEach(all::add);
          } else if (!document.isNull()) {
            all.add(document);
          }
        }
      } catch (JsonProcessingException e) {
        throw malformed(source, e);
      } catch (IOException e) {
        throw new ClientFailure(source.name + ": " + e.getMessage());
      } catch (RuntimeException e) {
        throw e.getCause() instanceof JsonProcessingException json
            ? malformed(source, json)
            : new ClientFailure(source.name + ": " + e.getMessage());
      }
    }
    try {
      return new Sources(JSON, Api.JSON.writeValueAsBytes(all));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of plain nodes did not become JSON", e);
    }
  }

  private static ClientFailure malformed(Source source, JsonProcessingException e) {
    String where = e.getLocation() == null ? "" : " line " + e.getLocation().getLineNr();
    String reason = e.getOriginalMessage().lines().findFirst().orElse("not YAML");
    return new ClientFailure(source.name + where + ": " + reason);
  }

  private static byte[] readFile(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      throw new ClientFailure("there is no file " + file);
    } catch (IOException e) {
      throw new ClientFailure("cannot read " + file + ": " + e.getMessage());
    }
  }

  private static byte[] readAll(InputStream input) {
    try {
      return input.readAllBytes();
    } catch (IOException e) {
      throw new ClientFailure("cannot read standard input: " + e.getMessage());
    }
  }
}
