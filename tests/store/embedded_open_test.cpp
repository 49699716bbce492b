#include <gtest/gtest.h>
#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <fstream>

#include "engine_fixture.h"
#include "store/detail/directory.h"

namespace redoubt::store {
namespace {

using EmbeddedOpen = EngineTest;

/// The library that the environment names, for as long as this lives.
class NamedLibrary {
 public:
  explicit NamedLibrary(const std::string& path) {
    const char* before = std::getenv(kName);
    if (before != nullptr) before_ = before;
    setenv(kName, path.c_str(), 1);
  }
  NamedLibrary(const NamedLibrary&) = delete;
  NamedLibrary& operator=(const NamedLibrary&) = delete;
  ~NamedLibrary() {
    if (before_)
      setenv(kName, before_->c_str(), 1);
    else
      unsetenv(kName);
  }

 private:
  static constexpr const char* kName = "REDOUBT_LIBCHDB";
  std::optional<std::string> before_;
};

std::string said(const EmbeddedOptions& options) {
  const Result<std::unique_ptr<EmbeddedEngine>> engine = EmbeddedEngine::open(options);
  return engine ? "open" : engine.error().text();
}

TEST(StoreLibrary, IsMissing) {
  const std::string missing =
      "/nowhere/libchdb.so: error STO0001: the event engine is not here: there is no such file (make setup "
      "gets it in a "
      "checkout; elsewhere npm install @chdb/lib-linux-x64-gnu, and name its libchdb.so with "
      "REDOUBT_LIBCHDB)";
  EXPECT_EQ(said({.library = "/nowhere/libchdb.so"}), missing);
  const NamedLibrary named("/nowhere/libchdb.so");
  EXPECT_EQ(said({}), missing);
}

TEST(StoreLibrary, IsFoundWhereItIsNamed) {
  const Folder folder;
  std::ofstream(folder / "one.so") << "x";
  std::ofstream(folder / "two.so") << "x";
  const NamedLibrary named(folder / "one.so");
  EXPECT_EQ(*find_engine_library(), folder / "one.so");
  EXPECT_EQ(*find_engine_library(folder / "two.so"), folder / "two.so");
}

TEST(StoreLibrary, HasToBeNewEnough) {
  for (const char* version : {"26.7.3", "26.7.3-stable.1", "26.7.10", "26.8", "27"})
    EXPECT_TRUE(detail::is_tested_version(version)) << version;
  for (const char* version : {"26.7.2-rc.2", "26.5.3", "26.7", "4.2.0", "", "x", "26.x"})
    EXPECT_FALSE(detail::is_tested_version(version)) << version;
}

TEST_F(EmbeddedOpen, AnotherLibraryIsRefused) {
  const Folder folder;
  std::ofstream(folder / "text.so") << "no library";
  EXPECT_NE(said({.library = folder / "text.so"})
                .find("STO0002: the event engine can't be used: it can't be loaded"),
            std::string::npos);
  EXPECT_NE(said({.library = "/lib/x86_64-linux-gnu/libm.so.6"}).find("STO0002"), std::string::npos);
}

TEST_F(EmbeddedOpen, KeepsEventsInItsFolder) {
  const Folder folder;
  const EmbeddedOptions options{.data_directory = folder / "deep/events"};
  {
    const auto engine = open(options);
    ASSERT_NE(engine, nullptr);
    ASSERT_EQ(run(*engine, "CREATE TABLE t (x Int64) ENGINE = MergeTree ORDER BY x"), "done");
    ASSERT_EQ(run(*engine, "INSERT INTO t SELECT number FROM numbers(1000)"), "done");
  }
  const auto engine = open(options);
  ASSERT_NE(engine, nullptr);
  EXPECT_EQ(answer(*engine, "SELECT count() AS c FROM t"), "c Int64\n1000\n");
}

TEST_F(EmbeddedOpen, LeavesNothingOfATemporaryFolder) {
  const Folder folder;
  const char* before = std::getenv("TMPDIR");
  const std::string kept = before == nullptr ? "" : before;
  setenv("TMPDIR", folder.text().c_str(), 1);
  {
    const auto engine = open();
    ASSERT_NE(engine, nullptr);
    EXPECT_EQ(run(*engine, "CREATE TABLE t (x Int64) ENGINE = MergeTree ORDER BY x"), "done");
    EXPECT_FALSE(std::filesystem::is_empty(folder.text()));
  }
  EXPECT_TRUE(std::filesystem::is_empty(folder.text()));
  if (before == nullptr)
    unsetenv("TMPDIR");
  else
    setenv("TMPDIR", kept.c_str(), 1);
}

TEST_F(EmbeddedOpen, AgainAndAgain) {
  for (int turn = 0; turn < 3; ++turn) {
    const auto engine = open();
    ASSERT_NE(engine, nullptr);
    EXPECT_EQ(answer(*engine, "SELECT 1 AS x"), "x Int32\n1\n");
  }
}

TEST_F(EmbeddedOpen, AFolderInUseNamesItsProcess) {
  const Folder folder;
  const auto engine = open({.data_directory = folder.text()});
  ASSERT_NE(engine, nullptr);
  EXPECT_EQ(said({.data_directory = folder.text()}),
            folder.text() + ": error STO0003: the events in this folder are in use: process " +
                std::to_string(getpid()) +
                " (wait until it has ended, or end it where it is an open kql shell, or use another data "
                "directory)");
  EXPECT_EQ(answer(*engine, "SELECT 1 AS x"), "x Int32\n1\n");
}

TEST_F(EmbeddedOpen, AFolderOfAKilledProcessIsFree) {
  const Folder folder;
  std::array<int, 2> pipe{};
  ASSERT_EQ(::pipe(pipe.data()), 0);
  const pid_t child = fork();
  if (child == 0) {
    const Result<detail::Directory> held = detail::Directory::lock(folder.text());
    const char done = held ? 'y' : 'n';
    static_cast<void>(!write(pipe[1], &done, 1));
    pause();
    _exit(0);
  }
  char done = 0;
  ASSERT_EQ(read(pipe[0], &done, 1), 1);
  ASSERT_EQ(done, 'y');
  EXPECT_NE(said({.data_directory = folder.text()}).find("process " + std::to_string(child)),
            std::string::npos);
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
  EXPECT_EQ(said({.data_directory = folder.text()}), "open");
  close(pipe[0]);
  close(pipe[1]);
}

TEST_F(EmbeddedOpen, OneFolderAProcess) {
  const Folder first;
  const Folder second;
  const auto engine = open({.data_directory = first.text()});
  ASSERT_NE(engine, nullptr);
  EXPECT_NE(said({.data_directory = second.text()}).find("STO0004: the event engine does not start"),
            std::string::npos);
  EXPECT_EQ(answer(*engine, "SELECT 1 AS x"), "x Int32\n1\n");
}

TEST_F(EmbeddedOpen, AFolderThatCantBeMade) {
  const Folder folder;
  std::ofstream(folder / "file") << "x";
  EXPECT_NE(
      said({.data_directory = folder / "file/events"}).find("STO0004: the folder of events can't be made"),
      std::string::npos);
}

extern "C" void handle_signal(int) {}

/// Handlers of the signals that a library may want for itself, and what this thread blocks.
std::string signals() {
  std::string out;
  for (const int number :
       {SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGINT, SIGTERM, SIGPIPE, SIGTSTP, SIGCHLD}) {
    struct sigaction action{};
    sigaction(number, nullptr, &action);
    out += action.sa_handler == handle_signal ? "ours " : action.sa_handler == SIG_DFL ? "none " : "other ";
  }
  sigset_t mask{};
  pthread_sigmask(SIG_SETMASK, nullptr, &mask);
  for (int number = 1; number < SIGRTMIN; ++number)
    out += sigismember(&mask, number) == 1 ? "1" : "0";
  return out;
}

TEST_F(EmbeddedOpen, LeavesSignalsAlone) {
  for (const int number : {SIGSEGV, SIGBUS, SIGINT, SIGTERM})
    signal(number, handle_signal);
  const std::string before = signals();
  const auto engine = open();
  ASSERT_NE(engine, nullptr);
  EXPECT_EQ(answer(*engine, "SELECT 1 AS x"), "x Int32\n1\n");
  EXPECT_EQ(signals(), before);
  for (const int number : {SIGSEGV, SIGBUS, SIGINT, SIGTERM})
    signal(number, SIG_DFL);
}

TEST_F(EmbeddedOpen, SaysItsVersion) {
  const auto engine = open();
  ASSERT_NE(engine, nullptr);
  EXPECT_TRUE(engine->version().starts_with("libchdb 2")) << engine->version();
}

}  // namespace
}  // namespace redoubt::store
