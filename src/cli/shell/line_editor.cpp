#include "cli/shell/line_editor.h"

#include <utility>

#if __has_include(<histedit.h>)
#include <histedit.h>
#include <langinfo.h>
#include <signal.h>

#include <algorithm>
#include <clocale>
#include <cstdio>
#include <cstdlib>

#include "core/text.h"
#include "core/utf8.h"
#endif

namespace redoubt::cli {

#if __has_include(<histedit.h>)

namespace {

// Keys that the editor pushes for itself: libedit can't be told in any other way. Its terminal modes swap the
// two line breaks: the Enter key is \n, and \r is Ctrl-J.
constexpr const wchar_t* kEndKey = L"\r";
constexpr const wchar_t* kRestoreKey = L"\x1f";  // ^_
constexpr const wchar_t* kEarlierKey = L"\x18p";
constexpr const wchar_t* kLaterKey = L"\x18n";
constexpr const wchar_t* kSearchKey = L"\x18r";

constexpr std::wstring_view kPasteEnd = L"\033[201~";
constexpr int kHistorySize = 1'000;

// The terminal says what is pasted: DEC private mode 2004.
constexpr std::string_view kBracketPastes = "\033[?2004h";
constexpr std::string_view kPlainPastes = "\033[?2004l";

std::wstring wide(std::string_view text) {
  std::wstring out;
  for (std::size_t at = 0; at < text.size();) {
    const Utf8Character one = decode_utf8(text, at);
    out += one.valid ? static_cast<wchar_t>(one.code) : L'\ufffd';
    at += one.bytes;
  }
  return out;
}

std::string narrow(std::wstring_view text) {
  std::string out;
  for (const wchar_t one : text)
    append_utf8(out, static_cast<char32_t>(one));
  return out;
}

/// Whether the terminal can move its cursor.
bool can_steer() {
  const char* const kind = std::getenv("TERM");
  return kind != nullptr && *kind != '\0' && std::string_view(kind) != "dumb";
}

/// Characters are UTF-8 whatever the environment says of its language.
void use_utf8() {
  if (std::setlocale(LC_CTYPE, "") != nullptr && std::string_view(nl_langinfo(CODESET)) == "UTF-8") return;
  std::setlocale(LC_CTYPE, "C.UTF-8");
}

}  // namespace

struct LineEditor::Work {
  EditLine* editor = nullptr;
  HistoryW* history = nullptr;
  std::wstring prompt;
  EditorQuestions questions;

  std::vector<std::wstring> remembered;
  bool recalled = false;  ///< the text may be one of `remembered`
  bool dropped = false;
  std::string list;       ///< to be shown before the text is edited on
  std::wstring restored;  ///< the text to be edited on, and the cursor in it
  std::size_t restored_cursor = 0;

  ~Work() {
    if (editor != nullptr) el_end(editor);
    if (history != nullptr) history_wend(history);
  }

  static Work& of(EditLine* editor) {
    void* found = nullptr;
    el_wget(editor, EL_CLIENTDATA, &found);
    return *static_cast<Work*>(found);
  }

  std::wstring_view text() const {
    const LineInfoW* const line = el_wline(editor);
    return {line->buffer, static_cast<std::size_t>(line->lastchar - line->buffer)};
  }
  std::size_t cursor() const {
    const LineInfoW* const line = el_wline(editor);
    return static_cast<std::size_t>(line->cursor - line->buffer);
  }
  void move_to(std::size_t place) const {
    el_cursor(editor, static_cast<int>(place) - static_cast<int>(cursor()));
  }
  void push(const wchar_t* keys) const { el_wpush(editor, keys); }

  /// Leaves el_wgets, to go on in a new one with the same text.
  void leave() {
    restored = text();
    restored_cursor = cursor();
    push(kEndKey);
  }

  unsigned char enter();
  unsigned char tab();
  unsigned char up();
  unsigned char down();
  unsigned char home() const;
  unsigned char end() const;
  unsigned char paste();
  unsigned char restore();
  unsigned char search();
  unsigned char drop();
  static unsigned char send_signal(int number);

  void bind_keys() const;
  bool set_up();
  std::optional<std::wstring> read_once();
  static void write(std::string_view out);
};

namespace {

std::size_t line_begin(std::wstring_view text, std::size_t place) {
  const std::size_t found = text.substr(0, place).rfind(L'\n');
  return found == std::wstring_view::npos ? 0 : found + 1;
}

std::size_t line_end(std::wstring_view text, std::size_t place) {
  return std::min(text.find(L'\n', place), text.size());
}

}  // namespace

unsigned char LineEditor::Work::enter() {
  const std::wstring_view all = text();
  const bool is_behind = all.find_first_not_of(L" \t\n", cursor()) == std::wstring_view::npos;
  const bool is_earlier = recalled && std::ranges::find(remembered, all) != remembered.end();
  if (is_earlier || (is_behind && questions.is_complete(narrow(all)))) {
    push(kEndKey);
    return CC_NORM;
  }
  el_winsertstr(editor, L"\n");
  return CC_REFRESH;
}

unsigned char LineEditor::Work::tab() {
  const std::wstring_view all = text();
  const std::string before = narrow(all.substr(0, cursor()));
  const TabAnswer answer = questions.tab(before + narrow(all.substr(cursor())), before.size());
  const std::size_t begin = std::min(answer.begin, before.size());
  const std::string_view replaced = std::string_view(before).substr(begin);
  if (replaced == answer.insert && answer.list.empty()) return CC_ERROR;  // a beep
  if (replaced != answer.insert) {
    el_deletestr(editor, static_cast<int>(wide(replaced).size()));
    el_winsertstr(editor, wide(answer.insert).c_str());
  }
  if (answer.list.empty()) return CC_REFRESH;
  list = answer.list;
  leave();
  return CC_REFRESH;
}

unsigned char LineEditor::Work::up() {
  const std::wstring_view all = text();
  const std::size_t begin = line_begin(all, cursor());
  if (begin == 0) {
    recalled = true;
    push(kEarlierKey);
    return CC_NORM;
  }
  const std::size_t above = line_begin(all, begin - 1);
  move_to(std::min(above + (cursor() - begin), begin - 1));
  return CC_CURSOR;
}

unsigned char LineEditor::Work::down() {
  const std::wstring_view all = text();
  const std::size_t end = line_end(all, cursor());
  if (end == all.size()) {
    recalled = true;
    push(kLaterKey);
    return CC_NORM;
  }
  const std::size_t column = cursor() - line_begin(all, cursor());
  move_to(std::min(end + 1 + column, line_end(all, end + 1)));
  return CC_CURSOR;
}

unsigned char LineEditor::Work::home() const {
  move_to(line_begin(text(), cursor()));
  return CC_CURSOR;
}

unsigned char LineEditor::Work::end() const {
  move_to(line_end(text(), cursor()));
  return CC_CURSOR;
}

unsigned char LineEditor::Work::paste() {
  std::wstring pasted;
  wchar_t one = 0;
  while (!pasted.ends_with(kPasteEnd) && el_wgetc(editor, &one) == 1)
    if (one != L'\0') pasted += one == L'\r' ? L'\n' : one;
  if (pasted.ends_with(kPasteEnd)) pasted.resize(pasted.size() - kPasteEnd.size());
  // Anything but tabs and line breaks could steer the terminal.
  std::erase_if(pasted, [](wchar_t c) { return (c < 0x20 && c != L'\t' && c != L'\n') || c == 0x7f; });
  el_winsertstr(editor, pasted.c_str());
  return CC_REFRESH;
}

unsigned char LineEditor::Work::restore() {
  if (restored.empty()) return CC_NORM;
  el_winsertstr(editor, restored.c_str());
  move_to(restored_cursor);
  restored.clear();
  return CC_REFRESH;
}

unsigned char LineEditor::Work::search() {
  recalled = true;
  push(kSearchKey);
  return CC_NORM;
}

unsigned char LineEditor::Work::drop() {
  dropped = true;
  move_to(text().size());
  el_winsertstr(editor, L"^C");
  push(kEndKey);
  return CC_REFRESH;
}

/// What a key does where the terminal sends signals: libedit puts the terminal in order around it.
unsigned char LineEditor::Work::send_signal(int number) {
  raise(number);
  return CC_REFRESH;
}

/// What keys do that would do something else, or nothing.
void LineEditor::Work::bind_keys() const {
  using Function = unsigned char (*)(EditLine*, wint_t);
  struct Binding {
    const wchar_t* name;
    Function run;  ///< null: one of libedit's own
    std::vector<const wchar_t*> keys;
  };
  static const Binding kBindings[] = {
      {L"kql-enter", [](EditLine* from, wint_t) { return of(from).enter(); }, {L"\\n"}},
      {L"kql-tab", [](EditLine* from, wint_t) { return of(from).tab(); }, {L"\\t"}},
      {L"kql-up", [](EditLine* from, wint_t) { return of(from).up(); }, {L"^P", L"\\033[A", L"\\033OA"}},
      {L"kql-down", [](EditLine* from, wint_t) { return of(from).down(); }, {L"^N", L"\\033[B", L"\\033OB"}},
      {L"kql-home",
       [](EditLine* from, wint_t) { return of(from).home(); },
       {L"^A", L"\\033[H", L"\\033OH", L"\\033[1~", L"\\033[7~"}},
      {L"kql-end",
       [](EditLine* from, wint_t) { return of(from).end(); },
       {L"^E", L"\\033[F", L"\\033OF", L"\\033[4~", L"\\033[8~"}},
      {L"kql-search", [](EditLine* from, wint_t) { return of(from).search(); }, {L"^R"}},
      {L"kql-paste", [](EditLine* from, wint_t) { return of(from).paste(); }, {L"\\033[200~"}},
      {L"kql-drop", [](EditLine* from, wint_t) { return of(from).drop(); }, {L"^C"}},
      {L"kql-suspend", [](EditLine*, wint_t) { return send_signal(SIGTSTP); }, {L"^Z"}},
      {L"kql-abort", [](EditLine*, wint_t) { return send_signal(SIGQUIT); }, {L"^\\"}},
      {L"kql-restore", [](EditLine* from, wint_t) { return of(from).restore(); }, {L"^_"}},
      {L"ed-newline", nullptr, {L"\\r", L"\\033\\n", L"\\033\\r"}},
      {L"ed-prev-history", nullptr, {L"^Xp"}},
      {L"ed-next-history", nullptr, {L"^Xn"}},
      {L"em-inc-search-prev", nullptr, {L"^Xr"}},
      {L"ed-delete-next-char", nullptr, {L"\\033[3~"}},
      {L"em-next-word", nullptr, {L"\\033[1;5C"}},
      {L"ed-prev-word", nullptr, {L"\\033[1;5D"}},
  };
  for (const Binding& one : kBindings) {
    if (one.run != nullptr) el_wset(editor, EL_ADDFN, one.name, L"of the shell", one.run);
    for (const wchar_t* const key : one.keys)
      el_wset(editor, EL_BIND, key, one.name, nullptr);
  }
}

bool LineEditor::Work::set_up() {
  if (!can_steer()) return false;
  use_utf8();
  history = history_winit();
  editor = el_init("redoubt", stdin, stdout, stderr);
  if (history == nullptr || editor == nullptr) return false;
  HistEventW event;
  history_w(history, &event, H_SETSIZE, kHistorySize);
  el_wset(editor, EL_CLIENTDATA, this);
  el_wset(editor, EL_PROMPT, +[](EditLine* from) { return of(from).prompt.data(); });
  el_wset(editor, EL_HIST, history_w, history);
  el_wset(editor, EL_SIGNAL, 1);  // the window's size, being stopped and continued
  el_wset(editor, EL_EDITOR, L"emacs");
  el_source(editor, nullptr);
  el_wset(editor, EL_SETTY, L"-d", L"-isig", nullptr);  // Ctrl-C is a key
  bind_keys();
  return true;
}

std::optional<std::wstring> LineEditor::Work::read_once() {
  if (!restored.empty()) push(kRestoreKey);
  int count = 0;
  const wchar_t* const line = el_wgets(editor, &count);
  if (line == nullptr || count <= 0) return std::nullopt;
  std::wstring out(line, static_cast<std::size_t>(count));
  if (out.ends_with(L'\n')) out.pop_back();
  return out;
}

void LineEditor::Work::write(std::string_view out) {
  std::fwrite(out.data(), 1, out.size(), stdout);
  std::fflush(stdout);
}

LineEditor::LineEditor(std::unique_ptr<Work> work) : work_(std::move(work)) {}

LineEditor::~LineEditor() = default;

std::unique_ptr<LineEditor> LineEditor::open(std::string prompt, EditorQuestions questions) {
  auto work = std::make_unique<Work>();
  work->prompt = wide(prompt);
  work->questions = std::move(questions);
  if (!work->set_up()) return nullptr;
  return std::unique_ptr<LineEditor>(new LineEditor(std::move(work)));
}

std::optional<std::string> LineEditor::read() {
  work_->recalled = false;
  Work::write(kBracketPastes);
  std::optional<std::wstring> line = work_->read_once();
  while (!work_->list.empty()) {
    Work::write(std::exchange(work_->list, {}));
    line = work_->read_once();
  }
  Work::write(kPlainPastes);
  if (std::exchange(work_->dropped, false)) return std::string();
  return line ? std::optional(narrow(*line)) : std::nullopt;
}

void LineEditor::remember(std::string_view text) {
  work_->remembered.push_back(wide(text));
  HistEventW event;
  history_w(work_->history, &event, H_ENTER, work_->remembered.back().c_str());
}

#else

struct LineEditor::Work {};

LineEditor::LineEditor(std::unique_ptr<Work> work) : work_(std::move(work)) {}

LineEditor::~LineEditor() = default;

std::unique_ptr<LineEditor> LineEditor::open(std::string, EditorQuestions) { return nullptr; }

std::optional<std::string> LineEditor::read() { return std::nullopt; }

void LineEditor::remember(std::string_view) {}

#endif

}  // namespace redoubt::cli
