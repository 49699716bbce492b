#include "cli/shell/shell.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "cli/kql_answer.h"
#include "cli/shell/candidates.h"
#include "cli/shell/shell_commands.h"
#include "core/text.h"
#include "query/timespan.h"

namespace redoubt::cli {

namespace {

constexpr std::string_view kStopped = "QRY0004";
constexpr AskWords kWords = {
    .load = ".load", .more_rows = ".limit N gives more, or summarize", .separator = {}};

/// Between two answers of a script, as between the results of one query.
struct Separator {
  std::string_view format;
  std::string_view text;
};
constexpr Separator kSeparators[] = {{"table", "\n"}, {"csv", "\r\n"}};

/// A line of a query that was meant as a command; empty: there is none.
std::string_view command_within(std::string_view query) {
  for (const std::string_view line : split(query.substr(std::min(query.find('\n'), query.size())), '\n'))
    if (const std::string_view words = trim(line); is_shell_command(words)) return words;
  return {};
}

}  // namespace

Shell::Shell(QuerySession& session, Interrupt& interrupt, Context& context, Style style)
    : session_(session), interrupt_(interrupt), context_(context), style_(std::move(style)) {}

std::string_view Shell::separator() {
  if (style_.is_talking || !std::exchange(has_answered_, true)) return {};
  for (const Separator& one : kSeparators)
    if (one.format == context_.format) return one.text;
  return {};
}

Result<void> Shell::set_time() {
  query::RunOptions& options = session_.options();
  if (!style_.has_own_now) options.evaluation.now = now();
  if (!style_.span.empty()) options.span = RD_TRY(query::parse_timespan(style_.span, options.evaluation.now));
  return {};
}

Result<void> Shell::set_span(std::string span) {
  if (!span.empty()) RD_TRY(query::parse_timespan(span, session_.options().evaluation.now));
  session_.options().span.reset();
  style_.span = std::move(span);
  return {};
}

Result<bool> Shell::ask_query(const Entry& entry) {
  if (!valid_utf8(entry.text))
    return fail(Error::Kind::InvalidInput, "KQL0020", "no text in UTF-8",
                Where{std::string(style_.source), entry.line, 0, {}});
  RD_TRY(set_time());
  // A source of its own, gone with the query; its lines are those of the input.
  doc::Sources sources;
  const std::size_t above = style_.is_talking ? 0 : entry.line - 1;
  const std::uint32_t file =
      sources.add(std::string(style_.source), std::string(above, '\n').append(entry.text));
  const kql::FoundQuery query{
      .query = entry.text, .file = file, .map = kql::TextMap::part(above, entry.text.size())};
  AskWords words = kWords;
  words.separator = separator();
  const Exit exit = RD_TRY(ask({query, sources}, session_, interrupt_, words, context_));
  return exit == Exit::Done;
}

bool Shell::run(const Entry& entry) {
  if (entry.is_blank()) return true;
  Result<bool> done = true;
  if (entry.is_command()) {
    const Result<void> ran = run_shell_command(*this, entry.text);
    if (!ran) done = tl::unexpected(ran.error());
  } else {
    done = ask_query(entry);
  }
  context_.progress.clear();
  context_.output.flush();
  if (!done) {
    was_stopped_ = done.error().code == kStopped;
    context_.tell(done.error());
  }
  const bool is_done = done && *done;
  const std::string_view command = is_done || entry.is_command() ? "" : command_within(entry.text);
  if (!command.empty())
    context_.note(fmt::format(
        "{} stands in a query that had not ended, and was not run: two blank lines before it end any query",
        command));
  return is_done;
}

void Shell::write(query::ResultTable table) {
  QueryAnswer run;
  run.answer.tables.push_back(std::move(table));
  context_.output.write(separator());
  write_answer(run, kWords.more_rows, context_);
}

TabAnswer Shell::tab(std::string_view text, std::size_t cursor) const {
  const std::string_view before = text.substr(0, cursor);
  // Where the entry begins that the cursor is in: pasted text may hold several.
  EntryReader reader;
  std::size_t begin = 0;
  std::size_t at = 0;
  for (std::size_t end = before.find('\n'); end != std::string_view::npos; end = before.find('\n', at)) {
    const bool is_whole = reader.add(before.substr(at, end - at));
    at = end + 1;
    if (is_whole) reader.take();
    if (is_whole || reader.empty()) begin = at;
  }
  const std::string_view entry = before.substr(begin);
  const kql::Environment environment = session_.environment();
  const kql::Completion completion =
      trim(entry).starts_with('.')
          ? complete_shell_command(entry, environment)
          : kql::complete(entry, static_cast<std::uint32_t>(entry.size()), environment);
  TabAnswer out = answer_tab(completion, entry, context_.style);
  out.begin += begin;
  return out;
}

}  // namespace redoubt::cli
