#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace redoubt::cli {

/// What is run as one: a query of one or more lines, or a command of the shell.
struct Entry {
  std::string text;
  std::uint32_t line = 1;  ///< of the input, where it begins

  /// A line that begins with a dot, or has nothing but a word that ends or helps in other shells.
  bool is_command() const;
  /// Nothing but blanks.
  bool is_blank() const;
};

/// Puts lines together to entries. A query ends with a blank line, as in Kusto Explorer and Kusto.Cli, or
/// with a line whose end is the `;` of its last statement. It goes on behind either while it has statements
/// alone that only prepare one (let, set, declare ...) or comments, and inside braces; two blank lines end it
/// anyway. A string of several lines is never ended. A command is a line; `exit`, `quit` and `help` alone are
/// commands, too, where an entry begins.
///
/// Linear in the size of what is added.
class EntryReader {
 public:
  /// Takes a line without its end. True: an entry is whole, take() gives it.
  bool add(std::string_view line);
  /// What was added so far; then the reader is empty.
  Entry take();
  /// Whether nothing but blank lines was added.
  bool empty() const { return entry_.text.empty(); }

 private:
  bool add_blank();
  void digest();
  bool goes_on() const { return braces_ != 0 || !has_query_; }

  Entry entry_;
  std::uint32_t lines_ = 0;
  // What the tokens up to `digested_` say.
  std::size_t digested_ = 0;
  std::string fence_;  ///< the end of a string that is open there
  std::size_t braces_ = 0;
  bool has_query_ = false;
  bool begins_statement_ = true;
  bool was_blank_ = false;
};

/// All entries of a text; the last one ends with the text.
std::vector<Entry> entries_of(std::string_view text);
/// Whether nothing of a text is left to be written: it is blank, or its last entry has ended.
bool is_complete(std::string_view text);

}  // namespace redoubt::cli
