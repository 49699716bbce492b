#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace redoubt::cli {

/// What Tab does at a place of a text.
struct TabAnswer {
  std::size_t begin = 0;  ///< the bytes from here to the cursor are replaced
  std::string insert;
  std::string list;  ///< lines that are shown below the text; may be empty
};

/// What the editor asks of whoever uses it.
struct EditorQuestions {
  /// Whether Enter behind the text is its end, rather than a line break in it.
  std::function<bool(std::string_view text)> is_complete;
  std::function<TabAnswer(std::string_view text, std::size_t cursor)> tab;
};

/// Edits a text of one or more lines in a terminal, over libedit.
///
/// Up and Down go through its lines, then through what was remembered; Ctrl-R searches that; Enter ends the
/// text when it is complete, Ctrl-J and Alt-Enter always; pasted text is taken as it is (where the terminal
/// brackets it); Ctrl-C drops the text. The user's ~/.editrc counts. Texts are UTF-8.
class LineEditor {
 public:
  /// Null: the terminal of stdin and stdout can't be steered, or the program was built without libedit.
  static std::unique_ptr<LineEditor> open(std::string prompt, EditorQuestions questions);

  LineEditor(const LineEditor&) = delete;
  LineEditor& operator=(const LineEditor&) = delete;
  ~LineEditor();

  /// What was written; empty for a text that was dropped. Nothing: the end (Ctrl-D in an empty text).
  std::optional<std::string> read();
  /// For Up, Down and Ctrl-R.
  void remember(std::string_view text);

 private:
  struct Work;
  explicit LineEditor(std::unique_ptr<Work> work);

  std::unique_ptr<Work> work_;
};

}  // namespace redoubt::cli
