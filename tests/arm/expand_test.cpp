#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <filesystem>

#include "arm/expand.h"
#include "arm/expansion_json.h"
#include "arm/parameter_files.h"
#include "core/text.h"
#include "testing/paths.h"

namespace redoubt::arm {
namespace {

using doc::Value;
namespace fs = std::filesystem;

/// The comparison that tests/arm/cases/expand/README.md describes.
bool fits(const Value* got, const Value& want) {
  if (want.is_string() && want.as_string() == "$any") return got != nullptr;
  if (want.is_object()) {
    if (want.find("$absent") != nullptr) return got == nullptr || got->is_null();
    const Value* unknown = want.find("$unknown");
    if (unknown != nullptr && unknown->is_string()) return got != nullptr && got->find("$unknown") != nullptr;
    if (got == nullptr || !got->is_object()) return false;
    return std::all_of(want.members().begin(), want.members().end(),
                       [&](const doc::Member& member) { return fits(got->find(member.name), member.value); });
  }
  if (got == nullptr) return false;
  if (want.is_array()) {
    if (!got->is_array() || got->size() != want.size()) return false;
    for (std::size_t i = 0; i < want.size(); ++i)
      if (!fits(&got->items()[i], want.items()[i])) return false;
    return true;
  }
  return got->kind() == want.kind() && equal(*got, want);
}

bool entry_fits(const Value& got, const Value& want) {
  for (const doc::Member& member : want.members()) {
    if (member.name == "type") {
      if (!equal_any_case(got.text_of("type").value_or(""), member.value.as_string())) return false;
    } else if (!fits(got.find(member.name), member.value)) {
      return false;
    }
  }
  return true;
}

bool deployed(const Value& entry) {
  const Value* existing = entry.find("existing");
  return !equal_any_case(entry.text_of("type").value_or(""), "Microsoft.Resources/deployments") &&
         !(existing != nullptr && existing->is_bool() && existing->as_bool());
}

struct Outcome {
  bool failed = false;
  std::string printed;
  std::vector<Diagnostic> diagnostics;
};

Outcome expand_files(const std::string& template_file, const std::string& parameter_file,
                     const ExpandOptions& options) {
  doc::Sources sources;
  Origins origins;
  Outcome out;
  Result<Reading<doc::Document>> document = doc::read_json_file(sources, template_file);
  Result<Reading<doc::Document>> parameters;
  if (!parameter_file.empty()) parameters = doc::read_json_file(sources, parameter_file);
  if (!document || !parameters) {
    out.failed = true;
    return out;
  }
  const Result<Reading<Expansion>> expansion = expand(
      sources, origins, document->value, parameter_file.empty() ? nullptr : &parameters->value.root, options);
  out.failed = !expansion || expansion->value.failed;
  if (!expansion) {
    out.printed = expansion.error().text();
    return out;
  }
  out.printed = expansion_json(expansion->value, sources, origins);
  out.diagnostics = expansion->diagnostics;
  return out;
}

class ExpandCase : public ::testing::Test {
 public:
  explicit ExpandCase(fs::path folder) : folder_(std::move(folder)) {}

  void TestBody() override {
    Arena arena;
    const Value expected = doc::parse_json(arena, testing::read_file(folder_ / "expected.json")).value();
    ExpandOptions options;
    if (auto scope = expected.text_of("scope")) options.scope = Scope::parse(*scope);
    if (auto location = expected.text_of("location")) options.location = *location;
    const fs::path parameters = folder_ / "parameters.json";
    const Outcome outcome =
        expand_files((folder_ / "template.json").string(),
                     fs::exists(parameters) ? parameters.string() : std::string(), options);
    std::string all = outcome.printed;
    for (const Diagnostic& diagnostic : outcome.diagnostics)
      all += diagnostic.text() + "\n";
    if (const Value* texts = expected.find("diagnostics")) check_diagnostics(*texts, outcome.diagnostics);
    if (expected.find("error") != nullptr) {
      EXPECT_TRUE(outcome.failed) << all;
      return;
    }
    ASSERT_FALSE(outcome.failed) << all;
    check(expected, doc::parse_json(arena, outcome.printed).value(), all);
  }

 private:
  void check_diagnostics(const Value& want, const std::vector<Diagnostic>& got) const {
    std::vector<std::string> texts;
    for (const Value& text : want.items())
      texts.emplace_back(text.as_string());
    std::vector<std::string> said;
    for (const Diagnostic& one : got)
      if (one.severity != Severity::Hint) said.push_back(one.text().substr(folder_.string().size() + 1));
    EXPECT_EQ(said, texts);
  }

  static void check(const Value& expected, const Value& printed, const std::string& all) {
    if (const Value* secrets = expected.find("mustNotPrint")) {
      for (const Value& secret : secrets->items())
        EXPECT_EQ(all.find(secret.as_string()), std::string::npos);
    }
    const std::span<const Value> got = printed.find("resources")->items();
    const auto count = std::count_if(got.begin(), got.end(), deployed);
    if (const Value* want = expected.find("count")) {
      EXPECT_EQ(count, want->as_int()) << all;
    }
    if (const Value* resources = expected.find("resources")) {
      for (const Value& want : resources->items())
        EXPECT_TRUE(
            std::any_of(got.begin(), got.end(), [&](const Value& entry) { return entry_fits(entry, want); }))
            << "no resource fits " << doc::to_json(want) << "\n"
            << all;
    }
    if (const Value* list = expected.find("all")) check_all(list->items(), got, all);
  }

  static void check_all(std::span<const Value> want, std::span<const Value> got, const std::string& all) {
    ASSERT_EQ(want.size(), got.size()) << all;
    for (std::size_t i = 0; i < want.size(); ++i) {
      EXPECT_TRUE(equal_any_case(got[i].text_of("type").value_or(""), want[i].text_of("type").value_or("")))
          << all;
      EXPECT_TRUE(fits(got[i].find("name"), *want[i].find("name"))) << i << "\n" << all;
      const bool unknown = want[i].find("condition") != nullptr;
      EXPECT_EQ(got[i].find("condition")->is_object(), unknown) << i << "\n" << all;
      const Value* existing = want[i].find("existing");
      EXPECT_EQ(got[i].find("existing")->as_bool(), existing != nullptr && existing->as_bool()) << i;
    }
  }

  fs::path folder_;
};

std::string test_name(std::string name) {
  std::replace_if(
      name.begin(), name.end(), [](char c) { return !std::isalnum(static_cast<unsigned char>(c)); }, '_');
  return name;
}

void register_folder(const char* suite, const fs::path& root) {
  std::vector<fs::path> folders;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(root, error))
    if (fs::exists(entry.path() / "expected.json")) folders.push_back(entry.path());
  std::sort(folders.begin(), folders.end());
  for (const fs::path& folder : folders)
    ::testing::RegisterTest(suite, test_name(folder.filename().string()).c_str(), nullptr, nullptr, __FILE__,
                            __LINE__, [folder]() -> ::testing::Test* { return new ExpandCase(folder); });
}

[[maybe_unused]] const bool registered = [] {
  register_folder("ArmExpand", testing::source_root() / "tests/arm/cases/expand");
  return true;
}();

TEST(ArmExpandCorpus, ReportedCasesHold) {
  const auto root = testing::corpora("reports/arm-policy/expand");
  if (!root) return;
  for (const auto& entry : fs::directory_iterator(*root)) {
    SCOPED_TRACE(entry.path().string());
    ExpandCase(entry.path()).TestBody();
  }
}

TEST(ArmExpandCorpus, EveryTemplateExpandsAndEveryOtherFileIsRecognised) {
  const auto root = testing::corpora("templates/arm");
  if (!root) return;
  int templates = 0;
  int parameter_files = 0;
  int others = 0;
  for (const auto& entry : fs::recursive_directory_iterator(*root)) {
    if (entry.path().extension() != ".json") continue;
    doc::Sources sources;
    const std::string path = entry.path().string();
    const Result<Reading<doc::Document>> document = doc::read_json_file(sources, path);
    ASSERT_TRUE(document) << document.error().text();
    if (is_parameter_file(document->value.root)) {
      ++parameter_files;
    } else if (is_template(document->value.root)) {
      ++templates;
      std::deque<doc::Document> read;
      const auto root_at = [&](const std::string& file) {
        read.push_back(std::move(doc::read_json_file(sources, file).value().value));
        return &read.back().root;
      };
      const std::string parameters = find_parameter_file(path, document->value.root, root_at).value_or("");
      const Outcome outcome = expand_files(path, parameters, {});
      EXPECT_FALSE(outcome.failed) << path << "\n"
                                   << (outcome.diagnostics.empty() ? "" : outcome.diagnostics[0].text());
    } else {
      ++others;
    }
  }
  EXPECT_EQ(templates, 157);
  EXPECT_EQ(parameter_files, 49);
  EXPECT_EQ(others, 3);
}

TEST(ArmExpandCorpus, HandCheckedResourceLists) {
  const auto root = testing::corpora("templates/arm");
  if (!root) return;
  Arena arena;
  const Value lists =
      doc::parse_json(arena, testing::read_file(testing::source_root() / "tests/arm/corpus/expanded.json"))
          .value();
  EXPECT_GE(lists.size(), 20U);
  for (const doc::Member& member : lists.members()) {
    SCOPED_TRACE(std::string(member.name));
    ExpandOptions options;
    if (const auto scope = member.value.text_of("scope")) options.scope = Scope::parse(*scope);
    options.location = member.value.text_of("location").value_or("");
    const auto parameters = member.value.text_of("parameters");
    const Outcome outcome = expand_files(
        (*root / member.name).string(), parameters ? (*root / *parameters).string() : std::string(), options);
    ASSERT_FALSE(outcome.printed.empty());
    const Value printed = doc::parse_json(arena, outcome.printed).value();
    std::vector<std::string> got;
    for (const Value& entry : printed.find("resources")->items())
      if (deployed(entry))
        got.push_back(lower(*entry.text_of("type")) + " " + std::string(*entry.text_of("name")));
    EXPECT_EQ(static_cast<std::int64_t>(got.size()), member.value.find("count")->as_int());
    std::size_t at = 0;
    for (const Value& pair : member.value.find("resources")->items()) {
      if (at >= got.size()) break;
      const std::string type = lower(pair.items()[0].as_string());
      const std::string_view name = pair.items()[1].as_string();
      if (name == "$any") {
        EXPECT_EQ(got[at].substr(0, got[at].find(' ')), type) << at;
      } else {
        EXPECT_EQ(got[at], type + " " + std::string(name)) << at;
      }
      ++at;
    }
  }
}

}  // namespace
}  // namespace redoubt::arm
