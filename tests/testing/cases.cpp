#include "testing/cases.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <sstream>
#include <utility>
#include <vector>

#include "testing/json_id.h"
#include "testing/paths.h"

namespace redoubt::testing {
namespace {

namespace fs = std::filesystem;
using Body = std::function<void()>;

class CaseTest : public ::testing::Test {
 public:
  explicit CaseTest(Body body) : body_(std::move(body)) {}
  void TestBody() override { body_(); }

 private:
  Body body_;
};

// Names are letters, digits and underscores, as GoogleTest and its filters want them.
std::string test_name(std::string_view text) {
  std::string out;
  for (char c : text) {
    bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    out += plain ? c : '_';
  }
  return out.empty() ? "empty" : out;
}

bool matches(std::string_view name, std::string_view pattern) {
  std::size_t star = pattern.find('*');
  if (star == std::string_view::npos) return name == pattern;
  std::string_view head = pattern.substr(0, star);
  std::string_view tail = pattern.substr(star + 1);
  return name.size() >= head.size() + tail.size() && name.starts_with(head) && name.ends_with(tail);
}

std::vector<fs::path> files_below(const fs::path& folder, std::string_view pattern) {
  std::vector<fs::path> files;
  std::error_code ignored;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder, ignored))
    if (entry.is_regular_file() && matches(entry.path().filename().string(), pattern))
      files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

std::string contents(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

struct CaseText {
  std::string input;
  std::string dashes;
  std::string expected;
};

bool is_dashes(std::string_view line) {
  return line.size() >= 4 && line.find_first_not_of('-') == std::string_view::npos;
}

CaseText split_case(std::string_view text) {
  for (std::size_t start = 0; start < text.size();) {
    std::size_t end = std::min(text.find('\n', start), text.size());
    if (is_dashes(text.substr(start, end - start)))
      return {std::string(text.substr(0, start == 0 ? 0 : start - 1)),
              std::string(text.substr(start, end - start)),
              std::string(text.substr(std::min(end + 1, text.size())))};
    start = end + 1;
  }
  return {std::string(text.substr(0, text.find_last_not_of('\n') + 1)), "", ""};
}

std::string without_last_breaks(std::string text) {
  text.erase(text.find_last_not_of('\n') + 1);
  return text;
}

void run_case(const fs::path& file, const Render& render) {
  CaseText text = split_case(contents(file));
  std::string actual = without_last_breaks(render(text.input));
  const char* update = std::getenv("RD_UPDATE_CASES");
  if (update != nullptr && std::string_view(update) == "1") {
    if (text.dashes.empty() || actual != without_last_breaks(text.expected))
      std::ofstream(file, std::ios::binary) << text.input << '\n'
                                            << (text.dashes.empty() ? "----" : text.dashes) << '\n'
                                            << actual << '\n';
    return;
  }
  ASSERT_FALSE(text.dashes.empty()) << file << " has no line of dashes; RD_UPDATE_CASES=1 adds one";
  EXPECT_EQ(actual, without_last_breaks(text.expected)) << "input: " << text.input;
}

struct JsonLine {
  fs::path file;
  int number;
  std::string text;
  std::string id;
};

std::vector<fs::path> json_files(const fs::path& pattern) {
  if (fs::is_directory(pattern)) return files_below(pattern, "*.jsonl");
  return files_below(pattern.parent_path(), pattern.filename().string());
}

// Registers the tests of one suite. Every test runs in a process of its own that wants this one only, so
// others are left out and their suites' files not even read.
class Suite {
 public:
  explicit Suite(std::string_view name) : name_(name) {
    const std::string filter = GTEST_FLAG_GET(filter);
    if (filter.find_first_of("*?:-") == std::string::npos) only_ = filter;
  }

  bool wanted() const { return only_.empty() || only_.starts_with(name_ + "."); }

  void add(const std::string& test, const fs::path& file, int line, Body body) const {
    if (!only_.empty() && only_ != name_ + "." + test) return;
    ::testing::RegisterTest(name_.c_str(), test.c_str(), nullptr, nullptr, file.c_str(), line,
                            [body = std::move(body)]() -> ::testing::Test* { return new CaseTest(body); });
  }

  void add_failing(const std::string& test, const fs::path& file, const std::string& reason) const {
    add(test, file, 1, [reason] { FAIL() << reason; });
  }

 private:
  std::string name_;
  std::string only_;
};

void add_cases(const Suite& suite, const std::string& folder, const Render& render) {
  const fs::path root = source_root() / folder;
  const std::vector<fs::path> files = files_below(root, "*.case");
  if (files.empty()) suite.add_failing("no_cases", root, "no *.case file below " + root.string());
  for (const fs::path& file : files) {
    const std::string name = file.lexically_relative(root).replace_extension().string();
    suite.add(test_name(name), file, 1, [file, render] { run_case(file, render); });
  }
}

void check_line(const JsonLine& line, const Run& run) {
  const std::string difference = run(line.text);
  EXPECT_TRUE(difference.empty()) << line.file.string() << ":" << line.number << ": " << line.id << "\n"
                                  << difference << "\n"
                                  << line.text;
}

// Names of a suite so far, and how often each was wanted.
using Seen = std::map<std::string, int>;

void add_json_line(const Suite& suite, Seen& seen, JsonLine line, const Run& run) {
  if (line.id.empty()) line.id = line.file.stem().string() + "_" + std::to_string(line.number);
  std::string name = test_name(line.id);
  const int times = ++seen[name];
  if (times > 1) name += "_again_" + std::to_string(times);
  const fs::path file = line.file;
  const int number = line.number;
  suite.add(name, file, number, [line = std::move(line), run] { check_line(line, run); });
}

void add_json_cases(const Suite& suite, const std::string& pattern, const Run& run) {
  const fs::path path = source_root() / pattern;
  Seen seen;
  for (const fs::path& file : json_files(path)) {
    std::istringstream in(contents(file));
    int number = 0;
    for (std::string text; std::getline(in, text);) {
      ++number;
      if (text.find_first_not_of(" \t\r") == std::string::npos) continue;
      std::string id = json_id(text);
      add_json_line(suite, seen, {file, number, std::move(text), std::move(id)}, run);
    }
  }
  if (seen.empty()) suite.add_failing("no_cases", path, "no JSON Lines at " + path.string());
}

// What waits for main() to have read the command line.
std::vector<std::function<void()>>& waiting() {
  static std::vector<std::function<void()>> instance;
  return instance;
}

}  // namespace

bool register_cases(std::string_view suite, std::string_view folder, Render render) {
  waiting().emplace_back(
      [suite = std::string(suite), folder = std::string(folder), render = std::move(render)] {
        if (const Suite target(suite); target.wanted()) add_cases(target, folder, render);
      });
  return true;
}

bool register_json_cases(std::string_view suite, std::string_view pattern, Run run) {
  waiting().emplace_back([suite = std::string(suite), pattern = std::string(pattern), run = std::move(run)] {
    if (const Suite target(suite); target.wanted()) add_json_cases(target, pattern, run);
  });
  return true;
}

void add_registered_cases() {
  for (const std::function<void()>& add : waiting())
    add();
}

}  // namespace redoubt::testing
