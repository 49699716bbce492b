#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "http_server.h"
#include "store/detail/statement.h"

namespace redoubt::front {

/// How the server says what goes wrong behind the first rows: it was another way in each of these.
enum class Breaking : std::uint8_t {
  Tagged,  ///< since 25.11: marker, tag, text, length; and the connection breaks
  Marked,  ///< marker and text
  Plain,   ///< the text alone, and the answer is ended as if it was whole
};

struct FrontOptions {
  std::string data_directory;  ///< empty: a temporary one
  std::string user = "default";
  std::string password;
  HttpServer::Options server;
  Breaking breaking = Breaking::Tagged;
};

/// What is to go wrong. Numbers count the requests that it happens to, from the next on; those that kill are
/// none.
struct Faults {
  std::atomic<int> drop = 0;         ///< closed without an answer, and nothing was done
  std::atomic<int> drop_answer = 0;  ///< done, and closed without an answer
  std::atomic<int> busy = 0;         ///< 503, as a proxy answers
  std::atomic<int> raw = 0;          ///< `raw_answer` instead
  std::atomic<int> cut = 0;          ///< closed behind so many bytes of the body as `cut_at` says
  std::atomic<std::size_t> cut_at = 0;
  std::string raw_answer;
};

/// Enough of ClickHouse's HTTP interface over the embedded engine to test a client against: the query in the
/// body, in the URL or in fields of a form, external tables in the format Native, settings in the URL,
/// accounts, packed answers, exceptions in front of and behind the first rows, KILL QUERY. `query_id` stands
/// in the log_comment, for the library gives queries no id. It is no product, and hides nothing.
class ClickHouseFront {
 public:
  static Result<std::unique_ptr<ClickHouseFront>> open(const FrontOptions& options);
  ~ClickHouseFront();

  std::string url() const;
  std::uint16_t port() const { return server_->port(); }
  Faults& faults() { return faults_; }
  /// What was asked until now.
  std::vector<Request> requests() const;

 private:
  struct Asked;
  explicit ClickHouseFront(FrontOptions options) : options_(std::move(options)) {}
  void handle(const Request& request, Connection& connection);
  bool fails(const Request& request, Connection& connection);
  void answer(const Asked& asked, Connection& connection, bool is_dropped);
  std::string prepare(const Asked& asked, const store::detail::Session& session);
  std::string read_input(const Asked& asked, const store::detail::Session& session, std::size_t number);
  std::string read_settings();

  FrontOptions options_;
  std::unique_ptr<store::detail::EngineState> engine_;
  std::set<std::string, std::less<>> settings_;
  Faults faults_;
  mutable std::mutex mutex_;
  std::vector<Request> requests_;  // guarded by mutex_
  std::unique_ptr<HttpServer> server_;
};

}  // namespace redoubt::front
