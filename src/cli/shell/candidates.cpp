#include "cli/shell/candidates.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "core/text.h"
#include "report/terminal_text.h"

namespace redoubt::cli {

namespace {

constexpr std::size_t kListed = 15;  // half of a small window
constexpr std::size_t kWidestLabel = 40;
constexpr std::size_t kShortestLabel = 8;
constexpr std::size_t kWidth = 80;

using Items = std::vector<const kql::CompletionItem*>;

/// Those that begin with the word; where none does, all.
Items fitting(const kql::Completion& completion, std::string_view word) {
  Items out;
  for (const kql::CompletionItem& item : completion.items)
    if (starts_with_any_case(item.insert, word)) out.push_back(&item);
  if (!out.empty()) return out;
  for (const kql::CompletionItem& item : completion.items)
    out.push_back(&item);
  return out;
}

/// What all begin with, in the case of the first one, and no part of a character.
std::string_view common_beginning(const Items& items) {
  std::string_view out = items.front()->insert;
  for (const kql::CompletionItem* item : items) {
    std::size_t same = 0;
    while (same < out.size() && same < item->insert.size() && lower(out[same]) == lower(item->insert[same]))
      ++same;
    out = out.substr(0, same);
  }
  while (!valid_utf8(out))
    out.remove_suffix(1);
  return out;
}

std::string cut(const std::string& text, std::size_t width) {
  return report::display_width(text) <= width ? text : report::wrap(text, width).front();
}

std::string padded(const std::string& text, std::size_t width) {
  const std::size_t used = report::display_width(text);
  return text + std::string(width > used ? width - used : 0, ' ');
}

/// `summarize  operator  groups rows`
std::string list_of(const Items& items, const report::TableStyle& style) {
  const std::size_t shown = std::min(items.size(), kListed);
  const std::size_t all = (style.width == 0 ? kWidth : style.width) - 1;
  std::size_t labels = 0;
  std::size_t kinds = 0;
  for (std::size_t i = 0; i < shown; ++i) {
    labels = std::max(labels, report::display_width(report::printable_line(items[i]->label)));
    kinds = std::max(kinds, name_of(items[i]->kind).size());
  }
  labels = std::min({labels, kWidestLabel, std::max(kShortestLabel, all > kinds + 2 ? all - kinds - 2 : 0)});
  const std::size_t used = labels + kinds + 4;
  std::string out;
  for (std::size_t i = 0; i < shown; ++i) {
    std::string line = padded(cut(report::printable_line(items[i]->label), labels), labels);
    const bool has_kind = all >= labels + kinds + 2;
    const std::string detail = all > used ? cut(report::printable_line(items[i]->detail), all - used) : "";
    if (has_kind)
      line += "  " + report::paint(padded(std::string(name_of(items[i]->kind)), detail.empty() ? 0 : kinds),
                                   report::Tone::Muted, style.color);
    if (!detail.empty()) line += "  " + detail;
    out += line + "\n";
  }
  if (items.size() > shown)
    out += report::paint(fmt::format("and {} more: letters narrow the list", items.size() - shown),
                         report::Tone::Muted, style.color) +
           "\n";
  return out;
}

}  // namespace

TabAnswer answer_tab(const kql::Completion& completion, std::string_view text,
                     const report::TableStyle& style) {
  const std::size_t begin = std::min<std::size_t>(completion.begin, text.size());
  const std::string_view word = text.substr(begin);
  if (completion.items.empty()) return {begin, std::string(word), {}};
  const Items items = fitting(completion, word);
  if (items.size() == 1) return {begin, items.front()->insert, {}};
  const std::string_view common = common_beginning(items);
  if (common.size() > word.size() && starts_with_any_case(common, word))
    return {begin, std::string(common), {}};
  return {begin, std::string(word), list_of(items, style)};
}

}  // namespace redoubt::cli
