package io.fynbos.labs.cases;

import io.fynbos.policy.image.Image;
import io.fynbos.policy.model.Edit;
import io.fynbos.policy.model.UniverseName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Some policies, and what becomes of packets under them.
 *
 * @param says the sentence of the specification that it is about
 * @param universe the one whose endpoints the rows name without saying so
 * @param base what holds in every case of the table
 * @param edits what this case changes of it
 */
public record Case(
    String name, String says, UniverseName universe, World base, List<Edit> edits, List<Row> rows) {
  public Case {
    edits = List.copyOf(edits);
    rows = List.copyOf(rows);
  }

  public Image image() {
    return base.with(edits).image(name);
  }

  /** Every packet of the table. Where several lines are about one packet, the last one counts. */
  public List<Expected> packets() {
    Image image = image();
    Map<String, Expected> packets = new LinkedHashMap<>();
    for (Row row : rows) {
      row.packets(image, universe).forEach(packet -> packets.put(packet.toString(), packet));
    }
    return List.copyOf(packets.values());
  }

  /** Where the oracle says something else than the table. */
  public List<String> differencesFromOracle() {
    Image image = image();
    List<String> differences = new ArrayList<>();
    packets().forEach(packet -> packet.difference(image).ifPresent(differences::add));
    return differences;
  }

  @Override
  public String toString() {
    return name;
  }
}
