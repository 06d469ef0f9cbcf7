package io.fynbos.controller.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;
import org.sqlite.SQLiteConfig;

/**
 * The SQLite file: who may read it, which schema it has, and that only one controller writes it.
 */
final class Database implements AutoCloseable {

  /** "Fynb": marks the file as ours to tools that look. */
  private static final int APPLICATION_ID = 0x46796e62;

  private static final int SCHEMA_VERSION = 1;
  private static final int BUSY_MILLIS = 5_000;
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rw-------");

  private final Path file;
  private final FileChannel lock;
  private final Connection connection;

  private Database(Path file, FileChannel lock, Connection connection) {
    this.file = file;
    this.lock = lock;
    this.connection = connection;
  }

  /** Opens the file, makes it when it is not there, and checks it. */
  static Database open(Path directory) {
    Path file = directory.resolve("fynbos.db");
    FileChannel lock = null;
    Connection connection = null;
    try {
      Files.createDirectories(directory);
      lock = lock(directory.resolve("lock"));
      if (!Files.exists(file)) {
        Files.createFile(file, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
      }
      Files.setPosixFilePermissions(file, OWNER_ONLY);
      connection = config().createConnection("jdbc:sqlite:" + file);
      Database database = new Database(file, lock, connection);
      database.check();
      return database;
    } catch (IOException | SQLException e) {
      closeQuietly(connection);
      closeQuietly(lock);
      throw broken(file, e);
    } catch (StoreException e) {
      closeQuietly(connection);
      closeQuietly(lock);
      throw e;
    }
  }

  Connection connection() {
    return connection;
  }

  /** What to tell an operator whose store fails. */
  StoreException broken(Throwable cause) {
    return broken(file, cause);
  }

  static StoreException broken(Path file, Throwable cause) {
    return new StoreException(
        "the store "
            + file
            + " cannot be used: "
            + cause.getMessage()
            + "; check the disk, or put a copy of the file in its place from a backup",
        cause);
  }

  private static FileChannel lock(Path path) throws IOException {
    FileChannel channel =
        FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      FileLock held = channel.tryLock();
      if (held != null) {
        return channel;
      }
    } catch (OverlappingFileLockException e) {
      // Held by this very process: the same answer as for another one.
    }
    channel.close();
    throw new StoreException(
        "another controller uses "
            + path.getParent()
            + "; stop it, or give this one its own --data");
  }

  private static SQLiteConfig config() {
    SQLiteConfig config = new SQLiteConfig();
    config.setJournalMode(SQLiteConfig.JournalMode.WAL);
    config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
    config.setBusyTimeout(BUSY_MILLIS);
    config.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE);
    return config;
  }

  private void check() throws SQLException {
    try (Statement statement = connection.createStatement()) {
      String verdict = text(statement, "PRAGMA quick_check(1)");
      if (!verdict.equals("ok")) {
        throw new SQLException("it is damaged (" + verdict + ")");
      }
      int version = number(statement, "PRAGMA user_version");
      if (version == 0) {
        create(statement);
      } else if (number(statement, "PRAGMA application_id") != APPLICATION_ID) {
        throw new SQLException("it is another program's database");
      } else if (version != SCHEMA_VERSION) {
        throw new SQLException(
            "it has schema "
                + version
                + " and this controller reads "
                + SCHEMA_VERSION
                + "; start the version of Fynbos that wrote it");
      }
    }
  }

  private void create(Statement statement) throws SQLException {
    if (number(statement, "SELECT count(*) FROM sqlite_master") != 0) {
      throw new SQLException("it is another program's database");
    }
    connection.setAutoCommit(false);
    statement.executeUpdate(
        "CREATE TABLE commits(revision INTEGER PRIMARY KEY, changes BLOB NOT NULL,"
            + " checksum INTEGER NOT NULL)");
    statement.executeUpdate(
        "CREATE TABLE snapshots(revision INTEGER NOT NULL, part INTEGER NOT NULL,"
            + " changes BLOB NOT NULL, checksum INTEGER NOT NULL, PRIMARY KEY(revision, part))"
            + " WITHOUT ROWID");
    statement.executeUpdate("PRAGMA application_id=" + APPLICATION_ID);
    statement.executeUpdate("PRAGMA user_version=" + SCHEMA_VERSION);
    connection.commit();
    connection.setAutoCommit(true);
  }

  private static int number(Statement statement, String sql) throws SQLException {
    try (ResultSet row = statement.executeQuery(sql)) {
      return row.next() ? row.getInt(1) : 0;
    }
  }

  private static String text(Statement statement, String sql) throws SQLException {
    try (ResultSet row = statement.executeQuery(sql)) {
      return row.next() ? row.getString(1) : "";
    }
  }

  private static void closeQuietly(@org.jspecify.annotations.Nullable AutoCloseable closeable) {
    try {
      if (closeable != null) {
        closeable.close();
      }
    } catch (Exception e) {
      // Something worse is already on its way to the operator.
    }
  }

  @Override
  public void close() {
    closeQuietly(connection);
    closeQuietly(lock);
  }
}
