#include "kql/detail/completion_list.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/text.h"
#include "kql/detail/characters.h"
#include "kql/lexer.h"
#include "kql/signature_text.h"

namespace redoubt::kql::detail {

namespace {

/// How far a label is from the word: 0 begins with it, 1 in another case, 2 contains it; 3: has nothing of
/// it.
int distance(std::string_view label, std::string_view word) {
  if (label.starts_with(word)) return 0;
  if (starts_with_any_case(label, word)) return 1;
  return word.size() > 1 && find_ignore_case(label, word) != std::string_view::npos ? 2 : 3;
}

bool stands_alone(std::string_view name) {
  if (name.empty() || word_size(name) != name.size() || is_digit(name.front())) return false;
  const std::vector<Token> tokens = tokenize(name);
  return tokens.front().kind == TokenKind::Identifier || may_be_name(tokens.front().kind);
}

bool is_name(CompletionKind kind) {
  return kind == CompletionKind::Table || kind == CompletionKind::Column || kind == CompletionKind::Variable;
}

CompletionKind completion_kind(FunctionKind kind) {
  if (kind == FunctionKind::Aggregate) return CompletionKind::Aggregate;
  return kind == FunctionKind::Plugin ? CompletionKind::Plugin : CompletionKind::Function;
}

}  // namespace

void CompletionList::add(CompletionKind kind, std::string_view label, std::string detail,
                         std::string insert) {
  if (quote_ != 0 && !is_name(kind)) return;
  const int far = distance(label, word_);
  if (far > 2 || !seen_.insert(fmt::format("{}\n{}", static_cast<int>(kind), label)).second) return;
  if (insert.empty()) insert = label;
  items_.push_back({far, {std::string(label), kind, std::move(detail), std::move(insert)}});
}

void CompletionList::add_name(CompletionKind kind, std::string_view name, std::string detail) {
  if (distance(name, word_) > 2) return;
  if (quote_ == 0 && stands_alone(name)) return add(kind, name, std::move(detail));
  const std::string quote(1, quote_ == 0 ? '\'' : quote_);
  const std::string quoted = replace_all(replace_all(name, "\\", "\\\\"), quote, "\\" + quote);
  add(kind, name, std::move(detail), quote_ == 0 ? fmt::format("['{}']", quoted) : quoted);
}

void CompletionList::add_functions(FunctionKind kind) {
  for (const Function& row : functions(kind)) {
    if (row.hidden || distance(row.name, word_) > 2) continue;
    bool bare = true;
    for (const Signature& signature : row.signatures)
      bare = bare && signature.parameters.empty();
    add(completion_kind(kind), row.name, signature_text(row, row.signatures.front()),
        fmt::format("{}{}", row.name, bare ? "()" : "("));
  }
}

void CompletionList::add_types() {
  for (std::size_t type = 1; type < kTypes; ++type)
    add(CompletionKind::Type, type_name(static_cast<Type>(type)), {});
}

std::vector<CompletionItem> CompletionList::take() {
  std::ranges::stable_sort(items_, {}, &Ranked::distance);
  std::vector<CompletionItem> out;
  out.reserve(items_.size());
  for (Ranked& one : items_)
    out.push_back(std::move(one.item));
  return out;
}

}  // namespace redoubt::kql::detail
