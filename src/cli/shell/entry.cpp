#include "cli/shell/entry.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "core/text.h"
#include "kql/lexer.h"

namespace redoubt::cli {

namespace {

using kql::Token;
using kql::TokenKind;

/// First words of statements that ask nothing by themselves.
constexpr TokenKind kPreparing[] = {TokenKind::LetKeyword, TokenKind::SetKeyword, TokenKind::DeclareKeyword,
                                    TokenKind::AliasKeyword, TokenKind::RestrictKeyword};
/// Commands that may stand without their dot: a table of that name is asked as `['help']`.
constexpr std::string_view kWords[] = {"exit", "help", "quit"};
constexpr std::string_view kFences[] = {"```", "~~~"};

/// Of a string of several lines without an end: what would end it. Else empty.
std::string_view open_fence(const Token& token, std::string_view text) {
  if (token.kind != TokenKind::StringLiteral || !token.unfinished) return {};
  std::string_view literal = text.substr(token.offset, token.size);
  if (literal.starts_with('h') || literal.starts_with('H')) literal.remove_prefix(1);
  const auto* const fence =
      std::ranges::find_if(kFences, [&](std::string_view one) { return literal.starts_with(one); });
  return fence == std::end(kFences) ? std::string_view() : *fence;
}

/// A command, as one line.
bool is_command_line(std::string_view words) {
  if (words.starts_with('.')) return true;
  if (words.ends_with(';')) words.remove_suffix(1);
  return is_one_of(words, kWords);
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> out = split(text, '\n');
  for (std::string_view& line : out)
    if (line.ends_with('\r')) line.remove_suffix(1);
  return out;
}

}  // namespace

bool Entry::is_command() const { return is_command_line(text); }

bool Entry::is_blank() const { return trim(text).empty(); }

bool EntryReader::add(std::string_view line) {
  ++lines_;
  const std::string_view words = trim(line);
  if (entry_.text.empty()) {
    if (words.empty()) return false;
    entry_.line = lines_;
    if (is_command_line(words)) {
      entry_.text = words;
      return true;
    }
  }
  entry_.text.append(line).append("\n");
  if (!fence_.empty()) {
    if (line.find(fence_) == std::string_view::npos) return false;
    digest();
  }
  if (words.empty()) return add_blank();
  was_blank_ = false;
  if (!words.ends_with(';')) return false;
  digest();
  return fence_.empty() && begins_statement_ && !goes_on();
}

bool EntryReader::add_blank() {
  digest();
  if (!fence_.empty()) return false;
  return std::exchange(was_blank_, true) || !goes_on();
}

void EntryReader::digest() {
  const std::string_view text = std::string_view(entry_.text).substr(digested_);
  const std::vector<Token> tokens = kql::tokenize(text);
  const Token* const last = tokens.size() < 2 ? nullptr : &tokens[tokens.size() - 2];  // behind it is the end
  fence_ = last == nullptr ? std::string_view() : open_fence(*last, text);
  if (!fence_.empty()) return;
  digested_ = entry_.text.size();
  for (const Token& token : tokens) {
    if (token.kind == TokenKind::End) break;
    if (begins_statement_ && token.kind != TokenKind::Semicolon)
      has_query_ = has_query_ || std::ranges::find(kPreparing, token.kind) == std::end(kPreparing);
    if (token.kind == TokenKind::OpenBrace) ++braces_;
    if (token.kind == TokenKind::CloseBrace && braces_ != 0) --braces_;
    begins_statement_ = token.kind == TokenKind::Semicolon && braces_ == 0;
  }
}

Entry EntryReader::take() {
  EntryReader next;
  next.lines_ = lines_;
  Entry out = std::move(entry_);
  out.text.erase(out.text.find_last_not_of(" \t\r\n") + 1);
  *this = std::move(next);
  return out;
}

std::vector<Entry> entries_of(std::string_view text) {
  std::vector<Entry> out;
  EntryReader reader;
  for (const std::string_view line : lines_of(text))
    if (reader.add(line)) out.push_back(reader.take());
  if (!reader.empty()) out.push_back(reader.take());
  return out;
}

bool is_complete(std::string_view text) {
  EntryReader reader;
  for (const std::string_view line : lines_of(text))
    if (reader.add(line)) reader.take();
  return reader.empty();
}

}  // namespace redoubt::cli
