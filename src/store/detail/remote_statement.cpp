#include "store/detail/remote_statement.h"

#include <fmt/format.h>

#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>

#include "store/detail/engine_error.h"
#include "store/detail/engine_settings.h"
#include "store/detail/query_parts.h"
#include "store/sql_text.h"

namespace redoubt::store::detail {

namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr std::size_t kIdBytes = 12;
/// What the server has to say itself that the time is over, in better words.
constexpr milliseconds kGrace{1'000};
/// A statement that is to be killed may not have begun yet.
constexpr int kKillTries = 5;
constexpr milliseconds kKillPause{40};
constexpr milliseconds kKillTime{2'000};

/// What limits do where they are reached; an account may have it otherwise.
constexpr EngineSetting kOverflow[] = {{"timeout_overflow_mode", "throw"}, {"result_overflow_mode", "throw"}};
/// What is in parentheses sees the rows of all servers of a cluster.
constexpr EngineSetting kCluster = {"distributed_product_mode", "global"};

bool is_unreached(const Error& error) { return error.code == "NET0002" || error.code == "NET0003"; }
bool is_broken(const Error& error) { return error.code == "NET0005"; }

std::string number(std::uint64_t value) { return std::to_string(value); }

}  // namespace

std::string id_prefix(std::string_view mark) { return fmt::format("redoubt-{}-", mark); }

net::HttpRequest make_request(const RemoteOptions& options, const Parameters& parameters) {
  net::HttpRequest out{.method = "POST", .url = options.url, .fields = {}, .body = {}, .body_bytes = {}};
  std::string& target = out.url.target;
  char sign = target.find('?') == std::string::npos ? '?' : '&';
  for (const auto& [name, value] : parameters) {
    target += fmt::format("{}{}={}", sign, name, net::url_encoded(value));
    sign = '&';
  }
  if (!options.user.empty()) out.fields.push_back({"X-ClickHouse-User", options.user});
  if (!options.password.empty()) out.fields.push_back({"X-ClickHouse-Key", options.password});
  if (options.packed) out.fields.push_back({"Accept-Encoding", "gzip"});
  return out;
}

RemoteStatement::RemoteStatement(const ServerState& server, const Query& query, const std::stop_token& stop)
    : server_(server),
      query_(query),
      stop_(stop),
      id_(id_prefix(query.mark.empty() ? "query" : query.mark) + random_hex(kIdBytes)) {}

Result<QueryStatistics> RemoteStatement::execute() {
  may_repeat_ = !query_.deduplication_token.empty();
  const Result<void> checked = check();
  return ended(checked ? run(query_.sql, query_.inputs, Way::Statement, nullptr) : checked);
}

Result<QueryStatistics> RemoteStatement::stream(const BlockSink& sink) {
  may_repeat_ = true;
  CountedSink counted(sink, query_.limits, statistics_);
  const Result<void> checked = check();
  return ended(checked ? stream_to(counted) : checked);
}

Result<std::string> RemoteStatement::ask() {
  may_repeat_ = true;
  RD_TRY(run(query_.sql, {}, Way::Statement, nullptr));
  return said_;
}

Result<void> RemoteStatement::check() const {
  if (stop_.stop_requested()) return stopped();
  for (const Input& input : query_.inputs)
    RD_TRY(check_input(input));
  return {};
}

Result<QueryStatistics> RemoteStatement::ended(const Result<void>& done) {
  // Whatever came of it: it was stopped.
  if (!done && stop_.stop_requested()) return stopped();
  if (!done) return tl::unexpected(done.error());
  statistics_.elapsed = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - begin_);
  return statistics_;
}

Result<void> RemoteStatement::stream_to(CountedSink& sink) {
  RD_TRY(run(query_.sql, query_.inputs, Way::Rows, &sink));
  if (sink.is_called()) return {};
  Block none = RD_TRY(described());
  return sink(std::move(none));
}

/// The server sends nothing where there are no rows.
Result<Block> RemoteStatement::described() {
  std::vector<Input> inputs = query_.inputs;
  for (Input& input : inputs)
    input.blocks = []() -> Result<std::optional<Block>> { return std::nullopt; };
  Block out;
  QueryStatistics unused;
  const BlockSink take = [&](const Block& block) { return add_described(block, out); };
  const QueryLimits limits;
  CountedSink rows(take, limits, unused);
  const std::string sql = describe_statement(query_.sql);
  RD_TRY(run(sql, inputs, Way::Rows, &rows));
  return out;
}

Result<void> RemoteStatement::run(std::string_view sql, std::span<const Input> inputs, Way way,
                                  CountedSink* rows) {
  RequestBody body(sql, inputs, stop_);
  milliseconds pause = server_.options.pause;
  for (int attempt = 1;; ++attempt) {
    ServerAnswer answer(rows);
    ++tried_;
    Result<void> done = try_once(body, way, answer);
    if (done) {
      if (rows == nullptr) said_ = answer.text();
      answer.add_to(statistics_);
      return done;
    }
    const bool is_fresh = rows == nullptr || !rows->is_called();
    if (!is_fresh || !may_repeat(answer, done.error()) || attempt >= server_.options.tries ||
        !body.rewind() || !wait(pause))
      return done;
    pause *= 2;
  }
}

Result<void> RemoteStatement::try_once(RequestBody& body, Way way, ServerAnswer& answer) {
  net::HttpRequest request = make_request(server_.options, parameters(way));
  request.fields.push_back({"Content-Type", body.content_type()});
  request.body = [&body] { return body.next(); };
  const net::HttpReceiver receiver{[&](const net::HttpHead& head) { return answer.head(head); },
                                   [&](std::string_view bytes) { return answer.body(bytes); }};
  const net::HttpOptions options = http_options();
  const Result<void> exchanged = net::exchange(request, receiver, options, stop_);
  Result<void> done = answer.finish(exchanged, server_.options.url);
  // The server goes on with what nobody waits for any more. Where it broke off itself it does not.
  if (!exchanged && !is_unreached(exchanged.error()) && !(is_broken(exchanged.error()) && answer.has_begun()))
    kill();
  return done;
}

bool RemoteStatement::may_repeat(const ServerAnswer& answer, const Error& error) const {
  if (error.code == "STO0028" || answer.is_refused()) return true;
  const bool is_lost = error.code == "STO0033" && !answer.has_begun();
  return may_repeat_ && (is_lost || answer.is_busy());
}

/// False: it was stopped, or there is no time left.
bool RemoteStatement::wait(milliseconds pause) const {
  const std::optional<Clock::time_point> deadline = http_options().deadline;
  if (deadline && Clock::now() + pause >= *deadline) return false;
  std::mutex mutex;
  std::condition_variable_any wake;
  std::unique_lock lock(mutex);
  wake.wait_for(lock, stop_, pause, [] { return false; });
  return !stop_.stop_requested();
}

Parameters RemoteStatement::parameters(Way way) const {
  Parameters out = {{"query_id", fmt::format("{}-{}", id_, tried_)}};
  const QueryLimits& limits = query_.limits;
  for (const EngineSetting& setting : kEngineSettings)
    out.emplace_back(setting.name, setting.value);
  for (const EngineSetting& setting : kOverflow)
    out.emplace_back(setting.name, setting.value);
  if (way == Way::Rows) {
    out.emplace_back("default_format", "Native");
    out.emplace_back(kCluster.name, kCluster.value);
    out.emplace_back("cancel_http_readonly_queries_on_client_close", "1");
    out.emplace_back("readonly", "2");
    if (limits.max_result_rows != 0) out.emplace_back("max_result_rows", number(limits.max_result_rows));
  } else {
    out.emplace_back("wait_end_of_query", "1");
    if (!query_.deduplication_token.empty())
      out.emplace_back("insert_deduplication_token", query_.deduplication_token);
  }
  if (limits.max_time.count() != 0)
    out.emplace_back("max_execution_time",
                     fmt::format("{:.3f}", std::chrono::duration<double>(limits.max_time).count()));
  if (limits.max_memory_bytes != 0) out.emplace_back("max_memory_usage", number(limits.max_memory_bytes));
  if (server_.options.packed) out.emplace_back("enable_http_compression", "1");
  return out;
}

net::HttpOptions RemoteStatement::http_options() const {
  net::HttpOptions out;
  out.connect_time = server_.options.connect_time;
  out.idle_time = server_.options.idle_time;
  out.ca_file = server_.options.ca_file;
  if (query_.limits.max_time.count() != 0) out.deadline = begin_ + query_.limits.max_time + kGrace;
  return out;
}

/// As well as it goes: of what has ended there is nothing to kill.
void RemoteStatement::kill() const {
  const std::string sql = fmt::format("KILL QUERY WHERE query_id = {} ASYNC FORMAT TabSeparated",
                                      sql_text(fmt::format("{}-{}", id_, tried_)));
  RemoteOptions options = server_.options;
  options.packed = false;
  net::HttpOptions http = http_options();
  http.deadline = Clock::now() + kKillTime;
  for (int attempt = 0; attempt < kKillTries; ++attempt) {
    net::HttpRequest request = make_request(options, {});
    bool is_sent = false;
    request.body = [&]() -> Result<std::optional<std::string>> {
      return std::exchange(is_sent, true) ? std::nullopt : std::optional(sql);
    };
    bool is_killed = false;
    const net::HttpReceiver receiver{[](const net::HttpHead&) -> Result<void> { return {}; },
                                     [&](std::string_view) -> Result<void> {
                                       is_killed = true;
                                       return {};
                                     }};
    if (!net::exchange(request, receiver, http, {}) || is_killed) return;
    std::this_thread::sleep_for(kKillPause);
  }
}

}  // namespace redoubt::store::detail
