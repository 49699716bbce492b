#include "store/detail/engine_error.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <iterator>
#include <span>
#include <string>

#include "core/text.h"
#include "core/utf8.h"

namespace redoubt::store::detail {

namespace {

using Kind = Error::Kind;

struct ErrorRow {
  int code;  // of ClickHouse
  const struct Meaning* meaning;
};

struct Meaning {
  Kind kind;
  std::string_view code;
  std::string_view what;
  std::string_view hint;
};

constexpr Meaning kTime = {Kind::Limit, "STO0005", "the query takes longer than it may",
                           "look at less, such as a shorter time, or allow more time"};
constexpr Meaning kMemory = {Kind::Limit, "STO0006", "the query needs more memory than it may have",
                             "look at less, such as a shorter time or fewer columns, or allow more memory"};
constexpr Meaning kStopped = {Kind::Unavailable, "STO0008", "the query was stopped", ""};
constexpr Meaning kRefused = {Kind::InvalidInput, "STO0009", "the event engine does not accept the statement",
                              "report it, with the query that was asked"};
constexpr Meaning kTooLarge = {Kind::Limit, "STO0036", "the statement is larger than the event engine takes",
                               "say it in several queries"};
constexpr Meaning kFailed = {Kind::InvalidInput, "STO0010", "the query failed while it ran", ""};
constexpr Meaning kDisk = {Kind::Io, "STO0014", "the event engine can't read or write its files",
                           "see that the folder of events is whole and its disk has room"};
constexpr Meaning kResult = {Kind::Limit, "STO0007", "the result is larger than it may be",
                             "ask for less, or allow more"};
constexpr Meaning kAccount = {Kind::Usage, "STO0030",
                              "the server of events does not accept the user or the password",
                              "see REDOUBT_CLICKHOUSE_USER and REDOUBT_CLICKHOUSE_PASSWORD"};
constexpr Meaning kRight = {Kind::Usage, "STO0031", "the user of the server of events lacks a right",
                            "see docs/from-laptop-to-cluster.md for what it needs"};
constexpr Meaning kBusy = {Kind::Unavailable, "STO0032", "the server of events can't do it now",
                           "ask again later"};

// Source: ErrorCodes.cpp of ClickHouse; errorCodeToName() has them, too.
constexpr ErrorRow kErrors[] = {
    {159, &kTime},      // TIMEOUT_EXCEEDED
    {160, &kTime},      // TOO_SLOW
    {241, &kMemory},    // MEMORY_LIMIT_EXCEEDED
    {173, &kMemory},    // CANNOT_ALLOCATE_MEMORY
    {394, &kStopped},   // QUERY_WAS_CANCELLED
    {734, &kStopped},   // QUERY_WAS_CANCELLED_BY_CLIENT
    {396, &kResult},    // TOO_MANY_ROWS_OR_BYTES
    {192, &kAccount},   // UNKNOWN_USER
    {193, &kAccount},   // WRONG_PASSWORD
    {194, &kAccount},   // REQUIRED_PASSWORD
    {516, &kAccount},   // AUTHENTICATION_FAILED
    {164, &kRight},     // READONLY
    {452, &kRight},     // SETTING_CONSTRAINT_VIOLATION
    {497, &kRight},     // ACCESS_DENIED
    {202, &kBusy},      // TOO_MANY_SIMULTANEOUS_QUERIES
    {242, &kBusy},      // TABLE_IS_READ_ONLY
    {279, &kBusy},      // ALL_CONNECTION_TRIES_FAILED
    {999, &kBusy},      // KEEPER_EXCEPTION
    {161, &kTooLarge},  // TOO_MANY_COLUMNS
    {167, &kTooLarge},  // TOO_DEEP_AST
    {168, &kTooLarge},  // TOO_BIG_AST
    {306, &kTooLarge},  // TOO_DEEP_RECURSION
    {10, &kRefused},    // NOT_FOUND_COLUMN_IN_BLOCK
    {16, &kRefused},    // NO_SUCH_COLUMN_IN_TABLE
    {34, &kRefused},    // TOO_MANY_ARGUMENTS_FOR_FUNCTION
    {35, &kRefused},    // TOO_FEW_ARGUMENTS_FOR_FUNCTION
    {36, &kRefused},    // BAD_ARGUMENTS
    {42, &kRefused},    // NUMBER_OF_ARGUMENTS_DOESNT_MATCH
    {43, &kRefused},    // ILLEGAL_TYPE_OF_ARGUMENT
    {44, &kRefused},    // ILLEGAL_COLUMN
    {46, &kRefused},    // UNKNOWN_FUNCTION
    {47, &kRefused},    // UNKNOWN_IDENTIFIER
    {48, &kRefused},    // NOT_IMPLEMENTED
    {50, &kRefused},    // UNKNOWN_TYPE
    {53, &kRefused},    // TYPE_MISMATCH
    {60, &kRefused},    // UNKNOWN_TABLE
    {62, &kRefused},    // SYNTAX_ERROR
    {63, &kRefused},    // UNKNOWN_AGGREGATE_FUNCTION
    {80, &kRefused},    // INCORRECT_QUERY
    {81, &kRefused},    // UNKNOWN_DATABASE
    {115, &kRefused},   // UNKNOWN_SETTING
    {161, &kRefused},   // TOO_MANY_COLUMNS
    {167, &kRefused},   // TOO_DEEP_AST
    {168, &kRefused},   // TOO_BIG_AST
    {179, &kRefused},   // MULTIPLE_EXPRESSIONS_FOR_ALIAS
    {184, &kRefused},   // ILLEGAL_AGGREGATION
    {207, &kRefused},   // AMBIGUOUS_IDENTIFIER
    {215, &kRefused},   // NOT_AN_AGGREGATE
    {306, &kRefused},   // TOO_DEEP_RECURSION
    {352, &kRefused},   // AMBIGUOUS_COLUMN_NAME
    {386, &kRefused},   // NO_COMMON_TYPE
    {403, &kRefused},   // INVALID_JOIN_ON_EXPRESSION
    {33, &kDisk},       // CANNOT_READ_ALL_DATA
    {40, &kDisk},       // CHECKSUM_DOESNT_MATCH
    {74, &kDisk},       // CANNOT_READ_FROM_FILE_DESCRIPTOR
    {75, &kDisk},       // CANNOT_WRITE_TO_FILE_DESCRIPTOR
    {76, &kDisk},       // CANNOT_OPEN_FILE
    {243, &kDisk},      // NOT_ENOUGH_SPACE
};

constexpr std::string_view kPrefix = "Code: ";
constexpr std::string_view kException = "Exception: ";
constexpr std::size_t kLongest = 300;

/// What stands behind the first of these is left out: of the end of the engine's text, and of what it says.
constexpr std::string_view kEnds[] = {" (version ", "Stack trace"};
constexpr std::string_view kTails[] = {
    ". Expected one of", " in scope ",         ". In scope ", ": In scope ", ": While ",
    ": while executing", ": while converting", ". Untracked", " Note: ",
};

int number_at(std::string_view text) {
  int out = 0;
  std::from_chars(text.data(), text.data() + text.size(), out);
  return out;
}

/// `Code: 60. DB::Exception: `, which may stand there several times.
int take_codes(std::string_view& text) {
  int code = 0;
  while (text.starts_with(kPrefix)) {
    const std::size_t end = text.find(kException);
    if (end == std::string_view::npos) break;
    if (code == 0) code = number_at(text.substr(kPrefix.size()));
    text.remove_prefix(end + kException.size());
  }
  return code;
}

/// `(UNKNOWN_TABLE)` at the end.
std::string_view take_name(std::string_view& text) {
  while (!text.empty() && (text.back() == ' ' || text.back() == '\n' || text.back() == ','))
    text.remove_suffix(1);
  const std::size_t open = text.rfind('(');
  if (open == std::string_view::npos || !text.ends_with(')')) return {};
  const std::string_view name = text.substr(open + 1, text.size() - open - 2);
  const auto is_name = [](char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'; };
  if (name.empty() || !std::ranges::all_of(name, is_name)) return {};
  text = trim(text.substr(0, open));
  return name;
}

/// A mistake of syntax quotes the statement from the place on: the place is enough.
std::string_view without_quote(std::string_view text) {
  constexpr std::string_view kPlace = "failed at position ";
  const std::size_t place = text.find(kPlace);
  return place == std::string_view::npos ? text : text.substr(0, text.find(" (", place));
}

std::string_view cut(std::string_view text, std::span<const std::string_view> ends) {
  for (const std::string_view end : ends)
    text = text.substr(0, text.find(end));
  return text;
}

std::string shortened(std::string_view text) {
  std::string out = on_one_line(without_quote(cut(text, kTails)));
  while (out.ends_with('.'))
    out.pop_back();
  if (out.size() <= kLongest) return out;
  return std::string(first_bytes(out, kLongest)) + "...";
}

const Meaning& meaning_of(int code) {
  const auto* row = std::ranges::find(kErrors, code, &ErrorRow::code);
  return row == std::end(kErrors) ? kFailed : *row->meaning;
}

Error to_error(const Meaning& meaning, std::string message) {
  return {meaning.kind, std::string(meaning.code), std::move(message), {}, std::string(meaning.hint)};
}

}  // namespace

Error engine_error(std::string_view text) {
  const int code = take_codes(text);
  text = cut(text, kEnds);
  const std::string_view name = take_name(text);
  const Meaning& meaning = meaning_of(code);
  // What the server says of an account is no more than that.
  if (&meaning == &kStopped || &meaning == &kAccount) return to_error(meaning, std::string(meaning.what));
  const std::string_view label = name.empty() ? "ClickHouse" : name;
  return to_error(meaning, fmt::format("{}: {} ({} {})", meaning.what, shortened(text), label, code));
}

tl::unexpected<Error> stopped() { return tl::unexpected(to_error(kStopped, std::string(kStopped.what))); }

tl::unexpected<Error> out_of_time() { return tl::unexpected(to_error(kTime, std::string(kTime.what))); }

Error out_of_memory() { return to_error(kMemory, std::string(kMemory.what)); }

}  // namespace redoubt::store::detail
