#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string_view>

#include "core/result.h"
#include "files/text_input.h"

namespace redoubt::files {

/// What a reader of untrusted records accepts; a file may have any number of records.
struct DelimitedLimits {
  std::size_t max_record_bytes = std::size_t{64} << 20;
  std::size_t max_fields = 20'000;
};

/// One record. The fields live until the call that gets it returns.
struct Record {
  std::span<const std::string_view> fields;
  std::uint64_t line = 0;    ///< it begins in, from 1 on
  std::string_view mistake;  ///< why it can't be used; empty when it can
  bool ends_text = false;    ///< no line break stands behind it
};

/// Gets one record after the other; an error ends the reading and is passed on.
using TakeRecord = std::function<Result<void>(const Record& record)>;

/// Reads CSV, or the same with another delimiter: fields may stand in quotes, and then hold delimiters, line
/// breaks, and quotes written twice. Lines end with LF or CR LF; empty ones are passed over. Memory is that
/// of the largest record.
///
/// A record with text behind a closing quote, with too many fields, or that is no UTF-8 has a mistake, and
/// the reading goes on. Errors: those of the input; FIL0011 (InvalidInput) a quote that is never closed;
/// FIL0003 (Limit) a record larger than the limit. Source: RFC 4180.
Result<void> read_delimited(TextInput& input, char delimiter, const TakeRecord& take,
                            const DelimitedLimits& limits = {});

/// Reads a text line by line; each is a record of one field.
Result<void> read_lines(TextInput& input, const TakeRecord& take, const DelimitedLimits& limits = {});

}  // namespace redoubt::files
