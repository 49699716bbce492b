#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace redoubt::store::detail {

/// The last bytes of an answer, of which an exception that ends it is at most half.
class AnswerTail {
 public:
  void add(std::string_view bytes);
  std::string_view text() const;

 private:
  std::string bytes_;
};

/// What the server says where it breaks an answer off: `Code: 395. DB::Exception: ...`; nothing where it says
/// nothing. To be asked only of an answer that is not whole, for rows may hold anything.
///
/// `tag` is that of the field X-ClickHouse-Exception-Tag, which stands around the text; without one the text
/// is all that stands at the end, behind a marker or none. Source: "HTTP response codes caveats" of
/// ClickHouse's documentation; servers before 25.11 have no tag, those before 25.3 no marker.
std::optional<std::string_view> find_exception(std::string_view tail, std::string_view tag);

}  // namespace redoubt::store::detail
