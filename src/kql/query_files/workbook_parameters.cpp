#include "kql/detail/workbook_parameters.h"

#include <algorithm>
#include <optional>

#include "core/text.h"
#include "kql/detail/characters.h"
#include "kql/lexer.h"

namespace redoubt::kql::detail {

namespace {

constexpr std::string_view kWord = "x";
constexpr std::int64_t kTimeRange = 4;  // the number of the type

struct Format {
  std::string_view name;  ///< behind the colon
  std::string_view value;
};
/// What a range of time becomes in a query.
constexpr Format kTimes[] = {{"", "> ago(1d)"},
                             {"value", "> ago(1d)"},
                             {"query", "> ago(1d)"},
                             {"start", "datetime(2024-01-01)"},
                             {"end", "datetime(2024-01-02)"},
                             {"startISO", "2024-01-01T00:00:00.000Z"},
                             {"endISO", "2024-01-02T00:00:00.000Z"},
                             {"grain", "30m"},
                             {"seconds", "86400"},
                             {"durationMs", "86400000"},
                             {"label", "x"}};
constexpr std::string_view kListFormats[] = {"", "value", "escape"};

WorkbookParameter parameter_of(const doc::Value& declared) {
  WorkbookParameter out;
  const doc::Value* const type = declared.find("type");
  if (type != nullptr && type->is_int() && type->as_int() == kTimeRange)
    out.kind = WorkbookParameter::Kind::Time;
  const doc::Value* const several = declared.find("multiSelect");
  out.quote = declared.text_of("quote").value_or("");
  if (several != nullptr && several->is_bool() && several->as_bool() && !out.quote.empty())
    out.kind = WorkbookParameter::Kind::List;
  return out;
}

void add_declared(const doc::Value& object, WorkbookParameters& out) {
  if (const doc::Value* const list = object.find("parameters"); list != nullptr && list->is_array())
    for (const doc::Value& one : list->items())
      if (const auto name = one.is_object() ? one.text_of("name") : std::nullopt)
        out.insert_or_assign(std::string(*name), parameter_of(one));
  if (object.text_of("linkTarget") == "parameter")
    if (const auto name = object.text_of("cellValue")) out.try_emplace(std::string(*name));
  for (const char* key : {"exportParameterName", "parameterName"})
    if (const auto name = object.text_of(key)) out.try_emplace(std::string(*name));
}

/// `{name}` or `{name:format}`.
struct Use {
  std::size_t size = 0;
  std::string_view name;
  std::string_view format;
};

std::optional<Use> use_at(std::string_view text) {
  std::size_t end = 1;
  while (end < text.size() && (is_letter(text[end]) || is_digit(text[end]) || text[end] == '_'))
    ++end;
  if (end == 1 || end == text.size()) return std::nullopt;
  Use out{.name = text.substr(1, end - 1)};
  if (text[end] == ':') {
    const std::size_t close = text.find_first_of("{}\"'\r\n ", end);
    if (close == std::string_view::npos || text[close] != '}') return std::nullopt;
    out.format = text.substr(end + 1, close - end - 1);
    end = close;
  }
  if (text[end] != '}') return std::nullopt;
  out.size = end + 1;
  return out;
}

/// Puts values in place, and keeps the way back.
class Completion {
 public:
  Completion(std::string_view query, const WorkbookParameters& parameters)
      : query_(query), parameters_(parameters), tokens_(tokenize(query)) {}

  CompletedQuery run() {
    for (std::size_t at = 0; at < query_.size();) {
      const std::optional<Use> use = query_[at] == '{' ? use_at(query_.substr(at)) : std::nullopt;
      const std::optional<std::string> value = use ? value_of(*use, at) : std::nullopt;
      if (!value) {
        out_.text += query_[at++];
        continue;
      }
      if (steps_.empty()) steps_.push_back({0, 0});
      step(at);
      out_.text += *value;
      at += use->size;
      step(at);
    }
    if (steps_.empty()) {
      out_.map = TextMap::part(0, query_.size());
      return std::move(out_);
    }
    step(query_.size());
    out_.map = TextMap(std::move(steps_));
    return std::move(out_);
  }

 private:
  void step(std::size_t at) {
    const TextMap::Step next{static_cast<std::uint32_t>(out_.text.size()), static_cast<std::uint32_t>(at)};
    if (steps_.back().from == next.from)
      steps_.back() = next;
    else
      steps_.push_back(next);
  }

  /// The place lies in a text, or in a comment.
  bool in_text(std::size_t at) {
    while (token_ + 1 < tokens_.size() && tokens_[token_].end() <= at)
      ++token_;
    const Token& token = tokens_[token_];
    return token.offset > at || token.kind == TokenKind::StringLiteral;
  }

  bool behind(std::string_view word) const { return trim(out_.text).ends_with(word); }

  /// Nothing: the braces are the query's own.
  std::optional<std::string> value_of(const Use& use, std::size_t at) {
    const auto known = parameters_.find(use.name);
    if (known == parameters_.end()) return std::nullopt;
    if (in_text(at)) return std::string(kWord);
    using Kind = WorkbookParameter::Kind;
    if (known->second.kind == Kind::Time) return time_of(use);
    const bool listed = known->second.kind == Kind::List;
    if (listed && std::ranges::find(kListFormats, use.format) != std::end(kListFormats))
      return known->second.quote + std::string(kWord) + known->second.quote;
    if (std::ranges::find(out_.open, use.name) == out_.open.end()) out_.open.emplace_back(use.name);
    return "{" + std::string(use.name) + "}";
  }

  /// `datetime({TimeRange:start})` has the text of a time in it already.
  std::string time_of(const Use& use) const {
    const auto* const found = std::ranges::find(kTimes, use.format, &Format::name);
    std::string_view value = found == std::end(kTimes) ? kTimes[0].value : found->value;
    constexpr std::string_view kLiteral = "datetime(";
    if (value.starts_with(kLiteral) && behind(kLiteral) && !behind("todatetime("))
      value = value.substr(kLiteral.size(), value.size() - kLiteral.size() - 1);
    return std::string(value);
  }

  std::string_view query_;
  const WorkbookParameters& parameters_;
  std::vector<Token> tokens_;
  std::size_t token_ = 0;
  std::vector<TextMap::Step> steps_;
  CompletedQuery out_;
};

}  // namespace

WorkbookParameters workbook_parameters(const doc::Value& workbook) {
  WorkbookParameters out;
  std::vector<const doc::Value*> open{&workbook};
  while (!open.empty()) {
    const doc::Value& value = *open.back();
    open.pop_back();
    if (value.is_object()) {
      add_declared(value, out);
      for (const doc::Member& member : value.members())
        if (member.value.is_container()) open.push_back(&member.value);
    } else if (value.is_array()) {
      for (const doc::Value& item : value.items())
        if (item.is_container()) open.push_back(&item);
    }
  }
  return out;
}

CompletedQuery complete_query(std::string_view query, const WorkbookParameters& parameters) {
  return Completion(query, parameters).run();
}

}  // namespace redoubt::kql::detail
