#include "store/event_loader.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <utility>

namespace redoubt::store {

namespace {

using Ticks = std::vector<std::int64_t>;

constexpr std::int64_t kDay = 864'000'000'000;  // ticks

/// Of a block, which may be const.
template <class Rows>
auto find_column(Rows& rows, std::string_view name) -> decltype(rows.columns.data()) {
  const auto found = std::find_if(rows.columns.begin(), rows.columns.end(),
                                  [&](const Column& column) { return column.name == name; });
  return found == rows.columns.end() ? nullptr : &*found;
}

bool is_event_time(std::int64_t ticks) { return ticks >= kFirstEventTime && ticks < kEventTimesEnd; }

/// The numbers of the rows, by partition.
std::map<std::int64_t, std::vector<std::uint32_t>> by_partition(const Ticks& times) {
  std::map<std::int64_t, std::vector<std::uint32_t>> out;
  for (std::size_t row = 0; row < times.size(); ++row)
    out[partition_of(times[row])].push_back(static_cast<std::uint32_t>(row));
  return out;
}

/// What the statements of a load are called, whichever process has begun them.
std::string mark_of(const EventTables& tables, const state::Load& load) {
  return fmt::format("load-{}-{}", tables.placement().writer, load.received.ticks);
}

/// Takes away what is there of a load, and what is on its way.
Result<void> remove(EventTables& tables, const state::Load& load) {
  RD_TRY(tables.engine().end_statements(mark_of(tables, load)));
  const std::int64_t first = load.received.ticks;
  return tables.remove_received(load.source.events, first, first + state::kLoadPieces);
}

/// How often a piece is sent whose answers are lost.
constexpr int kMostSent = 3;

/// Whether the statement may be done all the same.
bool may_be_done(const Error& error) {
  return error.kind == Error::Kind::Unavailable && error.code != "STO0008";
}

/// Takes away what is there of loads that can't be gone on with: their source can't be read again, or has
/// another content since.
Result<void> remove_abandoned(EventTables& tables, state::Loads& loads, const state::LoadSource& source) {
  const std::vector<state::Load> unfinished = RD_TRY(loads.unfinished());
  for (const state::Load& load : unfinished) {
    const state::LoadSource& other = load.source;
    const bool is_changed = other.name == source.name && other.fingerprint != source.fingerprint;
    if (other.events != source.events || (!other.fingerprint.empty() && !is_changed)) continue;
    RD_TRY(remove(tables, load));
    RD_TRY(loads.forget(load.id));
  }
  return {};
}

}  // namespace

EventLoader::EventLoader(EventTables& tables, state::Loads& loads, state::Load load, bool goes_on)
    : tables_(&tables), loads_(&loads), load_(std::move(load)), goes_on_(goes_on) {}

Result<EventLoader> EventLoader::begin(EventTables& tables, state::Loads& loads,
                                       const state::LoadSource& source, Instant now, bool again) {
  if (tables.find(source.events) == nullptr)
    RD_TRY(loads.forget_events(source.events));
  else
    RD_TRY(remove_abandoned(tables, loads, source));
  std::optional<state::Load> before = RD_TRY(loads.find(source));
  if (!before || (before->ended && again)) {
    state::Load made = RD_TRY(loads.begin(source, now));
    EventLoader out(tables, loads, std::move(made), false);
    out.method_ = source.method;
    return out;
  }
  EventLoader out(tables, loads, std::move(*before), true);
  out.method_ = source.method;
  if (!out.was_loaded()) RD_TRY(out.look_for_pieces());
  return out;
}

Result<void> EventLoader::look_for_pieces() {
  if (load_.source.method != method_) return restart();
  RD_TRY(tables_->engine().end_statements(mark_of(*tables_, load_)));
  const std::int64_t first = load_.received.ticks;
  found_ = RD_TRY(tables_->received(load_.source.events, first, first + state::kLoadPieces));
  return {};
}

Result<void> EventLoader::restart() {
  RD_TRY(remove(*tables_, load_));
  RD_TRY(loads_->restart(load_.id, method_));
  load_.source.method = method_;
  gathered_.clear();
  found_.clear();
  pieces_ = 0;
  rows_ = found_rows_ = untimed_rows_ = too_old_rows_ = 0;
  return {};
}

/// The time column is never null, and in the order of its table.
void EventLoader::set_times(Block& rows) {
  const EventTable* const table = tables_->find(load_.source.events);
  const EventColumn* const time = table == nullptr ? nullptr : table->time_column();
  if (time == nullptr) {
    untimed_rows_ += table == nullptr ? 0 : rows.rows();
    return;
  }
  Column* column = find_column(rows, time->name);
  if (column == nullptr) {
    const std::size_t count = rows.rows();
    rows.columns.push_back(make_column(shape_of(*time, true)));
    column = &rows.columns.back();
    std::get<Ticks>(column->cells).assign(count, load_.received.ticks);
    untimed_rows_ += count;
    return;
  }
  Ticks* const times = std::get_if<Ticks>(&column->cells);
  if (times == nullptr) return;  // insert() says so
  for (std::size_t row = 0; row < times->size(); ++row) {
    if (!column->is_null(row) && is_event_time((*times)[row])) continue;
    (*times)[row] = load_.received.ticks;
    ++untimed_rows_;
  }
  column->nullable = false;
  column->nulls.clear();
}

/// Where the table has no times, rows are as old as their load.
void EventLoader::count_too_old(const Block& rows) {
  const EventTable* const table = tables_->find(load_.source.events);
  if (table == nullptr || table->retention_days == 0) return;
  const std::int64_t oldest = clock_.ticks - table->retention_days * kDay;
  const EventColumn* const time = table->time_column();
  const Column* const column = time == nullptr ? nullptr : find_column(rows, time->name);
  const Ticks* const times = column == nullptr ? nullptr : std::get_if<Ticks>(&column->cells);
  if (times != nullptr)
    too_old_rows_ += static_cast<std::uint64_t>(
        std::count_if(times->begin(), times->end(), [&](std::int64_t ticks) { return ticks < oldest; }));
  else if (load_.received.ticks < oldest)
    too_old_rows_ += rows.rows();
}

void EventLoader::sort_in(Block rows) {
  const EventTable* const table = tables_->find(load_.source.events);
  const EventColumn* const time = table == nullptr ? nullptr : table->time_column();
  const Column* const column = time == nullptr ? nullptr : find_column(rows, time->name);
  const Ticks* const times = column == nullptr ? nullptr : std::get_if<Ticks>(&column->cells);
  const auto into = [&](std::int64_t partition) -> Block& {
    Block& out = gathered_[partition];
    if (out.columns.empty()) out = make_block(shapes_);
    return out;
  };
  if (times == nullptr) return append_rows(into(0), rows);
  const auto [first, last] = std::minmax_element(times->begin(), times->end());
  const std::int64_t partition = partition_of(*first);
  if (partition != partition_of(*last)) {
    for (const auto& [month, numbers] : by_partition(*times))
      append_rows(into(month), rows, numbers);
    return;
  }
  Block& all = into(partition);
  if (all.rows() == 0)
    all = std::move(rows);
  else
    append_rows(all, rows);
}

Result<void> EventLoader::add(Block rows, const std::stop_token& stop) {
  if (rows.rows() == 0) return {};
  set_times(rows);
  count_too_old(rows);
  std::vector<ColumnShape> shapes = shapes_of(rows);
  if (shapes != shapes_) {
    RD_TRY(insert_all(stop));
    shapes_ = std::move(shapes);
  }
  RD_TRY(check_block(rows, shapes_));
  rows_ += rows.rows();
  sort_in(std::move(rows));
  return insert_full(stop);
}

std::uint64_t EventLoader::gathered_bytes() const {
  return std::accumulate(gathered_.begin(), gathered_.end(), std::uint64_t{0},
                         [](std::uint64_t sum, const auto& one) { return sum + bytes_of(one.second); });
}

/// What is full; and the largest, while all together is too much.
Result<void> EventLoader::insert_full(const std::stop_token& stop) {
  std::vector<std::int64_t> full;
  for (const auto& [partition, rows] : gathered_)
    if (rows.rows() >= size_.rows || bytes_of(rows) >= size_.bytes) full.push_back(partition);
  for (const std::int64_t partition : full)
    RD_TRY(insert(partition, stop));
  while (gathered_.size() > 1 && gathered_bytes() >= size_.bytes) {
    const auto largest = std::max_element(
        gathered_.begin(), gathered_.end(),
        [](const auto& a, const auto& b) { return bytes_of(a.second) < bytes_of(b.second); });
    RD_TRY(insert(largest->first, stop));
  }
  return {};
}

Result<void> EventLoader::insert_all(const std::stop_token& stop) {
  while (!gathered_.empty())
    RD_TRY(insert(gathered_.begin()->first, stop));
  return {};
}

Result<void> EventLoader::insert(std::int64_t partition, const std::stop_token& stop) {
  if (pieces_ == state::kLoadPieces)
    return fail(Error::Kind::Limit, "STO0022",
                fmt::format("a load has too many pieces: more than {}", pieces_), {},
                "load the file in parts, or sort it by time");
  const std::int64_t received = load_.received.ticks + pieces_++;
  Block rows = std::move(gathered_[partition]);
  gathered_.erase(partition);
  if (const auto found = found_.find(received); found != found_.end())
    return check_found(found->second, rows);
  if (tables_->engine().may_lose_answers()) return send(rows, received, stop);
  return tables_->insert(load_.source.events, std::move(rows), received, stop);
}

/// Until it is known that they are there.
Result<void> EventLoader::send(const Block& rows, std::int64_t received, const std::stop_token& stop) {
  const std::string mark = mark_of(*tables_, load_);
  for (int sent = 1;; ++sent) {
    Result<void> done = tables_->insert(load_.source.events, rows, received, stop, mark);
    if (done || !may_be_done(done.error()) || sent == kMostSent) return done;
    const bool is_done = RD_TRY(is_there(rows, received));
    if (is_done) return {};
  }
}

/// Whether a piece came whole; what came of it otherwise is taken away.
Result<bool> EventLoader::is_there(const Block& rows, std::int64_t received) {
  RD_TRY(tables_->engine().end_statements(mark_of(*tables_, load_)));
  const std::map<std::int64_t, std::uint64_t> found =
      RD_TRY(tables_->received(load_.source.events, received, received + 1));
  if (found.empty()) return false;
  if (found.begin()->second == rows.rows()) return true;
  RD_TRY(tables_->remove_received(load_.source.events, received, received + 1));
  return false;
}

Result<void> EventLoader::give_up() {
  return pieces_ == 0 && found_.empty() ? loads_->forget(load_.id) : Result<void>();
}

Result<void> EventLoader::drop_empty_table() {
  const std::string& name = load_.source.events;
  if (tables_->engine().may_lose_answers()) return {};
  const EventTableSize size = RD_TRY(tables_->size(name));
  if (size.rows != 0 || tables_->find(name)->retention_days != 0) return {};
  RD_TRY(tables_->drop(name));
  return loads_->forget_events(name);
}

/// Rows that are older than the table keeps may be gone already.
Result<void> EventLoader::check_found(std::uint64_t found, const Block& rows) {
  const bool may_lack = tables_->find(load_.source.events)->retention_days != 0;
  if (found > rows.rows() || (found < rows.rows() && !may_lack))
    return fail(Error::Kind::InvalidInput, "STO0023",
                fmt::format("a load that is gone on with has other rows than before: {}", load_.source.name));
  found_rows_ += rows.rows();
  return {};
}

Result<void> EventLoader::finish(Instant now, bool durable, const std::stop_token& stop) {
  RD_TRY(insert_all(stop));
  if (durable) RD_TRY(tables_->engine().sync());
  RD_TRY(loads_->end(load_.id, static_cast<std::int64_t>(rows_), now));
  load_.ended = now;
  load_.rows = static_cast<std::int64_t>(rows_);
  return {};
}

Result<void> set_retention(EventTables& tables, state::Loads& loads, std::string_view table,
                           std::int64_t days) {
  const EventTable* const before = tables.find(table);
  if (days == 0 && before != nullptr && before->retention_days != 0) {
    const std::uint64_t rows = RD_TRY(tables.lasting_rows(table));
    RD_TRY(loads.keep(table, rows));
  }
  return tables.set_retention(table, days);
}

}  // namespace redoubt::store
