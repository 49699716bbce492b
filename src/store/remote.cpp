#include "store/remote.h"

#include <fmt/format.h>

#include <chrono>
#include <thread>
#include <utility>

#include "core/text.h"
#include "store/detail/remote_statement.h"
#include "store/sql_text.h"

namespace redoubt::store {

namespace {

using std::chrono::milliseconds;

/// How long statements may take to end that were killed.
constexpr std::chrono::seconds kEndTime{60};
constexpr milliseconds kEndPause{100};

/// Secrets that an address would show in every list of processes.
constexpr std::string_view kSecrets[] = {"user", "password"};

tl::unexpected<Error> wrong_url(std::string why) {
  return fail(Error::Kind::Usage, "STO0034",
              fmt::format("the URL of the server of events can't be used: {}", why), {},
              "write https://host:8443, and the account in REDOUBT_CLICKHOUSE_USER and _PASSWORD");
}

Result<void> check_parameters(std::string_view target) {
  const std::size_t begin = target.find('?');
  if (begin == std::string_view::npos) return {};
  for (const std::string_view parameter : split(target.substr(begin + 1), '&'))
    for (const std::string_view secret : kSecrets)
      if (equal_any_case(parameter.substr(0, parameter.find('=')), secret))
        return wrong_url(fmt::format("it holds a {}", secret));
  return {};
}

}  // namespace

bool is_server_url(std::string_view text) {
  return starts_with_any_case(text, "http://") || starts_with_any_case(text, "https://");
}

Result<RemoteOptions> remote_options(std::string_view url) {
  const Result<net::Url> parsed = net::parse_url(url);
  if (!parsed) {
    // What it says of the URL is all; the URL itself may hold a secret.
    const std::string& why = parsed.error().message;
    const std::size_t colon = why.find(": ");
    return wrong_url(colon == std::string::npos ? why : why.substr(colon + 2));
  }
  RD_TRY(check_parameters(parsed->target));
  RemoteOptions out;
  out.url = *parsed;
  out.packed = !out.url.is_local();
  return out;
}

RemoteEngine::RemoteEngine(std::unique_ptr<detail::ServerState> state) : state_(std::move(state)) {}
RemoteEngine::~RemoteEngine() = default;

Result<std::unique_ptr<RemoteEngine>> RemoteEngine::open(RemoteOptions options) {
  auto state = std::make_unique<detail::ServerState>();
  state->options = std::move(options);
  const Query ask{.sql = "SELECT version() FORMAT TabSeparatedRaw"};
  const std::string said = RD_TRY(detail::RemoteStatement(*state, ask, {}).ask());
  state->version = on_one_line(trim(said));
  return std::unique_ptr<RemoteEngine>(new RemoteEngine(std::move(state)));
}

Result<QueryStatistics> RemoteEngine::query(const Query& query, const BlockSink& sink,
                                            const std::stop_token& stop) {
  return detail::RemoteStatement(*state_, query, stop).stream(sink);
}

Result<QueryStatistics> RemoteEngine::execute(const Query& statement, const std::stop_token& stop) {
  return detail::RemoteStatement(*state_, statement, stop).execute();
}

/// A statement that was killed ends when its threads see it.
Result<void> RemoteEngine::end_statements(std::string_view mark) {
  const std::string with_mark = fmt::format("startsWith(query_id, {})", sql_text(detail::id_prefix(mark)));
  const Query kill{.sql = fmt::format("KILL QUERY WHERE {} ASYNC", with_mark)};
  const Query look{
      .sql = fmt::format("SELECT count() FROM system.processes WHERE {} FORMAT TabSeparatedRaw", with_mark)};
  const auto end = std::chrono::steady_clock::now() + kEndTime;
  for (;;) {
    RD_TRY(detail::RemoteStatement(*state_, kill, {}).ask());
    const std::string left = RD_TRY(detail::RemoteStatement(*state_, look, {}).ask());
    if (trim(left) == "0") return {};
    if (std::chrono::steady_clock::now() >= end)
      return fail(
          Error::Kind::Unavailable, "STO0032",
          fmt::format("the server of events can't do it now: statements do not end that were killed: {}",
                      trim(left)),
          {}, "ask again later");
    std::this_thread::sleep_for(kEndPause);
  }
}

Result<void> RemoteEngine::sync() {
  RD_TRY(execute({.sql = "SYSTEM SYNC FILE CACHE", .inputs = {}, .limits = {}}, {}));
  return {};
}

std::string RemoteEngine::version() const {
  const net::Url& url = state_->options.url;
  return fmt::format("ClickHouse {} at {}://{}", state_->version, url.secure ? "https" : "http",
                     url.authority());
}

}  // namespace redoubt::store
