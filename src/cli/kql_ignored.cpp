#include "cli/kql_ignored.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/text.h"
#include "kql/lexer.h"
#include "report/error_codes.h"

namespace redoubt::cli {

namespace {

constexpr std::string_view kMark = "redoubt:ignore";

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// `KQL0605`; the bytes that it takes, 0: none begins there.
std::size_t code_size(std::string_view text) {
  std::size_t letters = 0;
  while (letters < text.size() && text[letters] >= 'A' && text[letters] <= 'Z')
    ++letters;
  std::size_t size = letters;
  while (size < text.size() && is_digit(text[size]))
    ++size;
  return letters != 0 && size - letters == 4 ? size : 0;
}

/// The codes at the front of what follows the mark.
std::vector<std::string> codes_in(std::string_view text) {
  std::vector<std::string> out;
  for (;;) {
    const std::size_t first = text.find_first_not_of(" \t,:");
    if (first == std::string_view::npos) return out;
    text.remove_prefix(first);
    const std::size_t size = code_size(text);
    if (size == 0) return out;
    out.emplace_back(text.substr(0, size));
    text.remove_prefix(size);
  }
}

std::size_t line_begin(std::string_view text, std::size_t at) {
  const std::size_t before = at == 0 ? std::string_view::npos : text.rfind('\n', at - 1);
  return before == std::string_view::npos ? 0 : before + 1;
}

std::size_t line_end(std::string_view text, std::size_t at) {
  return std::min(text.find('\n', at), text.size());
}

/// The first token that ends behind a place.
const kql::Token& token_at(const std::vector<kql::Token>& tokens, std::size_t at) {
  const auto found = std::ranges::find_if(tokens, [at](const kql::Token& one) { return one.end() > at; });
  return found == tokens.end() ? tokens.back() : *found;
}

}  // namespace

IgnoreComments::IgnoreComments(std::string_view query) : query_(query) {
  std::size_t at = query.find(kMark);
  if (at == std::string_view::npos) return;
  const std::vector<kql::Token> tokens = kql::tokenize(query);
  for (; at != std::string_view::npos; at = query.find(kMark, at + kMark.size())) {
    const kql::Token& token = token_at(tokens, at);
    if (token.offset <= at) continue;  // in a text
    const std::size_t begin = line_begin(query, at);
    const std::size_t end = line_end(query, at);
    const bool behind_code = token_at(tokens, begin).offset < at;
    Comment comment{{}, begin, end};
    if (!behind_code && &token == &tokens.front())
      comment = {{}, 0, query.size() + 1};
    else if (!behind_code)
      comment = {{}, line_begin(query, token.offset), line_end(query, token.offset)};
    for (std::string& code : codes_in(query.substr(at + kMark.size(), end - at - kMark.size()))) {
      comment.code = std::move(code);
      comments_.push_back(comment);
    }
  }
}

bool IgnoreComments::covers(std::string_view code, std::size_t offset) const {
  return std::ranges::any_of(comments_, [&](const Comment& one) {
    return one.code == code && one.begin <= offset && offset <= one.end;
  });
}

bool IgnoreComments::covers_all(std::string_view code) const {
  return std::ranges::any_of(comments_, [&](const Comment& one) {
    return one.code == code && one.begin == 0 && one.end > query_.size();
  });
}

Result<std::set<std::string, std::less<>>> ignored_codes(const Arguments& arguments) {
  std::set<std::string, std::less<>> out;
  for (const std::string& code : arguments.values("--ignore")) {
    if (report::find_error_code(code) == nullptr) {
      const std::string_view meant = report::closest_error_code(code);
      return fail(
          Error::Kind::Usage, "KQL0014", fmt::format("--ignore names no code: {}", code), {},
          meant.empty() ? "write it as messages do: KQL0605" : fmt::format("did you mean {}?", meant));
    }
    out.insert(code);
  }
  return out;
}

Option ignore_option() {
  return {.flags = "--ignore",
          .value = "CODE",
          .text = "a code that is not told; // redoubt:ignore CODE in a query does the same for its line",
          .repeatable = true};
}

}  // namespace redoubt::cli
