#include "estate/scope_tree.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "core/text.h"
#include "testing/cases.h"

namespace redoubt::estate {
namespace {

std::string_view word(const std::vector<std::string_view>& words, std::size_t at) {
  return at < words.size() && words[at] != "-" ? words[at] : std::string_view();
}

std::string rest_of(std::string_view line, std::string_view verb) {
  return std::string(trim(line.substr(verb.size())));
}

std::string answer(const ScopeTree& tree, std::string_view line) {
  if (line.starts_with("chain")) {
    std::string out;
    for (const std::string& scope : tree.chain(rest_of(line, "chain")))
      out += (out.empty() ? "" : " < ") + scope;
    return out;
  }
  if (line.starts_with("find")) {
    const ScopeNode* node = tree.find(rest_of(line, "find"));
    return node == nullptr ? "nothing"
                           : fmt::format("{} name {} parent {}", node->id, node->name,
                                         node->parent.empty() ? "-" : node->parent);
  }
  if (line.starts_with("parent")) return std::string(parent_scope(rest_of(line, "parent")));
  const std::vector<std::string_view> words = split(line, ' ');  // in SCOPE ABOVE
  return tree.lies_in(word(words, 1), word(words, 2)) ? "yes" : "no";
}

/// `group NAME PARENT DISPLAY_NAME` and `sub ID GROUP DISPLAY_NAME` fill the tree (`-` is nothing), then
/// `chain`, `find`, `parent` and `in` ask.
std::string render(std::string_view input) {
  ScopeTree tree;
  std::string out;
  bool finished = false;
  for (const std::string_view line : split(input, '\n')) {
    const std::vector<std::string_view> words = split(line, ' ');
    if (words[0] == "group") {
      tree.add_group(word(words, 1), word(words, 2), word(words, 3), {});
    } else if (words[0] == "sub") {
      tree.add_subscription(word(words, 1), word(words, 2), word(words, 3), {});
    } else if (!line.empty()) {
      if (!finished)
        for (const Diagnostic& one : tree.finish(doc::Sources()))
          out += fmt::format("{} {}\n", one.code, one.message);
      finished = true;
      out += fmt::format("{}: {}\n", line, answer(tree, line));
    }
  }
  return out;
}

[[maybe_unused]] const bool registered =
    redoubt::testing::register_cases("ScopeTree", "tests/estate/scope_tree", render);

TEST(ScopeTreeDepth, AHundredThousandLevelsAreWalkedOnce) {
  constexpr int kLevels = 100'000;
  ScopeTree tree;
  for (int i = kLevels; i-- > 0;)  // the deepest first
    tree.add_group(fmt::format("g{}", i), i == 0 ? std::string() : fmt::format("g{}", i - 1), {}, {});
  tree.add_subscription("aa", fmt::format("g{}", kLevels - 1), {}, {});
  const std::vector<Diagnostic> diagnostics = tree.finish(doc::Sources());
  ASSERT_EQ(diagnostics.size(), 1U);
  EXPECT_EQ(diagnostics[0].code, "EST0123");
  const std::vector<std::string> chain = tree.chain("/subscriptions/aa/resourceGroups/rg");
  EXPECT_EQ(chain.size(), kLevels + 3U);
  EXPECT_EQ(chain.back(), "/");
  EXPECT_TRUE(tree.lies_in("/subscriptions/aa", management_group_id("G0")));
}

TEST(ScopeTreeDepth, ACircleOfAHundredThousandIsCutOnce) {
  constexpr int kLevels = 100'000;
  ScopeTree tree;
  for (int i = 0; i < kLevels; ++i)
    tree.add_group(fmt::format("g{}", i), fmt::format("g{}", (i + 1) % kLevels), {}, {});
  const std::vector<Diagnostic> diagnostics = tree.finish(doc::Sources());
  ASSERT_EQ(diagnostics.size(), 2U);
  EXPECT_EQ(diagnostics[0].code, "EST0122");
  EXPECT_EQ(diagnostics[1].code, "EST0123");
  EXPECT_EQ(tree.chain(management_group_id("g5")).back(), "/");
}

TEST(ScopeTreeDepth, AScopeOfAMillionSlashesEnds) {
  const ScopeTree tree;
  EXPECT_LE(tree.chain(std::string(1'000'000, '/')).size(), 1U);
  std::string deep = "/providers/a";
  for (int i = 0; i < 2'000; ++i)
    deep += "/t/n";
  EXPECT_EQ(tree.chain(deep).size(), 2'001U);
}

}  // namespace
}  // namespace redoubt::estate
