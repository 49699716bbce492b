#include <fmt/format.h>

#include <algorithm>

#include "core/text.h"
#include "core/utf8.h"
#include "doc/detail/check_text.h"

namespace redoubt::doc::detail {

Result<void> check_text(std::string_view name, std::string_view text, std::size_t max_bytes) {
  Where where{std::string(name), 0, 0, {}};
  if (text.size() > max_bytes)
    return fail(Error::Kind::Limit, "DOC0103", fmt::format("larger than {} bytes", max_bytes), where);
  if (text.starts_with("\xff\xfe") || text.starts_with("\xfe\xff"))
    return fail(Error::Kind::InvalidInput, "DOC0102", "the file is UTF-16, not UTF-8", where,
                "save it as UTF-8");
  const std::size_t bad = first_invalid_utf8(text);
  if (bad == std::string_view::npos) return {};
  const std::string_view before = text.substr(0, bad);
  where.line = static_cast<std::uint32_t>(std::count(before.begin(), before.end(), '\n')) + 1;
  where.column = static_cast<std::uint32_t>(count_characters(before.substr(before.rfind('\n') + 1))) + 1;
  return fail(Error::Kind::InvalidInput, "DOC0102", "not UTF-8", where, "save the file as UTF-8");
}

}  // namespace redoubt::doc::detail
