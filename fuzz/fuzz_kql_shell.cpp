#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "cli/shell/candidates.h"
#include "cli/shell/entry.h"
#include "cli/shell/history.h"
#include "core/result.h"
#include "core/text.h"
#include "kql/completion.h"

// What is typed or piped into the shell, and what its history file holds. Entries hold all that is not blank,
// in order; what ends one ends it again; a history line reads back as the entry; Tab answers within the text.

namespace {

using namespace redoubt;

std::string without_blanks(std::string_view text) {
  std::string out;
  for (const char c : text)
    if (c != ' ' && c != '\t' && c != '\r' && c != '\n' && c != '\f' && c != '\v') out += c;
  return out;
}

void check_entries(std::string_view text) {
  std::string all;
  std::uint32_t line = 0;
  for (const cli::Entry& entry : cli::entries_of(text)) {
    RD_CHECK(!entry.is_blank() && entry.line > line);
    line = entry.line;
    all += without_blanks(entry.text);
    if (entry.is_command()) RD_CHECK(entry.text.find('\n') == std::string::npos);
  }
  RD_CHECK(all == without_blanks(text));
}

void check_history(std::string_view text) {
  if (const std::optional<std::string> entry = cli::history_entry(text))
    RD_CHECK(cli::history_entry(cli::history_line(*entry)) == entry);
  RD_CHECK(cli::history_line(text).find('\n') == std::string::npos);
}

void check_tab(std::string_view text) {
  static const kql::Schemas kNone;
  const kql::Completion completion =
      kql::complete(text, static_cast<std::uint32_t>(text.size()), kql::Environment(kNone));
  const cli::TabAnswer answer = cli::answer_tab(completion, text, {.width = 40});
  RD_CHECK(answer.begin <= text.size());
  RD_CHECK(!valid_utf8(text) || valid_utf8(answer.insert));
  RD_CHECK(valid_utf8(answer.list));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  check_entries(text);
  check_history(text);
  if (size < 2'000) check_tab(text);
  return 0;
}
