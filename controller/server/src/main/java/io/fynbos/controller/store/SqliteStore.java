package io.fynbos.controller.store;

import io.fynbos.policy.image.Change;
import io.fynbos.policy.image.Image;
import io.fynbos.policy.image.Snapshot;
import io.fynbos.policy.model.Revision;
import io.fynbos.policy.wire.Changes;
import io.fynbos.policy.wire.WireError;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.zip.CRC32;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The store of a single controller: one SQLite file with a write-ahead log, synced at every commit.
 *
 * <p>Every commit is a row with a checksum. After every {@code commitsPerSnapshot} commits the
 * image is written as a {@link Snapshot} and commits older than {@code commitsKept} are forgotten,
 * so a start replays a bounded number of them. Methods may be called from any thread.
 */
public final class SqliteStore implements Store {

  /** How much is replayed at a start at most, and how far back a watch may begin at least. */
  public record Limits(int commitsPerSnapshot, int commitsKept) {
    public static final Limits DEFAULT = new Limits(2_000, 20_000);
  }

  private static final Logger LOG = LoggerFactory.getLogger(SqliteStore.class);

  private final Database database;
  private final Connection connection;
  private final Limits limits;
  private final Watches watches = new Watches();
  private Image image;
  private Revision snapshot;

  /** A write failed, so what the file holds has to be read again before the next one. */
  private boolean suspect;

  private SqliteStore(Database database, Limits limits) throws SQLException {
    this.database = database;
    this.connection = database.connection();
    this.limits = limits;
    this.snapshot = new Revision(number("SELECT coalesce(max(revision), 0) FROM snapshots"));
    this.image = load();
  }

  /**
   * Opens the store in a directory, which is made when it is not there.
   *
   * @throws StoreException when another controller has it open, when it is damaged, or when it was
   *     written by another version
   */
  public static SqliteStore open(Path directory, Limits limits) {
    long begin = System.nanoTime();
    Database database = Database.open(directory);
    try {
      SqliteStore store = new SqliteStore(database, limits);
      LOG.info(
          "event=store-opened directory={} revision={} snapshot={} millis={}",
          directory,
          store.image.revision(),
          store.snapshot,
          (System.nanoTime() - begin) / 1_000_000);
      return store;
    } catch (SQLException | RuntimeException e) {
      database.close();
      throw e instanceof StoreException already ? already : database.broken(e);
    }
  }

  @Override
  public synchronized Image read() {
    return image;
  }

  @Override
  public synchronized Revision head() {
    return image.revision();
  }

  @Override
  public synchronized void commit(Revision expected, List<Commit> commits) {
    if (suspect) {
      reread();
    }
    if (!expected.equals(image.revision())) {
      throw new StoreException.HeadMoved(
          "the store is at revision " + image.revision() + ", not at " + expected);
    }
    Image next = image;
    for (Commit commit : commits) {
      if (!commit.revision().equals(next.revision().next())) {
        throw new IllegalArgumentException(
            "commit " + commit.revision() + " does not follow " + next.revision());
      }
      next = next.apply(commit.changes(), commit.revision());
    }
    boolean due = next.revision().number() - snapshot.number() >= limits.commitsPerSnapshot();
    try {
      write(commits, due ? Optional.of(next) : Optional.empty());
    } catch (SQLException e) {
      suspect = true;
      throw database.broken(e);
    }
    image = next;
    snapshot = due ? next.revision() : snapshot;
    watches.publish(commits);
  }

  @Override
  public synchronized List<Commit> after(Revision revision, int limit) {
    if (revision.compareTo(image.revision()) >= 0) {
      return List.of();
    }
    List<Commit> commits = new ArrayList<>();
    try (PreparedStatement query =
        connection.prepareStatement(
            "SELECT revision, changes, checksum FROM commits WHERE revision > ?"
                + " ORDER BY revision LIMIT ?")) {
      query.setLong(1, revision.number());
      query.setInt(2, limit);
      try (ResultSet rows = query.executeQuery()) {
        while (rows.next()) {
          Revision found = new Revision(rows.getLong(1));
          byte[] changes = checked(rows.getBytes(2), rows.getLong(3), "commit " + found);
          commits.add(new Commit(found, decode(changes)));
        }
      }
    } catch (SQLException e) {
      throw database.broken(e);
    }
    if (commits.isEmpty() || !commits.get(0).revision().equals(revision.next())) {
      throw new StoreException.Forgotten(
          "the commits after revision " + revision + " are no longer kept");
    }
    return commits;
  }

  @Override
  public synchronized Watch watch(Revision revision, Consumer<Commit> listener) {
    return watches.add(after(revision, Integer.MAX_VALUE), listener);
  }

  @Override
  public synchronized void close() {
    database.close();
  }

  private void reread() {
    try {
      image = load();
      suspect = false;
    } catch (SQLException e) {
      throw database.broken(e);
    }
  }

  private void write(List<Commit> commits, Optional<Image> due) throws SQLException {
    connection.setAutoCommit(false);
    try {
      try (PreparedStatement insert =
          connection.prepareStatement("INSERT INTO commits VALUES (?, ?, ?)")) {
        for (Commit commit : commits) {
          byte[] changes = Changes.encode(commit.changes());
          insert.setLong(1, commit.revision().number());
          insert.setBytes(2, changes);
          insert.setLong(3, checksum(changes));
          insert.executeUpdate();
        }
      }
      if (due.isPresent()) {
        writeSnapshot(due.get());
      }
      connection.commit();
    } catch (SQLException | RuntimeException e) {
      connection.rollback();
      throw e;
    } finally {
      connection.setAutoCommit(true);
    }
  }

  /** One row for each revision that something in the image was last changed by. */
  private void writeSnapshot(Image next) throws SQLException {
    long head = next.revision().number();
    try (PreparedStatement delete = connection.prepareStatement("DELETE FROM snapshots")) {
      delete.executeUpdate();
    }
    try (PreparedStatement insert =
        connection.prepareStatement("INSERT INTO snapshots VALUES (?, ?, ?, ?)")) {
      for (Map.Entry<Revision, List<Change>> part : Snapshot.of(next).entrySet()) {
        byte[] changes = Changes.encode(part.getValue());
        insert.setLong(1, head);
        insert.setLong(2, part.getKey().number());
        insert.setBytes(3, changes);
        insert.setLong(4, checksum(changes));
        insert.executeUpdate();
      }
    }
    try (PreparedStatement forget =
        connection.prepareStatement("DELETE FROM commits WHERE revision <= ?")) {
      forget.setLong(1, head - limits.commitsKept());
      forget.executeUpdate();
    }
  }

  private Image load() throws SQLException {
    SortedMap<Revision, List<Change>> parts = new TreeMap<>();
    try (PreparedStatement query =
        connection.prepareStatement(
            "SELECT part, changes, checksum FROM snapshots WHERE revision = ?")) {
      query.setLong(1, snapshot.number());
      try (ResultSet rows = query.executeQuery()) {
        while (rows.next()) {
          String what = "part " + rows.getLong(1) + " of snapshot " + snapshot;
          parts.put(
              new Revision(rows.getLong(1)),
              decode(checked(rows.getBytes(2), rows.getLong(3), what)));
        }
      }
    }
    Image loaded = Snapshot.replay(parts, snapshot);
    try (PreparedStatement query =
        connection.prepareStatement(
            "SELECT revision, changes, checksum FROM commits WHERE revision > ?"
                + " ORDER BY revision")) {
      query.setLong(1, snapshot.number());
      try (ResultSet rows = query.executeQuery()) {
        while (rows.next()) {
          Revision found = new Revision(rows.getLong(1));
          if (!found.equals(loaded.revision().next())) {
            throw new SQLException(
                "commit " + found + " follows " + loaded.revision() + ": commits are missing");
          }
          byte[] changes = checked(rows.getBytes(2), rows.getLong(3), "commit " + found);
          loaded = loaded.apply(decode(changes), found);
        }
      }
    }
    return loaded;
  }

  private long number(String sql) throws SQLException {
    try (PreparedStatement query = connection.prepareStatement(sql);
        ResultSet row = query.executeQuery()) {
      return row.next() ? row.getLong(1) : 0;
    }
  }

  private static List<Change> decode(byte[] changes) throws SQLException {
    try {
      return Changes.decode(changes);
    } catch (WireError e) {
      throw new SQLException("it holds changes that cannot be read: " + e.getMessage(), e);
    }
  }

  private static byte[] checked(byte[] changes, long checksum, String what) throws SQLException {
    if (checksum(changes) != checksum) {
      throw new SQLException(what + " is damaged: its checksum differs");
    }
    return changes;
  }

  private static long checksum(byte[] bytes) {
    CRC32 crc = new CRC32();
    crc.update(bytes);
    return crc.getValue();
  }
}
