#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "cli/kql_ask.h"
#include "cli/shell/entry.h"
#include "cli/shell/line_editor.h"

namespace redoubt::cli {

/// What runs the entries of a shell: queries over one session, and commands that begin with a dot.
class Shell {
 public:
  struct Style {
    std::string_view source = "query";  ///< what places of mistakes name
    bool has_own_now = false;           ///< the session's time stands still
    bool is_talking = false;            ///< nothing but answers is wanted of a script
    std::string span;                   ///< as --timespan takes it; may be empty
  };

  Shell(QuerySession& session, Interrupt& interrupt, Context& context, Style style);

  /// Answers a query or does what a command says; what is wrong is told. False: it failed.
  bool run(const Entry& entry);
  /// What the Tab key does there.
  TabAnswer tab(std::string_view text, std::size_t cursor) const;

  bool is_over() const { return is_over_; }
  bool was_stopped() const { return was_stopped_; }

  // What the commands are about.
  QuerySession& session() { return session_; }
  Context& context() { return context_; }
  Interrupt& interrupt() { return interrupt_; }
  const std::string& span() const { return style_.span; }
  /// Errors: QRY0008 (Usage) it is no span.
  Result<void> set_span(std::string span);
  /// Writes a table as an answer is written.
  void write(query::ResultTable table);
  void end() { is_over_ = true; }

 private:
  Result<bool> ask_query(const Entry& entry);
  Result<void> set_time();
  std::string_view separator();

  QuerySession& session_;
  Interrupt& interrupt_;
  Context& context_;
  Style style_;
  bool has_answered_ = false;
  bool is_over_ = false;
  bool was_stopped_ = false;
};

}  // namespace redoubt::cli
