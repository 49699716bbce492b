#include <fmt/format.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "cli/commands.h"
#include "cli/run.h"
#include "cli/shell/candidates.h"
#include "cli/shell/entry.h"
#include "cli/shell/history.h"
#include "cli/shell/shell_commands.h"
#include "core/text.h"
#include "table.h"
#include "testing/cases.h"

namespace redoubt::cli {
namespace {

/// First line: the words after `redoubt kql shell`; the others are stdin.
std::string render_script(std::string_view input) {
  const std::size_t line_end = std::min(input.find('\n'), input.size());
  std::istringstream in(std::string(input.substr(std::min(line_end + 1, input.size()))));
  std::ostringstream out;
  std::ostringstream err;
  Console console{.in = in, .out = out, .err = err};
  std::vector<std::string> words = words_of(input.substr(0, line_end));
  words.insert(words.begin(), {"kql", "shell"});
  const Exit exit = run(words, kql_shell_commands(), console);
  return fmt::format("exit {}\n{}{}{}", static_cast<int>(exit), replace_all(out.str(), "\r", "\\r"),
                     err.str().empty() ? "" : "stderr:\n", err.str());
}

/// What a text is split into, each entry with its line.
std::string render_entries(std::string_view input) {
  std::string out;
  for (const Entry& entry : entries_of(input))
    out += fmt::format("== {} {}\n{}\n", entry.is_command() ? "command" : "query", entry.line, entry.text);
  return out + (is_complete(input) ? "complete\n" : "goes on\n");
}

[[maybe_unused]] const bool registered =
    testing::register_cases("KqlShell", "tests/cli/cases/shell", render_script) &&
    testing::register_cases("KqlChart", "tests/cli/cases/chart", render_script) &&
    testing::register_cases("KqlShellEntries", "tests/cli/cases/shell_entry", render_entries);

// ---- what is remembered

class KqlShellHistory : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "redoubt-history-XXXXXX").string();
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    folder_ = name;
    file_ = (folder_ / "state" / "redoubt" / "kql-history").string();
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string text() const {
    std::ifstream in(file_);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  void write(std::string_view text) const {
    std::filesystem::create_directories(std::filesystem::path(file_).parent_path());
    std::ofstream(file_) << text;
  }

  std::filesystem::path folder_;
  std::string file_;
};

TEST_F(KqlShellHistory, EntriesOfSeveralLinesComeBack) {
  const std::vector<std::string> entries = {"T\n| where a == 'x\\n'\n\n| count", ".tables",
                                            "print \"é\t\\\\\""};
  History history(file_);
  for (const std::string& entry : entries)
    EXPECT_TRUE(history.add(entry));
  EXPECT_TRUE(history.add(entries.back()));  // once is enough
  EXPECT_EQ(history.entries(), entries);
  EXPECT_EQ(History(file_).entries(), entries);
}

TEST_F(KqlShellHistory, ItsUserAloneReadsIt) {
  write("print 1\n");
  chmod(file_.c_str(), 0644);
  History history(file_);
  ASSERT_TRUE(history.add("print 2"));
  struct stat found;
  ASSERT_EQ(stat(file_.c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777, 0600U);
}

TEST_F(KqlShellHistory, ObfuscatedStringsAreNotWritten) {
  History history(file_);
  for (const std::string_view literal : {"h'secret'", "H\"secret\"", "h@'secret'", "h@\"secret\"",
                                         "h```secret```", "h~~~secret~~~", "h'secret"})
    ASSERT_TRUE(history.add(fmt::format("externaldata(a:string)[{}]", literal)));
  EXPECT_EQ(text(), "");
  EXPECT_EQ(history.entries().size(), 7U);
  ASSERT_TRUE(history.add("print hash'x'"));
  EXPECT_EQ(text(), "print hash'x'\n");
}

TEST_F(KqlShellHistory, ForeignLinesArePassedOver) {
  write("print 1\nprint \\x\nprint \x1b[31m\nprint \xff\n\n   \nprint 2\\\nprint 3");
  EXPECT_EQ(History(file_).entries(), (std::vector<std::string>{"print 1", "print 3"}));
}

TEST_F(KqlShellHistory, ItDoesNotGrowForever) {
  const HistoryLimits limits{.entries = 3, .entry_bytes = 20, .file_bytes = 1'000};
  for (int i = 0; i < 20; ++i) {
    History history(file_, limits);
    ASSERT_TRUE(history.add(fmt::format("print {}", i)));
    ASSERT_TRUE(history.add(std::string(21, 'x')));  // too long to be kept
    EXPECT_LE(history.entries().size(), 4U);
  }
  const std::vector<std::string> last = {"print 17", "print 18", "print 19"};
  EXPECT_EQ(History(file_, limits).entries(), last);
  EXPECT_LE(split(text(), '\n').size(), 8U);
  EXPECT_EQ(
      std::distance(std::filesystem::directory_iterator(std::filesystem::path(file_).parent_path()), {}), 1);
}

TEST_F(KqlShellHistory, OfALongFileTheEndIsRead) {
  std::string lines;
  for (int i = 0; i < 1'000; ++i)
    lines += fmt::format("print {}\n", i);
  write(lines);
  const HistoryLimits limits{.entries = 50, .entry_bytes = 100, .file_bytes = 95};
  EXPECT_EQ(History(file_, limits).entries().size(), 9U);
  EXPECT_EQ(History(file_, limits).entries().back(), "print 999");
  EXPECT_LE(text().size(), 95U);
}

TEST_F(KqlShellHistory, WhereNothingCanBeWrittenItSaysSo) {
  History history("/proc/none/redoubt/kql-history");
  const Result<void> kept = history.add("print 1");
  ASSERT_FALSE(kept);
  EXPECT_EQ(kept.error().code, "CLI0080");
  EXPECT_EQ(history.entries().size(), 1U);
  EXPECT_TRUE(History(std::nullopt).add("print 1"));
}

// ---- Tab

TabAnswer tab(std::string_view text, std::vector<kql::CompletionItem> items, std::size_t begin) {
  const kql::Completion completion{static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(text.size()),
                                   std::move(items)};
  return answer_tab(completion, text, {.width = 30});
}

kql::CompletionItem item(std::string name, std::string detail = {}) {
  return {name, kql::CompletionKind::Column, std::move(detail), name};
}

TEST(KqlShellTab, OneAnswerIsTaken) {
  const TabAnswer answer = tab("T | where us", {item("UserName"), item("MyUsers")}, 10);
  EXPECT_EQ(answer.begin, 10U);
  EXPECT_EQ(answer.insert, "UserName");
  EXPECT_EQ(answer.list, "");
}

TEST(KqlShellTab, WhatAllBeginWithIsTaken) {
  EXPECT_EQ(tab("u", {item("UserName"), item("UserId")}, 0).insert, "User");
  // A part of a character is none.
  EXPECT_EQ(tab("u", {item("u\u00e4"), item("u\u00f6")}, 0).insert, "u");
}

TEST(KqlShellTab, SeveralAreListedWithinTheWindow) {
  const TabAnswer answer =
      tab("User", {item("UserName", "string, a column with much to say"), item("UserId")}, 0);
  EXPECT_EQ(answer.insert, "User");
  EXPECT_EQ(answer.list, "UserName  column  string, a\nUserId    column\n");
}

TEST(KqlShellTab, NothingFits) {
  const TabAnswer answer = tab("xyz", {}, 0);
  EXPECT_EQ(answer.insert, "xyz");
  EXPECT_EQ(answer.list, "");
}

TEST(KqlShellTab, CommandsAreCompleted) {
  const kql::Schemas none;
  EXPECT_EQ(complete_shell_command(".ta", none).items.at(0).insert, ".tables");
  EXPECT_EQ(complete_shell_command(".format j", none).items.at(0).insert, "json");
  EXPECT_EQ(complete_shell_command(".format j", none).begin, 8U);
  kql::Schemas tables;
  tables.add_table("SigninLogs", {{"a", kql::Type::Long}});
  EXPECT_EQ(complete_shell_command(".schema sig", tables).items.at(0).insert, "SigninLogs");
}

}  // namespace
}  // namespace redoubt::cli
