#include "store/detail/statement.h"

#include <fmt/format.h>

#include <string_view>
#include <utility>

#include "store/detail/arrow_export.h"
#include "store/detail/counted_sink.h"
#include "store/detail/engine_error.h"
#include "store/detail/kill_on_stop.h"
#include "store/detail/query_parts.h"
#include "store/native.h"

namespace redoubt::store::detail {

namespace {

using Clock = std::chrono::steady_clock;

/// Registers a stream as a table function for as long as it lives.
class Registration {
 public:
  Registration(const Session& session, std::string name, ArrowArrayStream& stream)
      : session_(session), name_(std::move(name)) {
    RD_CHECK(session_.library().arrow_scan(session_.connection(), name_.c_str(), &stream) == 0);
  }
  Registration(const Registration&) = delete;
  Registration& operator=(const Registration&) = delete;
  ~Registration() { session_.library().arrow_unregister(session_.connection(), name_.c_str()); }

  const std::string& name() const { return name_; }

 private:
  const Session& session_;
  std::string name_;
};

double seconds(Clock::duration time) { return std::chrono::duration<double>(time).count(); }

}  // namespace

Result<Session> EngineState::open_session(std::span<const std::string> more) const {
  std::vector<std::string> all = arguments;
  all.insert(all.end(), more.begin(), more.end());
  return Session::open(library, all);
}

void EngineState::kill(const std::string& mark) {
  const std::lock_guard lock(mutex);
  // Of a statement that has not begun or has ended there is nothing to kill.
  static_cast<void>(keeper->run(fmt::format("KILL QUERY WHERE Settings['log_comment'] = '{}' ASYNC", mark)));
}

Statement::Statement(EngineState& engine, const Query& query, const std::stop_token& stop)
    : engine_(engine),
      query_(query),
      stop_(stop),
      mark_(fmt::format("redoubt_{}", engine.statements.fetch_add(1))) {}

Result<QueryStatistics> Statement::execute() {
  return run([this](Session& session) -> Result<void> {
    const Answer answer = RD_TRY(session.run(query_.sql));
    answer.add_to(statistics_);
    return {};
  });
}

Result<QueryStatistics> Statement::stream(const BlockSink& sink) {
  CountedSink counted(sink, query_.limits, statistics_);
  return run([&](Session& session) { return stream_to(session, counted); });
}

Result<QueryStatistics> Statement::run(const Body& body) {
  if (stop_.stop_requested()) return stopped();
  for (const Input& input : query_.inputs)
    RD_TRY(check_input(input));
  Session session = RD_TRY(engine_.open_session(settings()));
  Result<void> done = run_in(session, body);
  // Whatever came of it: it was stopped.
  if (!done && stop_.stop_requested()) return stopped();
  if (!done) return tl::unexpected(std::move(done).error());
  statistics_.elapsed = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - begin_);
  return statistics_;
}

Result<void> Statement::run_in(Session& session, const Body& body) {
  const KillOnStop killer(stop_, [this] { engine_.kill(mark_); });
  RD_TRY(load_inputs(session));
  return body(session);
}

std::vector<std::string> Statement::settings() const {
  std::vector<std::string> out = {"--log_comment=" + mark_};
  const QueryLimits& limits = query_.limits;
  if (limits.max_time.count() != 0)
    out.push_back(fmt::format("--max_execution_time={:.3f}", seconds(limits.max_time)));
  if (limits.max_memory_bytes != 0)
    out.push_back(fmt::format("--max_memory_usage={}", limits.max_memory_bytes));
  return out;
}

Result<void> Statement::load_inputs(Session& session) {
  if (query_.inputs.empty()) return {};
  std::size_t number = 0;
  for (const Input& input : query_.inputs)
    RD_TRY(load(session, input, number++));
  return shorten_time(session);
}

/// A stream can be read once, and silently gives nothing afterwards; SQL may name a table twice.
Result<void> Statement::load(Session& session, const Input& input, std::size_t number) {
  ArrowInput stream(input.columns, input.blocks, stop_);
  const Registration registration(session, fmt::format("{}_{}", mark_, number), stream.stream());
  const Result<Answer> done = session.run(
      fmt::format("CREATE TEMPORARY TABLE `{}` ENGINE = Memory AS SELECT * FROM arrowstream('{}')",
                  input.name, registration.name()));
  if (stream.failure()) return tl::unexpected(*stream.failure());
  if (!done) return tl::unexpected(done.error());
  return {};
}

/// The engine counts the time of each statement; inputs have taken some of it.
Result<void> Statement::shorten_time(Session& session) const {
  if (query_.limits.max_time.count() == 0) return {};
  const Clock::duration left = query_.limits.max_time - (Clock::now() - begin_);
  if (left <= std::chrono::milliseconds(1)) return out_of_time();
  RD_TRY(session.run(fmt::format("SET max_execution_time = {:.3f}", seconds(left))));
  return {};
}

Result<void> Statement::stream_to(Session& session, CountedSink& sink) {
  {
    const Answer stream = RD_TRY(session.stream(query_.sql));
    RD_TRY(pump(session, stream, sink));
  }
  if (sink.is_called()) return {};
  Block none = RD_TRY(described(session));
  return sink(std::move(none));
}

Result<void> Statement::pump(Session& session, const Answer& stream, CountedSink& sink) {
  NativeDecoder decoder;
  for (;;) {
    const Answer answer = RD_TRY(session.fetch(stream));
    answer.add_to(statistics_);
    if (answer.bytes().empty()) return decoder.finish();
    Result<void> taken = decoder.feed(answer.bytes(), std::ref(sink));
    if (taken && stop_.stop_requested()) taken = stopped();
    if (taken) continue;
    session.cancel(stream);
    return taken;
  }
}

/// The engine sends nothing where there are no rows.
Result<Block> Statement::described(Session& session) const {
  Block out;
  const BlockSink take = [&](const Block& block) { return add_described(block, out); };
  const Answer answer = RD_TRY(session.run(describe_statement(query_.sql)));
  RD_TRY(NativeDecoder().feed(answer.bytes(), take));
  return out;
}

}  // namespace redoubt::store::detail
