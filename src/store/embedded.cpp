#include "store/embedded.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <string_view>
#include <utility>

#include "store/detail/engine_error.h"
#include "store/detail/engine_settings.h"
#include "store/detail/statement.h"
#include "store/detail/stderr_capture.h"

namespace redoubt::store {

namespace {

/// What every connection is opened with, beside kEngineSettings. The engine ignores names that it does not
/// know; a test reads them back.
constexpr std::string_view kArguments[] = {
    "redoubt",
    "--config-file=/dev/null/none",  // otherwise config.xml of the working folder, or one of the home folder
    "--implicit_select=0",           // it is one of the program, not of servers
};

/// Says why the engine does not start, as far as the library does.
Result<detail::Session> first_session(const detail::EngineState& state) {
  const detail::StderrCapture said;
  Result<detail::Session> out = state.open_session({});
  if (out) return out;
  const std::string text = said.text();
  if (text.empty()) return out;
  Error error = std::move(out).error();
  const std::string why = detail::engine_error(text).message;  // `what it means for a query: the reason`
  error.message += why.substr(std::min(why.find(": "), why.size()));
  return tl::unexpected(std::move(error));
}

}  // namespace

EmbeddedEngine::EmbeddedEngine(std::unique_ptr<detail::EngineState> state) : state_(std::move(state)) {}
EmbeddedEngine::~EmbeddedEngine() = default;

Result<std::unique_ptr<EmbeddedEngine>> EmbeddedEngine::open(const EmbeddedOptions& options) {
  const std::string file = RD_TRY(find_engine_library(options.library));
  detail::Library library = RD_TRY(detail::Library::load(file));
  detail::Directory directory =
      RD_TRY(options.data_directory.empty() ? detail::Directory::temporary()
                                            : detail::Directory::lock(options.data_directory));
  auto state = std::make_unique<detail::EngineState>(library, std::move(directory));
  state->arguments.assign(std::begin(kArguments), std::end(kArguments));
  for (const detail::EngineSetting& setting : detail::kEngineSettings)
    state->arguments.push_back(fmt::format("--{}={}", setting.name, setting.value));
  state->arguments.push_back("--path=" + state->directory.path());
  if (options.threads != 0) state->arguments.push_back(fmt::format("--max_threads={}", options.threads));
  if (options.max_memory_bytes != 0)
    state->arguments.push_back(fmt::format("--max_server_memory_usage={}", options.max_memory_bytes));
  detail::Session keeper = RD_TRY(first_session(*state));
  state->keeper = std::make_unique<detail::Session>(std::move(keeper));
  return std::unique_ptr<EmbeddedEngine>(new EmbeddedEngine(std::move(state)));
}

bool EmbeddedEngine::was_here(const std::string& folder) { return detail::Directory::was_locked(folder); }

Result<QueryStatistics> EmbeddedEngine::query(const Query& query, const BlockSink& sink,
                                              const std::stop_token& stop) {
  return detail::Statement(*state_, query, stop).stream(sink);
}

Result<QueryStatistics> EmbeddedEngine::execute(const Query& statement, const std::stop_token& stop) {
  return detail::Statement(*state_, statement, stop).execute();
}

Result<void> EmbeddedEngine::end_statements(std::string_view) { return {}; }

Result<void> EmbeddedEngine::sync() { return state_->directory.sync(); }

std::string EmbeddedEngine::version() const { return fmt::format("libchdb {}", state_->library.version()); }

}  // namespace redoubt::store
