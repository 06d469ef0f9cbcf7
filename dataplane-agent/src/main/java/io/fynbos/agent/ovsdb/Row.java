package io.fynbos.agent.ovsdb;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.UUID;

/**
 * The rows of {@code ovs-vswitchd.conf.db(5)} that the agent reads, with only the columns it uses.
 * A column of another shape than the schema's is refused, never guessed at.
 */
public sealed interface Row {
  /** The row's own id. */
  UUID uuid();

  /** The database's single root row. */
  record OpenVSwitch(
      UUID uuid,
      SortedSet<UUID> bridges,
      SortedMap<String, String> otherConfig,
      long currentConfig,
      long nextConfig)
      implements Row {
    /** The table's name. */
    public static final String TABLE = "Open_vSwitch";

    static final List<String> COLUMNS = List.of("bridges", "other_config", "cur_cfg", "next_cfg");

    static OpenVSwitch decode(UUID uuid, JsonNode row) throws OvsdbException {
      return new OpenVSwitch(
          uuid,
          Values.uuids(row, "bridges"),
          Values.map(row, "other_config"),
          Values.integer(row, "cur_cfg").orElse(0),
          Values.integer(row, "next_cfg").orElse(0));
    }
  }

  /** A switch. */
  record Bridge(
      UUID uuid,
      String name,
      SortedSet<UUID> ports,
      SortedSet<UUID> controllers,
      Optional<String> failMode,
      String datapathType,
      SortedSet<String> protocols,
      SortedMap<String, String> otherConfig)
      implements Row {
    /** The table's name. */
    public static final String TABLE = "Bridge";

    static final List<String> COLUMNS =
        List.of(
            "name",
            "ports",
            "controller",
            "fail_mode",
            "datapath_type",
            "protocols",
            "other_config");

    static Bridge decode(UUID uuid, JsonNode row) throws OvsdbException {
      return new Bridge(
          uuid,
          Values.text(row, "name"),
          Values.uuids(row, "ports"),
          Values.uuids(row, "controller"),
          Values.optionalText(row, "fail_mode"),
          Values.text(row, "datapath_type"),
          Values.strings(row, "protocols"),
          Values.map(row, "other_config"));
    }
  }

  /** A port of a bridge. */
  record Port(UUID uuid, String name, SortedSet<UUID> interfaces) implements Row {
    /** The table's name. */
    public static final String TABLE = "Port";

    static final List<String> COLUMNS = List.of("name", "interfaces");

    static Port decode(UUID uuid, JsonNode row) throws OvsdbException {
      return new Port(uuid, Values.text(row, "name"), Values.uuids(row, "interfaces"));
    }
  }

  /**
   * A port's interface; {@code ofport} is -1 when the switch could not add it, absent before it
   * tried.
   */
  record Interface(
      UUID uuid,
      String name,
      String type,
      SortedMap<String, String> options,
      SortedMap<String, String> externalIds,
      OptionalLong ofport,
      OptionalLong ofportRequest)
      implements Row {
    /** The table's name. */
    public static final String TABLE = "Interface";

    static final List<String> COLUMNS =
        List.of("name", "type", "options", "external_ids", "ofport", "ofport_request");

    static Interface decode(UUID uuid, JsonNode row) throws OvsdbException {
      return new Interface(
          uuid,
          Values.text(row, "name"),
          Values.text(row, "type"),
          Values.map(row, "options"),
          Values.map(row, "external_ids"),
          Values.integer(row, "ofport"),
          Values.integer(row, "ofport_request"));
    }
  }

  /** Whom a bridge lets program it. */
  record Controller(
      UUID uuid,
      String target,
      boolean connected,
      Optional<String> connectionMode,
      OptionalLong maxBackoffMillis,
      OptionalLong inactivityProbeMillis)
      implements Row {
    /** The table's name. */
    public static final String TABLE = "Controller";

    static final List<String> COLUMNS =
        List.of("target", "is_connected", "connection_mode", "max_backoff", "inactivity_probe");

    static Controller decode(UUID uuid, JsonNode row) throws OvsdbException {
      return new Controller(
          uuid,
          Values.text(row, "target"),
          Values.flag(row, "is_connected"),
          Values.optionalText(row, "connection_mode"),
          Values.integer(row, "max_backoff"),
          Values.integer(row, "inactivity_probe"));
    }
  }

  /** What a replica watches: the columns of each table. */
  Map<String, List<String>> WATCHED =
      Map.of(
          OpenVSwitch.TABLE, OpenVSwitch.COLUMNS,
          Bridge.TABLE, Bridge.COLUMNS,
          Port.TABLE, Port.COLUMNS,
          Interface.TABLE, Interface.COLUMNS,
          Controller.TABLE, Controller.COLUMNS);
}
