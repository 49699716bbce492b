#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/result.h"
#include "net/http.h"
#include "store/detail/counted_sink.h"
#include "store/detail/request_body.h"
#include "store/detail/server_answer.h"
#include "store/engine.h"
#include "store/remote.h"

namespace redoubt::store::detail {

/// A server that is spoken with.
struct ServerState {
  RemoteOptions options;
  std::string version;
};

/// Names and values of a URL's query.
using Parameters = std::vector<std::pair<std::string, std::string>>;

/// What is sent to a server, without a body.
net::HttpRequest make_request(const RemoteOptions& options, const Parameters& parameters);

/// One statement, from its inputs to its end.
class RemoteStatement {
 public:
  RemoteStatement(const ServerState& server, const Query& query, const std::stop_token& stop);

  Result<QueryStatistics> execute();
  Result<QueryStatistics> stream(const BlockSink& sink);
  /// What the server answers, as text.
  Result<std::string> ask();

 private:
  /// How a statement is sent.
  enum class Way : std::uint8_t {
    Rows,       ///< it only reads, and its answer is in the format Native
    Statement,  ///< the answer comes when all is done
  };

  Result<void> check() const;
  Result<void> run(std::string_view sql, std::span<const Input> inputs, Way way, CountedSink* rows);
  Result<void> try_once(RequestBody& body, Way way, ServerAnswer& answer);
  bool may_repeat(const ServerAnswer& answer, const Error& error) const;
  bool wait(std::chrono::milliseconds pause) const;
  Result<void> stream_to(CountedSink& sink);
  Result<Block> described();
  Parameters parameters(Way way) const;
  net::HttpOptions http_options() const;
  void kill() const;
  Result<QueryStatistics> ended(const Result<void>& done);

  const ServerState& server_;
  const Query& query_;
  const std::stop_token& stop_;
  std::string id_;
  int tried_ = 0;
  bool may_repeat_ = false;
  std::string said_;
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
  QueryStatistics statistics_;
};

/// What the ids of statements with a mark begin with.
std::string id_prefix(std::string_view mark);

}  // namespace redoubt::store::detail
