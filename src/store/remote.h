#pragma once

#include <chrono>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>

#include "core/result.h"
#include "net/url.h"
#include "store/engine.h"

namespace redoubt::store {

namespace detail {
struct ServerState;
}

struct RemoteOptions {
  /// Of the HTTP interface: `https://host:8443`. What stands behind `?` are settings of every statement.
  net::Url url;
  std::string user;      ///< empty: the server's own
  std::string password;  ///< goes in a field of the request, and nowhere else
  std::string ca_file;   ///< authorities of the server's certificate, as PEM; empty: the system's
  std::chrono::milliseconds connect_time{10'000};
  std::chrono::milliseconds idle_time{300'000};  ///< in which the server sends nothing
  int tries = 4;                                 ///< of what may be sent again
  std::chrono::milliseconds pause{200};          ///< before the second; it doubles
  /// Whether answers come packed; it pays where the way is longer than this machine.
  bool packed = false;
};

/// Reads a URL for RemoteOptions; `packed` is set where the server is elsewhere.
/// Errors: STO0034 (Usage) it can't be used, or has a user or a password in it.
Result<RemoteOptions> remote_options(std::string_view url);

/// Whether a text is a URL of a server, and no folder.
bool is_server_url(std::string_view text);

/// A ClickHouse server or cluster, over its HTTP interface. Each statement has a connection and an id of its
/// own.
///
/// SELECTs are sent again where nothing of their answer came and the server is not there, breaks off or is
/// busy, for as long as their inputs are kept (128 MB); statements that change something only if the server
/// had not begun them, or they have a deduplication token. A statement that is stopped or takes too long is
/// killed by its id, and its connection closed.
///
/// Errors beside those of EventEngine: STO0028 (Unavailable) the server can't be reached, STO0029
/// (Unavailable; Usage: ca_file) it is not trusted, STO0030 (Usage) user or password, STO0031 (Usage) rights,
/// STO0032 (Unavailable) it is busy, STO0033 (Unavailable) the connection broke off, STO0034 (Usage) there is
/// no ClickHouse at that URL.
class RemoteEngine final : public EventEngine {
 public:
  /// Asks the server for its version.
  static Result<std::unique_ptr<RemoteEngine>> open(RemoteOptions options);
  ~RemoteEngine() override;

  Result<QueryStatistics> query(const Query& query, const BlockSink& sink,
                                const std::stop_token& stop) override;
  Result<QueryStatistics> execute(const Query& statement, const std::stop_token& stop) override;
  bool may_lose_answers() const override { return true; }
  Result<void> end_statements(std::string_view mark) override;
  /// Of the server that is asked, not of its replicas.
  Result<void> sync() override;
  std::string version() const override;

 private:
  explicit RemoteEngine(std::unique_ptr<detail::ServerState> state);

  std::unique_ptr<detail::ServerState> state_;
};

}  // namespace redoubt::store
