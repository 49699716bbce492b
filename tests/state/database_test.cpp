#include "state/database.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <iterator>

#include "folder.h"
#include "state/migrations.h"
#include "state/runs.h"

namespace redoubt::state {
namespace {

using std::chrono::milliseconds;

std::string code_of(const auto& result) { return result ? "done" : result.error().code; }

void write(const std::string& path, std::string_view text) { std::ofstream(path, std::ios::binary) << text; }

std::string content(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// A database of ours with one run in it.
void make(const Folder& folder) {
  Result<Runs> runs = Runs::open(folder.text());
  ASSERT_TRUE(runs) << runs.error().text();
  Result<Recording> recording = runs->begin();
  ASSERT_TRUE(recording);
  ASSERT_TRUE(recording->commit({.series = "a", .inputs = "[]"}));
}

TEST(StateDatabase, IsMadeWithItsFolderAndFoundAgain) {
  const Folder folder;
  const std::string data = folder / "deep/er";
  {
    const Result<Runs> runs = Runs::open(data);
    ASSERT_TRUE(runs) << runs.error().text();
  }
  EXPECT_TRUE(std::filesystem::exists(data + "/state.db"));
  Result<Runs> again = Runs::open_to_read(data);
  ASSERT_TRUE(again) << again.error().text();
  EXPECT_EQ(*again->database().number("PRAGMA user_version"), schema_version());
}

TEST(StateDatabase, HasAPathWithCharactersOfUris) {
  const Folder folder;
  const std::string data = folder / "50% of #1?";
  ASSERT_TRUE(Runs::open(data));
  EXPECT_TRUE(std::filesystem::exists(data + "/state.db"));
}

TEST(StateDatabase, NothingRecorded) {
  const Folder folder;
  EXPECT_EQ(code_of(Runs::open_to_read(folder.text())), "STA0007");
}

TEST(StateDatabase, CannotBeMade) {
  const Folder folder;
  write(folder / "data", "a file");
  EXPECT_EQ(code_of(Runs::open(folder / "data")), "STA0001");
  std::filesystem::create_directories(folder / "other/state.db");
  EXPECT_EQ(code_of(Runs::open(folder / "other")), "STA0001");
}

TEST(StateDatabase, Damaged) {
  const Folder folder;
  write(folder / "state.db", std::string(5'000, 'x'));
  EXPECT_EQ(code_of(Runs::open(folder.text())), "STA0002");
  EXPECT_EQ(code_of(Runs::open_to_read(folder.text())), "STA0002");
}

TEST(StateDatabase, CutOff) {
  const Folder folder;
  make(folder);
  std::filesystem::resize_file(folder / "state.db", 5'000);
  Result<Runs> runs = Runs::open_to_read(folder.text());
  EXPECT_EQ(runs ? code_of(runs->runs("a")) : runs.error().code, "STA0002");
}

TEST(StateDatabase, OverwrittenInTheMiddle) {
  const Folder folder;
  make(folder);
  {
    std::fstream file(folder / "state.db", std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(4'096);
    file << std::string(40'000, '\xAB');
  }
  Result<Runs> runs = Runs::open_to_read(folder.text());
  EXPECT_EQ(runs ? code_of(runs->series()) : runs.error().code, "STA0002");
}

TEST(StateDatabase, OfAnotherProgram) {
  const Folder folder;
  {
    Result<Database> database = Database::open(folder / "state.db", Access::Write);
    ASSERT_TRUE(database);
    ASSERT_TRUE(database->execute("CREATE TABLE theirs (a)"));
  }
  const std::string before = content(folder / "state.db");
  EXPECT_EQ(code_of(Runs::open(folder.text())), "STA0002");
  EXPECT_EQ(code_of(Runs::open_to_read(folder.text())), "STA0002");
  EXPECT_EQ(content(folder / "state.db"), before) << "it is left as it was";
}

TEST(StateDatabase, OfANewerProgram) {
  const Folder folder;
  make(folder);
  {
    Result<Database> database = Database::open(folder / "state.db", Access::Write);
    ASSERT_TRUE(database);
    ASSERT_TRUE(database->execute(fmt::format("PRAGMA user_version = {}", schema_version() + 1)));
  }
  EXPECT_EQ(code_of(Runs::open(folder.text())), "STA0003");
  EXPECT_EQ(code_of(Runs::open_to_read(folder.text())), "STA0003");
}

TEST(StateDatabase, HeldByAnother) {
  const Folder folder;
  make(folder);
  Result<Database> other = Database::open(folder / "state.db", Access::Write);
  ASSERT_TRUE(other);
  ASSERT_TRUE(other->execute("BEGIN IMMEDIATE"));
  Result<Runs> runs = Runs::open(folder.text(), milliseconds(20));
  ASSERT_TRUE(runs);
  Result<Recording> recording = runs->begin();
  ASSERT_TRUE(recording);
  EXPECT_EQ(code_of(recording->commit({.series = "a", .inputs = "[]"})), "STA0004");
  EXPECT_EQ(runs->runs("a")->size(), 1U) << "readers wait for nobody";
  ASSERT_TRUE(other->execute("ROLLBACK"));
  EXPECT_TRUE(recording->commit({.series = "a", .inputs = "[]"})) << "what was gathered is still there";
}

TEST(StateDatabase, ReadOnlyConnectionDoesNotWrite) {
  const Folder folder;
  make(folder);
  Result<Runs> runs = Runs::open_to_read(folder.text());
  ASSERT_TRUE(runs);
  EXPECT_EQ(code_of(runs->remove(1)), "STA0005");
}

/// As somebody who may read and not write.
int read_without_rights(const std::string& data) {
  const pid_t child = fork();
  if (child == 0) {
    constexpr uid_t kNobody = 65'534;
    if (geteuid() == 0 && setresuid(kNobody, kNobody, kNobody) != 0) _exit(9);
    Result<Runs> runs = Runs::open_to_read(data);
    if (!runs) _exit(1);
    const Result<std::vector<state::Run>> read = runs->runs("a");
    _exit(read && read->size() == 1 ? 0 : 2);
  }
  int status = -1;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST(StateDatabase, IsReadWhereNothingCanBeWritten) {
  using std::filesystem::perms;
  const Folder folder;
  make(folder);
  std::filesystem::permissions(folder / "state.db",
                               perms::owner_read | perms::group_read | perms::others_read);
  const perms enter = perms::owner_exec | perms::group_exec | perms::others_exec;
  std::filesystem::permissions(folder.text(), perms::owner_read | perms::others_read | enter);
  EXPECT_EQ(read_without_rights(folder.text()), 0);
  write(folder / "state.db-wal", "");
  EXPECT_EQ(read_without_rights(folder.text()), 0) << "with an empty log";
  std::filesystem::permissions(folder.text(), perms::owner_all);
}

TEST(StateDatabase, APipeIsNone) {
  const Folder folder;
  ASSERT_EQ(mkfifo((folder / "state.db").c_str(), 0600), 0);
  EXPECT_EQ(code_of(Runs::open(folder.text())), "STA0002");
  EXPECT_EQ(code_of(Runs::open_to_read(folder.text())), "STA0002");
}

TEST(StateDatabase, FullDisk) {
  const Folder folder;
  make(folder);
  Result<Runs> runs = Runs::open(folder.text());
  ASSERT_TRUE(runs);
  ASSERT_TRUE(runs->database().execute("PRAGMA max_page_count = 1"));  // SQLite then has no page to give
  Result<Recording> recording = runs->begin();
  ASSERT_TRUE(recording);
  for (int i = 0; i < 2'000; ++i)
    ASSERT_TRUE(
        recording->add({fmt::format("{:064}", i), "p", "t", "r", "x", Level::Low, "unknown", {}, {}}));
  const Result<state::Run> done = recording->commit({.series = "a", .inputs = "[]"});
  EXPECT_EQ(code_of(done), "STA0006");
  EXPECT_EQ(done.error().kind, Error::Kind::Unavailable) << "nobody called it wrongly";
  EXPECT_EQ(runs->runs("a")->size(), 1U) << "nothing of it stays";
  EXPECT_TRUE(runs->open_findings("a")->empty());
}

TEST(StateDatabase, FailedWorkIsUndone) {
  const Folder folder;
  make(folder);
  Result<Database> database = Database::open(folder / "state.db", Access::Write);
  ASSERT_TRUE(database);
  const Result<void> done = database->in_transaction([&]() -> Result<void> {
    RD_TRY(database->execute("DELETE FROM runs"));
    return fail(Error::Kind::Io, "X", "no");
  });
  EXPECT_EQ(code_of(done), "X");
  EXPECT_EQ(*database->number("SELECT count(*) FROM runs"), 1);
}

/// Records run after run until it is killed; tells each one that is surely written.
[[noreturn]] void record_for_ever(const std::string& data, int acknowledged) {
  Result<Runs> runs = Runs::open(data);
  if (!runs) _exit(1);
  for (;;) {
    Result<Recording> recording = runs->begin();
    if (!recording) _exit(1);
    for (int i = 0; i < 50; ++i) {
      if (!recording->add({fmt::format("{}", i), "p", "t", "r", "x", Level::High, "noncompliant", {}, {}}))
        _exit(1);
    }
    if (!recording->commit({.series = "a", .inputs = "[]"})) _exit(1);
    if (::write(acknowledged, "x", 1) != 1) _exit(1);
  }
}

TEST(StateDatabase, KilledWriterLosesNothingThatWasAcknowledged) {
  const Folder folder;
  std::size_t acknowledged = 0;
  for (int round = 0; round < 5; ++round) {
    int ends[2];
    ASSERT_EQ(pipe(ends), 0);
    const pid_t child = fork();
    if (child == 0) record_for_ever(folder.text(), ends[1]);
    close(ends[1]);
    char byte = 0;
    for (int i = 0; i <= round * 3; ++i, ++acknowledged)
      ASSERT_EQ(read(ends[0], &byte, 1), 1) << "the writer ended by itself";
    kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
    while (read(ends[0], &byte, 1) == 1)
      ++acknowledged;
    close(ends[0]);
    Result<Runs> runs = Runs::open_to_read(folder.text());
    ASSERT_TRUE(runs) << runs.error().text();
    // The one that was on its way may be there, too.
    const std::size_t there = runs->runs("a")->size();
    EXPECT_GE(there, acknowledged);
    EXPECT_LE(there, acknowledged + static_cast<std::size_t>(round) + 1);
    EXPECT_EQ(runs->open_findings("a")->size(), 50U);
    EXPECT_EQ(runs->database().number("SELECT count(*) FROM pragma_integrity_check WHERE integrity_check "
                                      "<> 'ok'"),
              0);
  }
}

TEST(StateDatabase, ManyProcessesMakeItAtOnce) {
  const Folder folder;
  std::vector<pid_t> children;
  for (int i = 0; i < 8; ++i) {
    const pid_t child = fork();
    if (child == 0) {
      Result<Runs> runs = Runs::open(folder / "data");
      if (!runs) _exit(1);
      Result<Recording> recording = runs->begin();
      _exit(recording && recording->commit({.series = "a", .time = Instant{i}, .inputs = "[]"}) ? 0 : 1);
    }
    children.push_back(child);
  }
  for (const pid_t child : children) {
    int status = 1;
    waitpid(child, &status, 0);
    EXPECT_EQ(status, 0);
  }
  Result<Runs> runs = Runs::open_to_read(folder / "data");
  ASSERT_TRUE(runs);
  EXPECT_EQ(runs->runs("a")->size(), 8U);
}

}  // namespace
}  // namespace redoubt::state
