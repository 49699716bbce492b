#include "store/detail/server_answer.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <functional>
#include <iterator>
#include <utility>

#include "core/text.h"
#include "store/detail/engine_error.h"

namespace redoubt::store::detail {

namespace {

using Kind = Error::Kind;

constexpr unsigned kOk = 200;
constexpr unsigned kUnauthorized = 401;
constexpr unsigned kForbidden = 403;
constexpr unsigned kNotHere[] = {502, 503, 504};
constexpr std::string_view kTooManyQueries = "202";
constexpr std::size_t kMostSaid = std::size_t{64} << 10;
/// Read behind what can't be, for an exception may stand there.
constexpr std::uint64_t kMostAfterDamage = std::uint64_t{1} << 20;

struct ExchangeRow {
  std::string_view net;
  std::string_view code;
  std::string_view what;
};

constexpr ExchangeRow kExchangeErrors[] = {
    {"NET0002", "STO0028", "the server of events can't be reached"},
    {"NET0003", "STO0029", "the server of events is not trusted"},
    {"NET0004", "STO0033", "the server of events broke off"},
    {"NET0005", "STO0033", "the server of events broke off"},
};

/// `"read_rows":"17"` of a summary.
std::uint64_t number_of(std::string_view summary, std::string_view name) {
  const std::string key = fmt::format("\"{}\":\"", name);
  const std::size_t at = summary.find(key);
  std::uint64_t out = 0;
  if (at == std::string_view::npos) return out;
  std::from_chars(summary.data() + at + key.size(), summary.data() + summary.size(), out);
  return out;
}

Error damaged(std::string_view what) {
  return {Kind::InvalidInput,
          "STO0011",
          fmt::format("what the engine sent can't be read: {}", what),
          {},
          "report it, with the version of the engine"};
}

}  // namespace

Error exchange_error(Error error) {
  if (error.code == "NET0013") return std::move(stopped()).value();
  if (error.code == "NET0014") return std::move(out_of_time()).value();
  const auto* const row = std::ranges::find(kExchangeErrors, error.code, &ExchangeRow::net);
  if (row == std::end(kExchangeErrors)) return error;
  error.code = row->code;
  error.message = fmt::format("{}: {}", row->what, error.message);
  if (error.code == "STO0029") error.hint = "--ca names a file of the authorities that count";
  return error;
}

bool ServerAnswer::is_good() const { return status_ == kOk && exception_code_.empty(); }

bool ServerAnswer::is_refused() const { return exception_code_ == kTooManyQueries; }

bool ServerAnswer::is_busy() const {
  return has_begun() && !is_good() && std::ranges::find(kNotHere, status_) != std::end(kNotHere);
}

Result<void> ServerAnswer::head(const net::HttpHead& head) {
  status_ = head.status;
  reason_ = head.reason;
  exception_code_ = head.field("X-ClickHouse-Exception-Code");
  tag_ = head.field("X-ClickHouse-Exception-Tag");
  summary_ = head.field("X-ClickHouse-Summary");
  const std::string_view coding = head.field("Content-Encoding");
  if (equal_any_case(coding, "gzip"))
    unpack_.emplace(Packing::Gzip);
  else if (!coding.empty() && !equal_any_case(coding, "identity"))
    damage_ = damaged(fmt::format("it is coded as {}", coding));
  const std::string_view format = head.field("X-ClickHouse-Format");
  if (is_good() && rows_ != nullptr && !format.empty() && format != "Native")
    damage_ = damaged(fmt::format("it is in the format {}", format));
  return {};
}

Result<void> ServerAnswer::body(std::string_view bytes) {
  if (!unpack_) return take(bytes);
  bool is_taken = true;
  const Decompressor::Sink sink = [&](std::string_view part) {
    Result<void> done = take(part);
    is_taken = done.has_value();
    return done;
  };
  Result<void> done = unpack_->feed(bytes, sink);
  if (done || !is_taken) return done;
  return tl::unexpected(damaged("its packing is damaged"));
}

Result<void> ServerAnswer::take(std::string_view bytes) {
  tail_.add(bytes);
  if (said_.size() < kMostSaid) said_ += bytes.substr(0, kMostSaid - said_.size());
  if (!is_good() || rows_ == nullptr) return {};
  if (damage_) {
    after_damage_ += bytes.size();
    return after_damage_ <= kMostAfterDamage ? Result<void>() : tl::unexpected(*damage_);
  }
  Result<void> done = decoder_.feed(bytes, std::ref(*rows_));
  if (!done && rows_->has_failed()) return done;
  if (!done) damage_ = std::move(done).error();
  return {};
}

Result<void> ServerAnswer::whole() const {
  if (damage_) return tl::unexpected(*damage_);
  if (unpack_ && !unpack_->finish()) return tl::unexpected(damaged("its packing is cut off"));
  return rows_ == nullptr ? Result<void>() : decoder_.finish();
}

Result<void> ServerAnswer::finish(const Result<void>& exchanged, const net::Url& url) const {
  if (rows_ != nullptr && rows_->has_failed()) return exchanged;
  if (!exchanged &&
      (!has_begun() || exchanged.error().code == "NET0013" || exchanged.error().code == "NET0014"))
    return tl::unexpected(exchange_error(exchanged.error()));
  if (!is_good()) return tl::unexpected(error_of_status(url));
  const Result<void> read = whole();
  if (exchanged && read && rows_ != nullptr) return {};
  if (const std::optional<std::string_view> said = find_exception(tail_.text(), tag_))
    return tl::unexpected(engine_error(*said));
  if (!exchanged) return tl::unexpected(exchange_error(exchanged.error()));
  return read;
}

Error ServerAnswer::error_of_status(const net::Url& url) const {
  if (const std::optional<std::string_view> said = find_exception(said_, {})) return engine_error(*said);
  if (!exception_code_.empty())
    return engine_error(fmt::format("Code: {}. DB::Exception: {}", exception_code_, said_));
  if (status_ == kUnauthorized || status_ == kForbidden) return engine_error("Code: 516. DB::Exception: ");
  const std::string text = url.text();
  const std::string answer = fmt::format("{} {}", status_, on_one_line(reason_));
  Where where{text.substr(0, text.find('?')), 0, 0, {}};
  if (is_busy())
    return {Kind::Unavailable, "STO0032", "the server of events can't do it now: " + answer, std::move(where),
            "ask again later"};
  return {Kind::Usage, "STO0034", "there is no ClickHouse that answers at this URL: " + answer,
          std::move(where), "name its HTTP interface, such as https://host:8443"};
}

void ServerAnswer::add_to(QueryStatistics& statistics) const {
  statistics.rows_read += number_of(summary_, "read_rows");
  statistics.bytes_read += number_of(summary_, "read_bytes");
}

}  // namespace redoubt::store::detail
