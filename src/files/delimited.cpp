#include "files/delimited.h"

#include <fmt/format.h>

#include <string>
#include <vector>

#include "core/text.h"

namespace redoubt::files {

namespace {

constexpr std::string_view kBehindQuote = "text behind a closing quote";
constexpr std::string_view kTooManyFields = "too many fields";
constexpr std::string_view kNoUtf8 = "not UTF-8";

/// Goes through the pieces byte by byte and keeps the record at hand.
class Scanner {
 public:
  Scanner(char delimiter, bool quotes, const TakeRecord& take, const DelimitedLimits& limits)
      : delimiter_(delimiter), quotes_(quotes), take_(take), limits_(limits) {}

  Result<void> feed(std::string_view piece) {
    for (std::size_t at = 0; at < piece.size(); ++at) {
      if (state_ == State::Quoted || state_ == State::Plain) at = copy(piece, at);
      if (at < piece.size()) RD_TRY(step(piece[at]));
    }
    return {};
  }

  Result<void> finish() {
    if (state_ == State::Quoted)
      return fail(Error::Kind::InvalidInput, "FIL0011", "a quote is never closed", at_line(quote_line_),
                  "is the file complete?");
    at_end_ = true;
    return end_record();
  }

 private:
  /// Start: of a field. Closing: behind a quote inside quotes.
  enum class State : std::uint8_t { Start, Plain, Quoted, Closing };

  static Where at_line(std::uint64_t line) { return Where{{}, static_cast<std::uint32_t>(line), 1, {}}; }

  /// Takes over what means nothing by itself; gives where it ends.
  std::size_t copy(std::string_view piece, std::size_t at) {
    std::size_t end = at;
    if (state_ == State::Quoted)
      while (end < piece.size() && piece[end] != '"' && piece[end] != '\n')
        ++end;
    else
      while (end < piece.size() && piece[end] != delimiter_ && piece[end] != '\n')
        ++end;
    text_.append(piece.substr(at, end - at));
    return end;
  }

  Result<void> step(char c) {
    if (text_.size() > limits_.max_record_bytes)
      return fail(Error::Kind::Limit, "FIL0003",
                  fmt::format("a record is larger than {} bytes", limits_.max_record_bytes),
                  at_line(record_line_), "is a quote never closed?");
    if (c == '\n') ++line_;
    switch (state_) {
      case State::Start:
        return start(c);
      case State::Plain:
        return end_plain(c);
      case State::Quoted:
        if (c == '"')
          state_ = State::Closing;
        else
          text_ += c;
        return {};
      case State::Closing:
        return closing(c);
    }
    return {};
  }

  Result<void> start(char c) {
    if (c == '"' && quotes_) {
      state_ = State::Quoted;
      quote_line_ = line_;
      return {};
    }
    if (c == delimiter_ || c == '\n') return end_plain(c);
    state_ = State::Plain;
    text_ += c;
    return {};
  }

  Result<void> end_plain(char c) {
    if (c == '\n') {
      if (text_.size() > begin_ && text_.back() == '\r') text_.pop_back();
      return end_record();
    }
    end_field();
    return {};
  }

  Result<void> closing(char c) {
    if (c == '"') {
      text_ += '"';
      state_ = State::Quoted;
    } else if (c == delimiter_) {
      end_field();
    } else if (c == '\n') {
      return end_record();
    } else if (c != '\r') {
      mistake_ = kBehindQuote;
      state_ = State::Plain;
    }
    return {};
  }

  void end_field() {
    ends_.push_back(text_.size());
    begin_ = text_.size();
    state_ = State::Start;
    if (ends_.size() > limits_.max_fields) {
      mistake_ = kTooManyFields;
      ends_.pop_back();
    }
  }

  Result<void> end_record() {
    const bool blank = state_ == State::Start && ends_.empty();
    const bool empty_line = blank || (state_ == State::Plain && ends_.empty() && text_.empty());
    Result<void> out;
    if (!empty_line) {
      end_field();
      out = hand_on();
    }
    text_.clear();
    ends_.clear();
    begin_ = 0;
    mistake_ = {};
    state_ = State::Start;
    record_line_ = line_;
    return out;
  }

  Result<void> hand_on() {
    if (mistake_.empty() && !valid_utf8(text_)) mistake_ = kNoUtf8;
    fields_.clear();
    std::size_t begin = 0;
    for (const std::size_t end : ends_) {
      fields_.push_back(std::string_view(text_).substr(begin, end - begin));
      begin = end;
    }
    return take_({fields_, record_line_, mistake_, at_end_});
  }

  char delimiter_;
  bool quotes_;
  const TakeRecord& take_;
  const DelimitedLimits& limits_;
  State state_ = State::Start;
  std::string text_;               // of the record's fields, one behind the other
  std::vector<std::size_t> ends_;  // of the fields
  std::vector<std::string_view> fields_;
  std::size_t begin_ = 0;  // of the field at hand
  std::string_view mistake_;
  bool at_end_ = false;
  std::uint64_t line_ = 1;
  std::uint64_t record_line_ = 1;
  std::uint64_t quote_line_ = 1;
};

Result<void> read_records(TextInput& input, Scanner scanner) {
  const auto in_file = [&](Result<void> done) {
    if (!done && done.error().where.file.empty()) done.error().where.file = input.name();
    return done;
  };
  for (;;) {
    const std::string_view piece = RD_TRY(input.next());
    if (piece.empty()) return in_file(scanner.finish());
    RD_TRY(in_file(scanner.feed(piece)));
  }
}

}  // namespace

Result<void> read_delimited(TextInput& input, char delimiter, const TakeRecord& take,
                            const DelimitedLimits& limits) {
  return read_records(input, Scanner(delimiter, true, take, limits));
}

Result<void> read_lines(TextInput& input, const TakeRecord& take, const DelimitedLimits& limits) {
  return read_records(input, Scanner('\n', false, take, limits));
}

}  // namespace redoubt::files
