#include "kql/format.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <sstream>
#include <string>
#include <vector>

#include "core/arena.h"
#include "doc/json.h"
#include "kql/detail/comments.h"
#include "kql/lexer.h"
#include "testing/cases.h"
#include "testing/paths.h"

namespace redoubt::kql {
namespace {

/// Every token with its kind, and every comment, in order: what formatting must not change.
std::vector<std::string> content_of(std::string_view text) {
  std::vector<std::string> out;
  for (const Token& token : tokenize(text)) {
    const std::string_view leading = text.substr(token.offset - token.leading, token.leading);
    for (const detail::Comment& comment : detail::read_leading(leading, out.empty()).comments)
      out.emplace_back(comment.text);
    out.push_back(std::to_string(static_cast<int>(token.kind)) + " " +
                  std::string(text.substr(token.offset, token.size)));
  }
  return out;
}

/// Empty when what was formatted is the same query, and formatting it again changes nothing.
std::string mistake_of(std::string_view query, const std::string& formatted, const FormatOptions& options) {
  if (content_of(query) != content_of(formatted)) return "tokens or comments differ";
  const Result<std::string> again = format(formatted, options);
  if (!again) return "what was formatted is refused: " + again.error().text();
  if (*again != formatted) return "formatting again gives:\n" + *again;
  if (formatted.find("\n\n\n") != std::string::npos && query.find("```") == std::string::npos)
    return "two empty lines";
  return {};
}

/// On lines so short that everything breaks, too.
std::string render(std::string_view query) {
  const Result<std::string> formatted = format(query);
  if (!formatted) return formatted.error().text();
  std::string mistake = mistake_of(query, *formatted, {});
  const FormatOptions narrow{.width = 24, .indent = 2, .limits = {}};
  if (mistake.empty()) mistake = mistake_of(query, format(query, narrow).value_or(""), narrow);
  return mistake.empty() ? *formatted : *formatted + "MISTAKE: " + mistake;
}

[[maybe_unused]] const bool registered =
    testing::register_cases("KqlFormat", "tests/kql/cases/format", render);

std::string repeated(std::string_view first, std::string_view more, std::size_t times) {
  std::string out(first);
  for (std::size_t i = 0; i < times; ++i)
    out += more;
  return out;
}

TEST(KqlFormat, LongChainsAreFormatted) {
  constexpr std::size_t kTimes = 100'000;
  const std::vector<std::string> queries = {
      repeated("T", "|where a==1", kTimes),        repeated("print 1", "+1", kTimes),
      repeated("T|where a", " and a", kTimes),     repeated("T|where a", " or a and b", kTimes),
      repeated("print a", ".b", kTimes),           repeated("print a", "[1]", kTimes),
      repeated("T|project a", ",a", kTimes),       repeated("T", "// comment\n", kTimes),
      repeated("print 'a'", " 'a'", kTimes),       repeated("print dynamic([1", ",1", kTimes) + "])",
      repeated("let a = 1;", "let a = 1;", kTimes)};
  for (const std::string& query : queries) {
    const Result<std::string> formatted = format(query);
    ASSERT_TRUE(formatted) << query.substr(0, 40) << formatted.error().text();
    EXPECT_EQ(mistake_of(query, *formatted, {}), "") << query.substr(0, 40);
  }
}

TEST(KqlFormat, DeepQueriesAreFormattedUpToTheLimit) {
  const auto nested = [](std::size_t levels) {
    return "print " + std::string(levels, '(') + "a" + std::string(levels, ')');
  };
  const FormatOptions narrow{.width = 1, .indent = 4, .limits = {}};
  for (const FormatOptions& options : {FormatOptions{}, narrow}) {
    const std::string query = nested(200);
    const Result<std::string> formatted = format(query, options);
    ASSERT_TRUE(formatted) << formatted.error().text();
    EXPECT_EQ(mistake_of(query, *formatted, options), "");
  }
  const Result<std::string> too_deep = format(nested(100'000));
  ASSERT_FALSE(too_deep);
  EXPECT_EQ(too_deep.error().code, "KQL0301");
}

TEST(KqlFormat, LongerTextsThanTheLimitAreRefused) {
  FormatOptions options;
  options.limits.max_bytes = 7;
  EXPECT_EQ(format("print 1", options).value_or(""), "print 1\n");
  EXPECT_EQ(format("print 10", options).error().code, "KQL0301");
}

/// A comment in front of every `step`th token that has blanks there, now behind the last token, now on a line
/// of its own.
std::string with_comments(std::string_view query, std::size_t step) {
  std::string out;
  std::size_t count = 0;
  for (const Token& token : tokenize(query)) {
    out += query.substr(token.offset - token.leading, token.leading);
    if (token.leading != 0 && ++count % step == 0) {
      if (count % 2 == 0) out += '\n';
      out += "// " + std::to_string(count) + '\n';
      if (count % 3 == 0) out += '\n';
    }
    out += query.substr(token.offset, token.size);
  }
  return out;
}

struct Score {
  std::size_t queries = 0;
  std::size_t refused = 0;
};

/// Formats the query of every line that `wanted` takes; with comments put into it, too, where those are asked
/// for.
template <class Wanted>
Score format_corpus(const std::filesystem::path& file, Wanted wanted, const FormatOptions& options,
                    bool comments = false) {
  Score score;
  std::istringstream lines(testing::read_file(file));
  for (std::string line; std::getline(lines, line);) {
    Arena arena;
    const Result<doc::Value> row = doc::parse_json(arena, line);
    if (!row || !wanted(*row)) continue;
    ++score.queries;
    const std::string_view query = row->find("query")->as_string();
    const Result<std::string> formatted = format(query, options);
    if (!formatted) {
      ++score.refused;
      const std::string& code = formatted.error().code;
      EXPECT_TRUE(code == "KQL0301" || code == "KQL0305") << code << " " << *row->text_of("id");
      continue;
    }
    EXPECT_EQ(mistake_of(query, *formatted, options), "") << *row->text_of("id") << "\n" << *formatted;
    for (std::size_t step = 1; comments && step < 6; step += 2) {
      const std::string commented = with_comments(*formatted, step);
      EXPECT_EQ(mistake_of(commented, format(commented, options).value_or(""), options), "") << commented;
    }
  }
  return score;
}

const FormatOptions kNarrow{.width = 40, .indent = 4, .limits = {}};

TEST(KqlCorpus, RealQueriesKeepTheirTokensWhenFormatted) {
  const auto path = testing::corpora("kql/real-queries.jsonl");
  if (!path) return;
  const auto accepted = [](const doc::Value& row) { return row.find("syntax_ok")->as_bool(); };
  for (const FormatOptions& options : {FormatOptions{}, kNarrow}) {
    const Score score = format_corpus(*path, accepted, options);
    std::printf("real queries formatted: %zu of %zu\n", score.queries - score.refused, score.queries);
    EXPECT_EQ(score.queries, 9'565U);
    EXPECT_LE(score.refused, 8U) << "commands such as .show";
  }
}

TEST(KqlCorpus, ExamplesOfTheReferenceKeepTheirTokensWhenFormatted) {
  const auto path = testing::corpora("kql/docs-examples.jsonl");
  if (!path) return;
  const auto all = [](const doc::Value&) { return true; };
  for (const FormatOptions& options : {FormatOptions{}, kNarrow}) {
    const Score score = format_corpus(*path, all, options, true);
    std::printf("examples formatted: %zu of %zu\n", score.queries - score.refused, score.queries);
    EXPECT_EQ(score.queries, 854U);
    EXPECT_LE(score.refused, 9U) << "commands, and examples that are cut";
  }
}

}  // namespace
}  // namespace redoubt::kql
