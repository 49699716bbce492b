#include "query/detail/parse_pairs.h"

#include "core/text.h"
#include "core/utf8.h"

namespace redoubt::query::detail {

namespace {

bool at(std::string_view text, std::size_t place, std::string_view sought) {
  return !sought.empty() && text.substr(place).starts_with(sought);
}

/// Goes through a text from its front.
class PairReader {
 public:
  PairReader(std::string_view text, const PairSyntax& syntax)
      : text_(text), syntax_(syntax), unclosed_(syntax.quotes.size()) {}

  std::vector<Pair> by_delimiters() {
    while (place_ < text_.size())
      read_pair();
    end_value();
    return std::move(out_);
  }

  /// Words and quoted texts: what stands behind a key is its value.
  std::vector<Pair> by_words() {
    std::vector<std::string> words;
    while (place_ < text_.size())
      if (std::optional<std::string> word = next_word()) words.push_back(std::move(*word));
    for (std::size_t i = 0; i + 1 < words.size(); ++i)
      out_.emplace_back(words[i], words[i + 1]);
    return std::move(out_);
  }

 private:
  struct Item {
    std::string text;
    bool quoted = false;
  };

  void read_pair() {
    const std::size_t begin = place_;
    Item key = read_item(true);
    if (!at(text_, place_, syntax_.kv_delimiter)) {
      if (syntax_.greedy && !out_.empty() && !quoted_)
        out_.back().second +=
            std::string(syntax_.pair_delimiter) + std::string(text_.substr(begin, place_ - begin));
      place_ += syntax_.pair_delimiter.size();
      return;
    }
    end_value();
    place_ += syntax_.kv_delimiter.size();
    Item value = read_item(false);
    place_ += syntax_.pair_delimiter.size();
    quoted_ = value.quoted;
    out_.emplace_back(key.quoted ? std::move(key.text) : std::string(trim(key.text)), std::move(value.text));
  }

  /// Nothing more is added to the last value.
  void end_value() {
    if (!out_.empty() && !quoted_) out_.back().second = std::string(trim(out_.back().second));
  }

  bool ends(bool of_key) const {
    return at(text_, place_, syntax_.pair_delimiter) || (of_key && at(text_, place_, syntax_.kv_delimiter));
  }

  /// Up to a delimiter or the end.
  Item read_item(bool of_key) {
    const std::size_t begin = place_;
    while (place_ < text_.size() && !ends(of_key) && (text_[place_] == ' ' || text_[place_] == '\t'))
      ++place_;
    Item out;
    if (std::optional<std::string> quoted = read_quoted()) out = {std::move(*quoted), true};
    const std::size_t from = out.quoted ? place_ : begin;
    while (place_ < text_.size() && !ends(of_key))
      ++place_;
    if (!out.quoted) out.text = std::string(text_.substr(from, place_ - from));
    return out;
  }

  /// Nothing: no quote opens here, or none closes.
  std::optional<std::string> read_quoted() {
    for (std::size_t number = 0; number < syntax_.quotes.size(); ++number) {
      const PairSyntax::Quote& quote = syntax_.quotes[number];
      if (unclosed_[number] || !at(text_, place_, quote.open)) continue;
      std::string out;
      for (std::size_t i = place_ + quote.open.size(); i < text_.size();) {
        const std::size_t escape = escape_at(i);
        if (escape == 0 && at(text_, i, quote.close)) {
          place_ = i + quote.close.size();
          return out;
        }
        i += escape;
        if (i < text_.size()) out += text_[i++];
      }
      unclosed_[number] = true;
    }
    return std::nullopt;
  }

  /// Bytes of an escape character.
  std::size_t escape_at(std::size_t place) const {
    for (const std::string_view escape : syntax_.escapes)
      if (at(text_, place, escape)) return escape.size();
    return 0;
  }

  std::optional<std::string> next_word() {
    if (std::optional<std::string> quoted = read_quoted()) return quoted;
    const std::size_t begin = place_;
    while (place_ < text_.size()) {
      const Utf8Character next = decode_utf8(text_, place_);
      const bool of_word = next.valid && is_letter_or_digit(next.code);
      if (!of_word && place_ > begin) break;
      place_ += next.bytes;
      if (!of_word) return std::nullopt;
    }
    return std::string(text_.substr(begin, place_ - begin));
  }

  std::string_view text_;
  const PairSyntax& syntax_;
  std::size_t place_ = 0;
  std::vector<Pair> out_;
  bool quoted_ = false;         ///< the last value is
  std::vector<bool> unclosed_;  ///< quotes that nothing closes from here on
};

std::vector<Pair> by_expression(std::string_view text, const kql::Pattern& pattern) {
  std::vector<Pair> out;
  kql::Pattern::Groups groups;
  for (std::size_t from = 0; from <= text.size() && pattern.find(text, from, groups);) {
    out.emplace_back(trim(groups[1].value_or("")), trim(groups[2].value_or("")));
    const auto end = static_cast<std::size_t>(groups[0]->data() + groups[0]->size() - text.data());
    from = groups[0]->empty() ? end + 1 : end;
  }
  return out;
}

}  // namespace

Result<PairSyntax> PairSyntax::of(std::span<const kql::Option> options) {
  PairSyntax out;
  for (const kql::Option& option : options) {
    const std::string_view value = option.value;
    if (option.name == "pair_delimiter") out.pair_delimiter = value;
    if (option.name == "kv_delimiter") out.kv_delimiter = value;
    if (option.name == "escape") out.escapes.push_back(value);
    if (option.name == "greedy") out.greedy = value == "true";
    if (option.name == "quote" && !value.empty()) {
      const std::size_t first = decode_utf8(value, 0).bytes;
      out.quotes.push_back({value.substr(0, first), first < value.size() ? value.substr(first) : value});
    }
    if (option.name == "regex") out.regex = RD_TRY(kql::Pattern::compile(value));
  }
  if (out.regex && out.regex->group_count() != 2)
    return fail(Error::Kind::InvalidInput, "QRY0006", "regex of parse-kv has two groups, a key and a value");
  return out;
}

std::vector<Pair> pairs_of(std::string_view text, const PairSyntax& syntax) {
  if (syntax.regex) return by_expression(text, *syntax.regex);
  const bool words = syntax.pair_delimiter.empty() && syntax.kv_delimiter.empty();
  PairReader reader(text, syntax);
  return words ? reader.by_words() : reader.by_delimiters();
}

}  // namespace redoubt::query::detail
