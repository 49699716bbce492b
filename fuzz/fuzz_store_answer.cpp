#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "core/result.h"
#include "net/url.h"
#include "store/detail/exception_tail.h"
#include "store/detail/server_answer.h"

// The answer of a server is understood the same in one piece and in any others, whatever its head says; an
// exception is found behind any rows; nothing of the body is taken for a good answer that is none.

namespace {

using namespace redoubt;
using namespace redoubt::store;

struct Understood {
  std::string mistake;
  std::uint64_t rows = 0;
};

Understood understand(const net::HttpHead& head, std::string_view body, std::size_t piece, bool is_broken) {
  Understood out;
  QueryStatistics statistics;
  const QueryLimits limits;
  const BlockSink sink = [&](const Block& block) -> Result<void> {
    out.rows += block.rows();
    return {};
  };
  store::detail::CountedSink rows(sink, limits, statistics);
  store::detail::ServerAnswer answer(&rows);
  Result<void> done = answer.head(head);
  for (std::size_t at = 0; at < body.size() && done; at += piece)
    done = answer.body(body.substr(at, piece));
  if (done && is_broken) done = fail(Error::Kind::Unavailable, "NET0005", "the connection broke off");
  const Result<void> ended = answer.finish(done, {});
  if (!ended) out.mistake = ended.error().text();
  return out;
}

net::HttpHead head_of(std::uint8_t choice) {
  net::HttpHead out{(choice & 1U) != 0 ? 500U : 200U, "", {}};
  if ((choice & 2U) != 0) out.fields.push_back({"Content-Encoding", "gzip"});
  if ((choice & 4U) != 0) out.fields.push_back({"X-ClickHouse-Exception-Tag", "abcdefghijklmnop"});
  if ((choice & 8U) != 0) out.fields.push_back({"X-ClickHouse-Format", "Native"});
  if ((choice & 16U) != 0) out.fields.push_back({"X-ClickHouse-Exception-Code", "60"});
  return out;
}

void check_exception(std::string_view rows) {
  constexpr std::string_view kTag = "abcdefghijklmnop";
  constexpr std::string_view kText = "Code: 395. DB::Exception: boom";
  const std::string tail = std::string(rows) + "\r\n__exception__\r\n" + std::string(kTag) + "\r\n" +
                           std::string(kText) + "\n30 " + std::string(kTag) + "\r\n__exception__\r\n";
  const std::optional<std::string_view> found = store::detail::find_exception(tail, kTag);
  RD_CHECK(found && *found == kText);
  const std::optional<std::string_view> other = store::detail::find_exception(rows, {});
  RD_CHECK(!other || rows.find(*other) != std::string_view::npos);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const std::string_view body(reinterpret_cast<const char*>(data + 2), size - 2);
  const net::HttpHead head = head_of(data[0]);
  const bool is_broken = (data[0] & 32U) != 0;
  const Understood whole = understand(head, body, body.size() + 1, is_broken);
  const Understood pieces = understand(head, body, 1 + data[1] % 16, is_broken);
  RD_CHECK(whole.rows == pieces.rows && whole.mistake.empty() == pieces.mistake.empty());
  if (head.status != 200 || is_broken) RD_CHECK(!whole.mistake.empty());
  check_exception(body);
  return 0;
}
