#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/compression.h"
#include "core/result.h"
#include "net/http.h"
#include "store/detail/counted_sink.h"
#include "store/detail/exception_tail.h"
#include "store/native.h"

namespace redoubt::store::detail {

/// Reads what the server answers to one statement, as it comes.
class ServerAnswer {
 public:
  /// `rows` takes the blocks; null: the statement has none.
  explicit ServerAnswer(CountedSink* rows) : rows_(rows) {}

  Result<void> head(const net::HttpHead& head);
  Result<void> body(std::string_view bytes);
  /// What came of the statement. `exchanged` is how the exchange ended, `url` where.
  Result<void> finish(const Result<void>& exchanged, const net::Url& url) const;

  bool has_begun() const { return status_ != 0; }
  /// Whether the server says that it can't now, and did not begin.
  bool is_refused() const;
  /// Whether it can't now, and may have begun.
  bool is_busy() const;
  /// What was sent, of a statement without rows.
  const std::string& text() const { return said_; }
  void add_to(QueryStatistics& statistics) const;

 private:
  Result<void> take(std::string_view bytes);
  Result<void> whole() const;
  Error error_of_status(const net::Url& url) const;
  bool is_good() const;

  CountedSink* rows_;
  unsigned status_ = 0;
  std::string reason_;
  std::string exception_code_;
  std::string tag_;
  std::string summary_;
  std::optional<Decompressor> unpack_;
  NativeDecoder decoder_;
  std::optional<Error> damage_;
  std::uint64_t after_damage_ = 0;
  std::string said_;  // the first bytes
  AnswerTail tail_;
};

/// What an exchange fails with, in the words of this module.
Error exchange_error(Error error);

}  // namespace redoubt::store::detail
