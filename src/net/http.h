#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "net/url.h"

namespace redoubt::net {

struct HttpField {
  std::string name;
  std::string value;
};

/// The next bytes of a body, or nothing behind the last. It's called on the thread of the exchange.
using HttpBody = std::function<Result<std::optional<std::string>>()>;

struct HttpRequest {
  std::string method = "GET";
  Url url;
  /// Beside Host, User-Agent, Connection and what tells the body's length.
  std::vector<HttpField> fields;
  HttpBody body;  ///< none: there is no body
  /// Nothing: the body is sent in chunks as it comes.
  std::optional<std::uint64_t> body_bytes;
};

/// What stands in front of an answer's body.
struct HttpHead {
  unsigned status = 0;
  std::string reason;
  std::vector<HttpField> fields;

  /// The value of the first field of that name, in any case; empty where there is none.
  std::string_view field(std::string_view name) const;
};

/// Takes an answer as it comes. What one of these fails with ends the exchange, and is what it fails with.
struct HttpReceiver {
  std::function<Result<void>(const HttpHead& head)> head;
  std::function<Result<void>(std::string_view bytes)> body;
  /// Asked behind the head: false ends the exchange there. None: the body is wanted.
  std::function<bool()> wants_body = {};
};

struct HttpOptions {
  std::chrono::milliseconds connect_time{10'000};  ///< for each of: find the host, connect, shake hands
  std::chrono::milliseconds idle_time{300'000};    ///< in which not a byte goes either way
  std::optional<std::chrono::steady_clock::time_point> deadline;  ///< of all together
  std::string ca_file;                       ///< the authorities that count, as PEM; empty: the system's
  std::uint32_t max_head_bytes = 64U << 10;  ///< of an answer
  /// No connection is made to an address that is not of the public internet (is_public_address()): NET0011.
  bool public_only = false;
  /// Where the server closes behind its answer, bytes behind a body that is complete are NET0005: it said a
  /// wrong length.
  bool nothing_behind = false;
};

/// Sends a request on a connection of its own, and hands the answer on as it comes. Redirects are answers
/// like others; a body is handed on as it was coded. The whole of a body has come when it returns without an
/// error.
///
/// An answer that comes before all of the request was taken is read, too. Runs on the calling thread.
/// Errors, all Unavailable where not said otherwise: NET0002 no connection, NET0003 TLS (Usage: ca_file can't
/// be read): after these two nothing of the request was sent; NET0004 idle_time, NET0005 the connection
/// broke, or what came is no HTTP; NET0011 see public_only; NET0013 `stop` was requested; NET0014 (Limit) the
/// deadline; what the body and the receiver fail with.
Result<void> exchange(const HttpRequest& request, const HttpReceiver& receiver, const HttpOptions& options,
                      const std::stop_token& stop);

/// A text as a part of a URL's query: all but letters, digits and `-._~` are encoded.
std::string url_encoded(std::string_view text);

}  // namespace redoubt::net
