package io.fynbos.controller.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fynbos.policy.RandomImages;
import io.fynbos.policy.image.Change;
import io.fynbos.policy.image.Image;
import io.fynbos.policy.model.Revision;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteStoreTest {
  private static final SqliteStore.Limits SMALL = new SqliteStore.Limits(10, 25);

  @TempDir private Path directory;

  private SqliteStore open() {
    return SqliteStore.open(directory, SMALL);
  }

  /** Fills the store with this many random commits and returns the image that they lead to. */
  private static Image fill(Store store, long seed, int count) {
    RandomImages random = new RandomImages(seed);
    Image image = store.read();
    for (int i = 0; i < count; i++) {
      List<Change> changes = random.changes(image);
      Revision next = image.revision().next();
      store.commit(image.revision(), List.of(new Commit(next, changes)));
      image = image.apply(changes, next);
    }
    return image;
  }

  @Test
  void anEmptyDirectoryBecomesAnEmptyStore() {
    try (SqliteStore store = open()) {
      assertThat(store.read()).isEqualTo(Image.EMPTY);
      assertThat(store.head()).isEqualTo(Revision.NONE);
      assertThat(store.after(Revision.NONE, 10)).isEmpty();
    }
  }

  @Test
  void whatWasCommittedIsThereAfterReopening() {
    for (long seed = 1; seed <= 3; seed++) {
      Image image;
      try (SqliteStore store = open()) {
        image = fill(store, seed, 60);
        assertThat(store.read()).as("seed %d", seed).isEqualTo(image);
      }
      try (SqliteStore store = open()) {
        assertThat(store.read()).as("seed %d", seed).isEqualTo(image);
      }
    }
  }

  @Test
  void severalCommitsAreWrittenTogetherUnderTheirOwnRevisions() {
    RandomImages random = new RandomImages(7);
    List<Commit> commits = new ArrayList<>();
    Image image = Image.EMPTY;
    for (int i = 0; i < 5; i++) {
      Commit commit = new Commit(image.revision().next(), random.changes(image));
      commits.add(commit);
      image = image.apply(commit.changes(), commit.revision());
    }
    try (SqliteStore store = open()) {
      store.commit(Revision.NONE, commits);
      assertThat(store.read()).isEqualTo(image);
      assertThat(store.after(new Revision(2), 2)).isEqualTo(commits.subList(2, 4));
    }
  }

  @Test
  void aCommitAtAnotherHeadIsRefusedAndWritesNothing() {
    try (SqliteStore store = open()) {
      Image image = fill(store, 1, 3);
      List<Change> changes = new RandomImages(2).changes(image);
      List<Commit> stale = List.of(new Commit(new Revision(3), changes));
      assertThatThrownBy(() -> store.commit(new Revision(2), stale))
          .isInstanceOf(StoreException.HeadMoved.class)
          .hasMessage("the store is at revision 3, not at 2");
      assertThat(store.read()).isEqualTo(image);
    }
  }

  @Test
  void oldCommitsAreForgottenAndTheImageStays() {
    try (SqliteStore store = open()) {
      fill(store, 4, 60);
      assertThat(store.after(new Revision(40), 100)).hasSize(20);
      assertThatThrownBy(() -> store.after(new Revision(5), 100))
          .isInstanceOf(StoreException.Forgotten.class)
          .hasMessage("the commits after revision 5 are no longer kept");
    }
  }

  @Test
  void aWatchGetsTheBacklogThenWhatIsNew() {
    List<Long> seen = new ArrayList<>();
    try (SqliteStore store = open()) {
      fill(store, 5, 4);
      Store.Watch watch =
          store.watch(new Revision(2), commit -> seen.add(commit.revision().number()));
      fill(store, 6, 2);
      assertThat(seen).containsExactly(3L, 4L, 5L, 6L);
      watch.close();
      fill(store, 7, 1);
      assertThat(seen).hasSize(4);
    }
  }

  @Test
  void onlyTheOwnerMayReadTheFile() throws IOException {
    try (SqliteStore store = open()) {
      fill(store, 1, 1);
      for (String name : List.of("fynbos.db", "fynbos.db-wal", "fynbos.db-shm")) {
        assertThat(Files.getPosixFilePermissions(directory.resolve(name)))
            .as(name)
            .isEqualTo(PosixFilePermissions.fromString("rw-------"));
      }
    }
  }

  @Test
  void aSecondControllerIsToldThatTheFirstIsThere() {
    try (SqliteStore store = open()) {
      assertThat(store.head()).isEqualTo(Revision.NONE);
      assertThatThrownBy(this::open)
          .isInstanceOf(StoreException.class)
          .hasMessage(
              "another controller uses "
                  + directory
                  + "; stop it, or give this one its own --data");
    }
    open().close();
  }

  @Test
  void aDamagedFileIsNamedWithWhatToDo() throws IOException, SQLException {
    refused("it is not a database", this::overwriteHeader);
    refused("it is damaged", this::overwriteMiddle);
    refused("is damaged: its checksum differs", () -> sql("UPDATE commits SET checksum=1"));
    refused("commits are missing", () -> sql("DELETE FROM commits WHERE revision=32"));
    refused("it is another program's database", () -> sql("PRAGMA application_id=7"));
    refused("it has schema 9 and this controller reads 1", () -> sql("PRAGMA user_version=9"));
  }

  private interface Damage {
    void happen() throws IOException, SQLException;
  }

  private void refused(String reason, Damage damage) throws IOException, SQLException {
    for (String name : List.of("fynbos.db", "fynbos.db-wal", "fynbos.db-shm")) {
      Files.deleteIfExists(directory.resolve(name));
    }
    try (SqliteStore store = open()) {
      fill(store, 1, 35);
    }
    damage.happen();
    String start = "the store " + directory.resolve("fynbos.db") + " cannot be used: ";
    assertThatThrownBy(this::open)
        .as(reason)
        .isInstanceOf(StoreException.class)
        .hasMessageStartingWith(start)
        .hasMessageContaining(reason.equals("it is not a database") ? "" : reason)
        .hasMessageEndingWith("or put a copy of the file in its place from a backup");
  }

  private void overwriteHeader() throws IOException {
    Files.writeString(directory.resolve("fynbos.db"), "not a database, ".repeat(1000));
  }

  private void overwriteMiddle() throws IOException {
    try (RandomAccessFile file =
        new RandomAccessFile(directory.resolve("fynbos.db").toFile(), "rw")) {
      file.seek(4096);
      file.write(new byte[(int) file.length() - 4096]);
    }
  }

  private void sql(String statement) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("fynbos.db"));
        Statement run = connection.createStatement()) {
      run.execute(statement);
    }
  }
}
