#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "store/engine.h"

namespace redoubt::store::detail {

/// A statement with its inputs as the server of ClickHouse takes them: a form whose files are external tables
/// in the format Native, or the text alone where there are no inputs. Inputs are read as the body is sent.
/// Source: "External data for query processing" of ClickHouse's documentation.
class RequestBody {
 public:
  /// What it is made of must outlive it.
  RequestBody(std::string_view sql, std::span<const Input> inputs, const std::stop_token& stop);

  /// `multipart/form-data; boundary=...`
  const std::string& content_type() const { return content_type_; }
  /// The next bytes. Errors: what an input fails with, STO0015 (Usage) it is not as said, STO0008 stopped.
  Result<std::optional<std::string>> next();
  /// To the beginning again; false: it was too large to be kept, and can't be sent again.
  bool rewind();

 private:
  Result<std::optional<std::string>> make_next();
  std::string fields() const;
  std::string field(std::string_view name, std::string_view value) const;
  Result<std::string> next_of(const Input& input);

  std::string_view sql_;
  std::span<const Input> inputs_;
  const std::stop_token& stop_;
  std::string boundary_;
  std::string content_type_;

  bool begun_ = false;
  bool in_file_ = false;
  bool ended_ = false;
  std::size_t input_ = 0;  // that is sent

  std::vector<std::string> kept_;  // what was given since the beginning
  std::size_t kept_bytes_ = 0;
  std::size_t again_ = 0;  // of kept_, what is given next
  bool is_kept_ = true;
};

/// What an input is, as SQL has it: "`a` Nullable(Int64), `b` String".
std::string structure_of(std::span<const ColumnShape> columns);

/// So many random bytes as hexadecimal digits.
std::string random_hex(std::size_t bytes);

}  // namespace redoubt::store::detail
