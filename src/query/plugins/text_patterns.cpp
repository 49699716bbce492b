#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "core/text.h"
#include "query/detail/patterns.h"

namespace redoubt::query::detail {

// Source: Kusto Query Language reference, "diffpatterns_text plugin"; form and order of the patterns are
// those of its example, since the reference leaves them open.

namespace {

using kql::Value;

/// Patterns are looked for in so many words from the beginning of a text.
constexpr std::int64_t kMostWords = 20;

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> out;
  while (!(text = trim(text)).empty()) {
    const std::size_t end = std::min(text.find_first_of(" \t\r\n\f\v"), text.size());
    out.push_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  return out;
}

/// Texts as rows of words: the dimensions are the places of words.
struct WordRows {
  explicit WordRows(std::size_t places) : words(places), ends(places, Pattern::kAny), numbers_(places) {
    rows.values.resize(places);
  }

  PatternRows rows;
  std::vector<std::vector<std::string>> words;  ///< by place, then by value
  /// By place the value of texts that have no word there; kAny: there are none.
  std::vector<std::uint32_t> ends;

  void add(std::string_view text) {
    rows.counts.emplace_back();
    const std::vector<std::string_view> all = words_of(text);
    for (std::size_t i = 0; i < words.size(); ++i) {
      const std::string word(i < all.size() ? all[i] : std::string_view());
      const auto [number, is_new] =
          numbers_[i].try_emplace(word, static_cast<std::uint32_t>(numbers_[i].size()));
      if (is_new) words[i].push_back(word);
      if (word.empty()) ends[i] = number->second;
      rows.values[i].push_back(number->second);
    }
  }

 private:
  std::vector<std::unordered_map<std::string, std::uint32_t>> numbers_;
};

/// Equal texts are one row; set 0 are those of which the condition is true, 1 those of which it is false.
Result<WordRows> word_rows(const PluginCall& call, std::size_t places) {
  const std::shared_ptr<const Cells> texts = RD_TRY(call.cells("TextColumn"));
  const std::shared_ptr<const Cells> conditions = RD_TRY(call.cells("BooleanCondition"));
  if (texts == nullptr || conditions == nullptr)
    return refused("diffpatterns_text needs texts and a condition");
  WordRows out(places);
  std::unordered_map<std::string, std::size_t> known;
  for (std::size_t row = 0; row < call.rows(); ++row) {
    RD_TRY(keep_going(call.operation(), row));
    const Value condition = kql::convert((*conditions)[row], kql::Type::Bool);
    if (condition.is_null()) continue;
    const std::string text = kql::to_text((*texts)[row]);
    const auto [found, added] = known.try_emplace(text, known.size());
    if (added) {
      RD_TRY(call.budget().spend(places));
      out.add(text);
    }
    const std::size_t set = condition.as_bool() ? 0 : 1;
    out.rows.counts[found->second][set] += 1;
    out.rows.totals[set] += 1;
  }
  return out;
}

double share_of(const Pattern& pattern, const PatternRows& rows, std::size_t set) {
  return rows.totals[set] > 0 ? pattern.counts[set] / rows.totals[set] : 0;
}

/// Above 0: it is more of the rows of which the condition is true.
double difference(const Pattern& pattern, const PatternRows& rows) {
  return share_of(pattern, rows, 0) - share_of(pattern, rows, 1);
}

/// `a * c *`: the last star is for all words that may follow.
std::string text_of(const Pattern& pattern, const WordRows& texts) {
  std::string out;
  std::size_t written = 0;
  for (std::size_t i = 0; i < pattern.values.size(); ++i) {
    const std::uint32_t value = pattern.values[i];
    if (value == Pattern::kAny) continue;
    if (value == texts.ends[i]) return written < i ? out + " *" : out;
    for (; written < i; ++written)
      out += out.empty() ? "*" : " *";
    out += (out.empty() ? "" : " ") + texts.words[i][value];
    written = i + 1;
  }
  return written < pattern.values.size() ? out + " *" : out;
}

std::size_t words_in(const Pattern& pattern, const WordRows& texts) {
  std::size_t out = 0;
  for (std::size_t i = 0; i < pattern.values.size(); ++i)
    out += pattern.values[i] != Pattern::kAny && pattern.values[i] != texts.ends[i] ? 1U : 0U;
  return out;
}

/// Those that tell the sets apart; of such as say more or less of the same the best alone.
Result<std::vector<Pattern>> telling(const PluginCall& call, const WordRows& texts, double threshold,
                                     std::size_t least) {
  std::vector<Pattern> all =
      RD_TRY(frequent_patterns(call.budget(), texts.rows, threshold, texts.rows.values.size()));
  std::erase_if(all, [&](const Pattern& one) {
    return std::abs(difference(one, texts.rows)) < threshold || words_in(one, texts) < least;
  });
  std::stable_sort(all.begin(), all.end(), [&](const Pattern& a, const Pattern& b) {
    return std::abs(difference(a, texts.rows)) > std::abs(difference(b, texts.rows));
  });
  std::vector<Pattern> kept;
  for (const Pattern& one : all) {
    RD_TRY(call.budget().spend(kept.size()));
    const bool is_said = std::any_of(kept.begin(), kept.end(), [&](const Pattern& other) {
      return other.is_part_of(one) || one.is_part_of(other);
    });
    if (!is_said) kept.push_back(one);
  }
  std::stable_sort(kept.begin(), kept.end(), [&](const Pattern& a, const Pattern& b) {
    return difference(a, texts.rows) > difference(b, texts.rows);
  });
  return kept;
}

Result<Table> diffpatterns_text(const PluginCall& call) {
  constexpr double kThreshold = 0.05;
  const std::int64_t least = RD_TRY(call.whole("MinTokens", 1));
  const double threshold = RD_TRY(call.real("Threshold", kThreshold));
  const std::int64_t most = RD_TRY(call.whole("MaxTokens", kMostWords));
  const auto places = static_cast<std::size_t>(std::clamp<std::int64_t>(most, 1, kMostWords));
  const WordRows texts = RD_TRY(word_rows(call, places));
  const std::vector<Pattern> patterns =
      RD_TRY(telling(call, texts, threshold, static_cast<std::size_t>(std::max<std::int64_t>(least, 1))));
  std::vector<Cells> cells(5);
  for (const Pattern& one : patterns) {
    for (std::size_t set = 0; set < 2; ++set) {
      cells[set].push_back(Value::of_long(std::llround(one.counts[set])));
      cells[set + 2].push_back(Value::of_real(100.0 * share_of(one, texts.rows, set)));
    }
    cells[4].push_back(Value::of_string(text_of(one, texts)));
  }
  PluginTable out(call, patterns.size());
  for (Cells& one : cells)
    out.add(std::move(one));
  return std::move(out).table();
}

constexpr PluginRow kRows[] = {{"diffpatterns_text", diffpatterns_text}};

}  // namespace

PluginRows text_plugins() { return kRows; }

}  // namespace redoubt::query::detail
