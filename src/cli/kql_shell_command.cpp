#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <istream>
#include <ostream>
#include <utility>

#include "cli/commands.h"
#include "cli/interrupt.h"
#include "cli/kql_answer.h"
#include "cli/kql_session.h"
#include "cli/shell/history.h"
#include "cli/shell/shell.h"
#include "cli/shell/shell_commands.h"
#include "core/text.h"
#include "report/color.h"
#include "report/tool.h"

namespace redoubt::cli {

namespace {

constexpr std::string_view kPrompt = "kql> ";
constexpr std::string_view kMorePrompt = "...> ";  // where lines can't be edited
constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
constexpr std::uint64_t kRowsInTerminal = 1'000;

bool read_line(std::istream& in, std::string& line) {
  if (!std::getline(in, line)) return false;
  if (line.ends_with('\r')) line.pop_back();
  return true;
}

/// What somebody enters at a terminal.
class Dialog {
 public:
  Dialog(Shell& shell, Context& context)
      : shell_(shell), context_(context), history_(History::default_file()) {
    const auto tab = [&shell](std::string_view text, std::size_t cursor) { return shell.tab(text, cursor); };
    if (context.console.out_width != 0)
      editor_ = LineEditor::open(std::string(kPrompt), {.is_complete = is_complete, .tab = tab});
    if (editor_ == nullptr) return;
    for (const std::string& entry : history_.entries())
      editor_->remember(entry);
  }

  void run() {
    while (!shell_.is_over()) {
      context_.console.out.flush();
      std::optional<std::string> text = editor_ != nullptr ? editor_->read() : read_plainly();
      if (!text) break;
      if (context_.output.is_standard()) context_.style.width = report::terminal_width(STDOUT_FILENO);
      for (const Entry& entry : entries_of(*text)) {
        keep(entry.text);
        shell_.run(entry);
        if (shell_.is_over() || shell_.was_stopped()) break;
      }
    }
    if (!shell_.is_over()) prompts() << std::endl;
  }

 private:
  std::ostream& prompts() const {
    return context_.console.out_width != 0 ? context_.console.out : context_.console.err;
  }

  /// Line after line, as the terminal itself edits them.
  std::optional<std::string> read_plainly() {
    EntryReader reader;
    std::string line;
    while (true) {
      prompts() << (reader.empty() ? kPrompt : kMorePrompt) << std::flush;
      if (!read_line(context_.console.in, line)) break;
      if (reader.add(line)) return reader.take().text;
    }
    return reader.empty() ? std::nullopt : std::optional(reader.take().text);
  }

  void keep(const std::string& text) {
    if (trim(text).empty()) return;
    if (editor_ != nullptr) editor_->remember(text);
    const Result<void> kept = history_.add(text);
    if (!kept && !std::exchange(has_told_, true))
      context_.tell(Diagnostic{Severity::Warning, kept.error().code, kept.error().message, kept.error().where,
                               kept.error().hint});
  }

  Shell& shell_;
  Context& context_;
  History history_;
  std::unique_ptr<LineEditor> editor_;
  bool has_told_ = false;
};

Exit talk(Shell& shell, Context& context) {
  const std::size_t tables = shell.session().environment().tables->tables().size();
  context.note(fmt::format(
      "redoubt {}: {}. A blank line runs a query, Tab completes, .help lists commands, Ctrl-D ends.",
      report::kToolVersion,
      tables == 0 ? "no tables, .load TABLE=FILE reads one" : counted(tables, "table")));
  Dialog(shell, context).run();
  return Exit::Done;
}

/// What comes from a file or a program: the first entry that is stopped is the last.
Exit run_script(Shell& shell, Context& context) {
  EntryReader reader;
  bool failed = false;
  bool is_first = true;
  std::string line;
  const auto goes_on = [&] { return !shell.is_over() && !shell.was_stopped(); };
  while (goes_on() && read_line(context.console.in, line)) {
    if (std::exchange(is_first, false) && line.starts_with(kByteOrderMark))
      line.erase(0, kByteOrderMark.size());
    if (reader.add(line)) failed = !shell.run(reader.take()) || failed;
  }
  if (goes_on() && !reader.empty()) failed = !shell.run(reader.take()) || failed;
  if (shell.was_stopped()) context.output.abandon();
  return failed ? Exit::Unfinished : Exit::Done;
}

Result<Exit> run_kql_shell(const Arguments& arguments, Context& context) {
  const auto from_stdin = [](const std::string& load) { return load.ends_with("=-"); };
  if (std::ranges::any_of(arguments.values("--load"), from_stdin))
    return fail(Error::Kind::Usage, "KQL0011", "stdin holds the queries", {}, "give the tables as files");
  Interrupt interrupt;
  const std::unique_ptr<QuerySession> session = RD_TRY(QuerySession::open(arguments, context, interrupt));
  session->tell_loaded(context);
  const bool is_talking = context.console.in_is_terminal;
  Shell shell(*session, interrupt, context,
              {.source = is_talking ? "query" : "<stdin>",
               .has_own_now = arguments.given("--now"),
               .is_talking = is_talking,
               .span = arguments.text("--timespan")});
  if (!is_talking) return run_script(shell, context);
  if (!arguments.given("--limit")) session->options().limits.max_result_rows = kRowsInTerminal;
  interrupt.set_idle(Interrupt::Idle::Ignored);
  return talk(shell, context);
}

}  // namespace

std::vector<Command> kql_shell_commands() {
  return {
      {.name = "kql shell",
       .summary = "Ask log files or the event store query after query",
       .examples = {"redoubt kql shell --load SigninLogs=signins.csv --load AuditLogs=audit.jsonl.gz",
                    "redoubt kql shell --db .redoubt/events --timespan P7D",
                    "redoubt kql shell --load T=log.csv -f json < queries.kql"},
       .description =
           "Tables are read once, then asked as often as you like. A blank line ends a query and runs it, "
           "as in Kusto Explorer; so does `;` behind its last statement. A query that has only `let` "
           "statements so far goes on. What a `let` names is known in its own query alone.\n\n"
           "In a terminal a query is edited as one text of several lines: Up and Down go through its lines, "
           "then through earlier queries, Ctrl-R searches those, Tab completes and lists what could stand "
           "there, Ctrl-J or Alt-Enter run what is there, Ctrl-C stops a query or drops what was typed, "
           "Ctrl-D ends. Earlier queries are kept in $XDG_STATE_HOME/redoubt/kql-history (or below "
           "~/.local/state), for you alone, and never those with an obfuscated string (h\"...\"). An answer "
           "has at most 1000 rows there, unless --limit or .limit say more.\n\n"
           "Commands begin with a dot and are a line; exit, quit and help will do without it:\n" +
           shell_commands_text() +
           "\nWhere stdin is no terminal, the queries and commands in it are run one after the other; exit 3 "
           "says that one failed.",
       .options = session_options(),
       .formats = answer_formats(),
       .run = run_kql_shell}};
}

}  // namespace redoubt::cli
