#include <algorithm>
#include <unordered_map>

#include "query/detail/plugin.h"

namespace redoubt::query::detail {

// Source: Kusto Query Language reference, "reduce operator", and the paper that it names: R. Vaarandi, "A
// Data Clustering Algorithm for Mining Patterns From Event Logs" (2003). A word is told by its place in the
// text; words that are in few texts become `*`, and texts that are then the same are a group. Where the paper
// is silent, the engine's answers: a number is never a part of a pattern, a separator that `characters` adds
// is not shown beside a `*`, and groups that are too small are `others`.

namespace {

using kql::Value;

constexpr double kDefaultThreshold = 0.1;

/// A word of a text, and the separators in front of it. The last one of a text has no word.
struct Word {
  std::string_view gap;
  std::string_view text;
};

bool is_alphanumeric(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         static_cast<unsigned char>(c) >= 0x80;
}

/// What tells words apart.
struct Separators {
  std::string added;

  bool is_added(char c) const { return added.find(c) != std::string::npos; }
  bool holds(char c) const { return !is_alphanumeric(c) || is_added(c); }
};

std::vector<Word> words_of(std::string_view text, const Separators& separators) {
  std::vector<Word> out;
  std::size_t at = 0;
  while (at < text.size() || out.empty() || !out.back().text.empty()) {
    const std::size_t begin = at;
    while (at < text.size() && separators.holds(text[at]))
      ++at;
    const std::size_t word = at;
    while (at < text.size() && !separators.holds(text[at]))
      ++at;
    out.push_back({text.substr(begin, word - begin), text.substr(word, at - word)});
  }
  return out;
}

bool is_number(std::string_view word) {
  return !word.empty() && std::all_of(word.begin(), word.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// How many texts have a word at a place.
class WordCounts {
 public:
  void add(std::size_t place, std::string_view word) { ++counts_[key(place, word)]; }
  std::size_t count(std::size_t place, std::string_view word) const {
    const auto found = counts_.find(key(place, word));
    return found == counts_.end() ? 0 : found->second;
  }

 private:
  static std::string key(std::size_t place, std::string_view word) {
    return std::to_string(place) + ":" + std::string(word);
  }
  std::unordered_map<std::string, std::size_t> counts_;
};

/// Separators between two words, of which either may be a `*`.
void append_gap(std::string& out, std::string_view gap, bool beside_star, const Separators& separators) {
  for (const char c : gap)
    if (!beside_star || !separators.is_added(c)) out += c;
}

/// The pattern of a text; empty: none of its words is in enough texts.
std::string pattern_of(const std::vector<Word>& words, const WordCounts& counts, double least,
                       const Separators& separators) {
  std::string out;
  bool has_word = false;
  bool after_star = false;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const Word& word = words[i];
    const bool is_star = !word.text.empty() &&
                         (is_number(word.text) || static_cast<double>(counts.count(i, word.text)) <= least);
    append_gap(out, word.gap, is_star || after_star, separators);
    out += is_star ? "*" : word.text;
    has_word = has_word || (!is_star && !word.text.empty());
    after_star = is_star;
  }
  return has_word ? out : std::string();
}

struct Group {
  std::string pattern;
  std::size_t count = 0;
  std::string representative;
};

struct Reduction {
  std::vector<Group> groups;
  std::vector<std::size_t> of_row;
};

Result<Reduction> reduced(Operation& operation, const Cells& texts, double threshold,
                          const Separators& separators) {
  const double least = threshold * static_cast<double>(texts.size());
  WordCounts counts;
  std::vector<std::string> rows;
  for (const Value& text : texts)
    rows.push_back(kql::to_text(text));
  for (const std::string& row : rows) {
    const std::vector<Word> words = words_of(row, separators);
    RD_TRY(operation.budget().spend(words.size()));
    for (std::size_t i = 0; i < words.size(); ++i)
      counts.add(i, words[i].text);
  }
  Reduction out;
  std::unordered_map<std::string, std::size_t> numbers;
  for (std::size_t row = 0; row < rows.size(); ++row) {
    RD_TRY(keep_going(operation, row));
    std::string pattern = pattern_of(words_of(rows[row], separators), counts, least, separators);
    const auto [found, added] = numbers.try_emplace(pattern, out.groups.size());
    if (added) out.groups.push_back({std::move(pattern), 0, rows[row]});
    ++out.groups[found->second].count;
    out.of_row.push_back(found->second);
  }
  return out;
}

/// Groups that are too small go into one that is called so.
void gather_others(Reduction& reduction, double least) {
  Group others{"others", 0, ""};
  std::vector<Group> kept;
  std::vector<std::size_t> numbers;
  for (Group& group : reduction.groups) {
    const bool fits = !group.pattern.empty() && static_cast<double>(group.count) > least;
    numbers.push_back(fits ? kept.size() : SIZE_MAX);
    if (fits)
      kept.push_back(std::move(group));
    else
      others.count += group.count;
  }
  for (std::size_t& number : reduction.of_row)
    number = std::min(numbers[number], kept.size());
  if (others.count > 0) kept.push_back(others);
  reduction.groups = std::move(kept);
}

/// The groups, the largest first, or one for each row.
Table table_of(const Operation& operation, const Reduction& reduction) {
  const bool by_row = operation.option("kind") == "source";
  std::vector<std::size_t> order = reduction.of_row;
  if (!by_row) {
    order = all_rows(reduction.groups.size());
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
      return reduction.groups[a].count > reduction.groups[b].count;
    });
  }
  std::vector<Cells> cells(3);
  for (const std::size_t number : order) {
    const Group& group = reduction.groups[number];
    cells[0].push_back(Value::of_string(group.pattern));
    cells[1].push_back(Value::of_long(static_cast<std::int64_t>(group.count)));
    cells[2].push_back(Value::of_string(group.representative));
  }
  Table out = by_row ? operation.input : Table(order.size());
  const kql::ColumnList columns = operation.relation.columns;
  for (std::size_t i = 0; i < cells.size(); ++i)
    out.set(columns[columns.size() - cells.size() + i], std::make_shared<const Cells>(std::move(cells[i])));
  return out;
}

}  // namespace

Result<Table> reduce(Operation& operation) {
  const kql::Expression* const text = operation.argument(0);
  if (text == nullptr) return refused("reduce needs a text");
  const std::shared_ptr<const Cells> texts = RD_TRY(cells_of(operation.executor, {text}, operation.input));
  const std::optional<double> written = kql::read_real(operation.option("threshold").value_or(""));
  const double threshold = written.value_or(kDefaultThreshold);
  const Separators separators{std::string(operation.option("characters").value_or(""))};
  Reduction reduction = RD_TRY(reduced(operation, *texts, threshold, separators));
  gather_others(reduction, threshold * static_cast<double>(texts->size()));
  return table_of(operation, reduction);
}

}  // namespace redoubt::query::detail
