#pragma once

#include <string_view>

#include "core/result.h"

namespace redoubt::doc::detail {

/// What every reader asks of a text before it parses: DOC0103 when it is larger than `max_bytes`, DOC0102
/// when it is not UTF-8 (place of the first byte that is none).
Result<void> check_text(std::string_view name, std::string_view text, std::size_t max_bytes);

/// 3 behind a byte order mark, else 0.
constexpr std::size_t byte_order_mark(std::string_view text) {
  return text.starts_with("\xef\xbb\xbf") ? 3 : 0;
}

}  // namespace redoubt::doc::detail
