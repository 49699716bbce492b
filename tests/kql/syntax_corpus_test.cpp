#include <gtest/gtest.h>

#include <cstdio>
#include <string>
#include <vector>

#include "core/arena.h"
#include "doc/json.h"
#include "kql/parser.h"
#include "kql/tree_rules.h"
#include "testing/paths.h"

namespace redoubt::kql {
namespace {

struct Judged {
  std::string id;
  std::string query;
  bool ok = true;  ///< to the official parser
  bool asked = true;
};

/// The queries of a file of JSON Lines; without `verdict` all are taken to be right.
std::vector<Judged> judged_queries(std::string_view file, std::string_view verdict) {
  std::vector<Judged> out;
  const auto path = redoubt::testing::corpora(file);
  if (!path) return out;
  doc::Sources sources;
  const auto lines = doc::read_json_lines(sources, std::string(file), redoubt::testing::read_file(*path));
  for (const doc::Value& row : lines.value.rows) {
    const doc::Value* const ok = verdict.empty() ? nullptr : row.find(verdict);
    out.push_back({std::string(*row.text_of("id")), std::string(*row.text_of("query")),
                   ok == nullptr || ok->as_bool(), verdict.empty() || ok != nullptr});
  }
  return out;
}

struct Score {
  std::size_t accepted = 0;
  std::size_t accepted_of = 0;
  std::size_t refused = 0;
  std::size_t refused_of = 0;
};

Score score(std::string_view name, const std::vector<Judged>& queries) {
  Score out;
  for (const Judged& one : queries) {
    if (!one.asked) continue;
    const Syntax syntax = parse(one.query);
    EXPECT_EQ(broken_rule(syntax, ParseLimits().max_problems), "") << one.id;
    const bool ok = !syntax.has_errors();
    (one.ok ? out.accepted_of : out.refused_of) += 1;
    if (ok == one.ok) (one.ok ? out.accepted : out.refused) += 1;
    if (ok != one.ok) std::printf("  %s %s\n", one.id.c_str(), ok ? "accepted" : "refused");
  }
  std::printf("%.*s: accepted %zu of %zu, refused %zu of %zu\n", static_cast<int>(name.size()), name.data(),
              out.accepted, out.accepted_of, out.refused, out.refused_of);
  return out;
}

TEST(CorpusKqlSyntax, RealQueries) {
  const auto queries = judged_queries("kql/real-queries.jsonl", "syntax_ok");
  if (queries.empty()) return;
  const Score got = score("real queries", queries);
  EXPECT_GE(got.accepted, 9565U);
  EXPECT_GE(got.refused, 217U);  // one is several management commands, which are not looked into
}

TEST(CorpusKqlSyntax, ExamplesOfTheReference) {
  const auto queries = judged_queries("kql/docs-examples.jsonl", "");
  if (queries.empty()) return;
  EXPECT_GE(score("examples", queries).accepted, 850U);  // the official parser refuses the other four, too
}

TEST(CorpusKqlSyntax, Reports) {
  const auto queries = judged_queries("reports/kql/syntax.jsonl", "syntax_ok");
  if (queries.empty()) return;
  const Score got = score("reports", queries);
  EXPECT_EQ(got.accepted + got.refused, got.accepted_of + got.refused_of);
  EXPECT_GE(got.accepted + got.refused, 71U);
}

/// Wherever a query is cut off, its tokens are what is left and its tree is sound.
TEST(CorpusKqlSyntax, CutQueries) {
  const auto queries = judged_queries("kql/real-queries.jsonl", "syntax_ok");
  std::size_t cut = 0;
  for (std::size_t i = 0; i < queries.size(); i += queries.size() / 300)
    for (std::size_t size = 0; size < queries[i].query.size(); size += 37, ++cut) {
      const Syntax syntax = parse(std::string_view(queries[i].query).substr(0, size));
      ASSERT_EQ(broken_rule(syntax, ParseLimits().max_problems), "") << queries[i].id << " at " << size;
    }
  std::printf("queries cut off: %zu\n", cut);
}

}  // namespace
}  // namespace redoubt::kql
