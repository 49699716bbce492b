#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "core/result.h"
#include "store/detail/directory.h"
#include "store/detail/library.h"
#include "store/detail/session.h"
#include "store/engine.h"

namespace redoubt::store::detail {

/// The embedded engine while it is open.
struct EngineState {
  Result<Session> open_session(std::span<const std::string> more) const;
  /// Ends the statement that was given this mark, if it runs.
  void kill(const std::string& mark);

  Library library;
  Directory directory;                 // before what is in it
  std::vector<std::string> arguments;  // of every session
  std::atomic<std::uint64_t> statements = 0;
  std::mutex mutex;
  std::unique_ptr<Session> keeper;  // guarded by mutex; while it is open, the engine is
};

class CountedSink;

/// One statement, from its inputs to its end.
class Statement {
 public:
  Statement(EngineState& engine, const Query& query, const std::stop_token& stop);

  Result<QueryStatistics> execute();
  Result<QueryStatistics> stream(const BlockSink& sink);

 private:
  using Body = std::function<Result<void>(Session& session)>;
  Result<QueryStatistics> run(const Body& body);
  Result<void> run_in(Session& session, const Body& body);
  std::vector<std::string> settings() const;
  Result<void> load_inputs(Session& session);
  Result<void> load(Session& session, const Input& input, std::size_t number);
  Result<void> shorten_time(Session& session) const;
  Result<void> stream_to(Session& session, CountedSink& sink);
  Result<void> pump(Session& session, const Answer& stream, CountedSink& sink);
  Result<Block> described(Session& session) const;

  EngineState& engine_;
  const Query& query_;
  const std::stop_token& stop_;
  std::string mark_;
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
  QueryStatistics statistics_;
};

}  // namespace redoubt::store::detail
