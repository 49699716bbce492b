#pragma once

#include <cstdint>
#include <map>
#include <stop_token>
#include <string>
#include <vector>

#include "core/result.h"
#include "state/loads.h"
#include "store/event_tables.h"

namespace redoubt::store {

/// How much becomes one part of a table at once.
struct PieceSize {
  std::size_t rows = 131'072;
  std::uint64_t bytes = std::uint64_t{96} << 20;
};

/// Loads a source of rows into a table, each row exactly once, however often the process is killed meanwhile.
///
/// Rows are gathered into pieces of one partition each. A piece is inserted whole or not at all, with a time
/// of receiving of its own, which the ledger has set aside before: so a load that is begun again over the
/// same rows knows which pieces are there. The engine's own deduplication is not used: it notes a block
/// before the block is there, so that one lost between the two would be left out for good; only replicated
/// tables are told it, where the note and the block are one.
///
/// Elsewhere an insert may go on when nobody waits for it any more. So whatever such a load had begun is
/// ended before its pieces are looked for, and a piece whose answer was lost is looked for before it is sent
/// again. For one thread.
class EventLoader {
 public:
  /// Begins a load, or goes on with one that has not ended. With `again` one that has ended is loaded once
  /// more. A load that went on by another method of making pieces is begun anew. Loads into the table that
  /// have not ended and can't be gone on with are taken away: those without a fingerprint, and of the
  /// source's name with another fingerprint. Errors: those of Loads and EventTables.
  static Result<EventLoader> begin(EventTables& tables, state::Loads& loads, const state::LoadSource& source,
                                   Instant now, bool again = false);

  /// All of the source is there from before: nothing is to be added.
  bool was_loaded() const { return load_.ended.has_value(); }
  /// It was begun before, and is gone on with.
  bool goes_on() const { return goes_on_; }
  const state::Load& load() const { return load_; }

  /// Rows as shape_of() says, in an order that the source alone determines. In the time column null is
  /// allowed: it and times outside of 1900 to 2299 become the time of the load.
  /// Errors: those of EventTables::insert(); STO0022 (Limit) too many pieces; STO0023 (InvalidInput) other
  /// rows were there before: then restart() and all rows again.
  Result<void> add(Block rows, const std::stop_token& stop = {});
  /// Takes away what is there of this load.
  Result<void> restart();
  /// Nothing more will come, and nothing has: the ledger forgets a load that brought no rows.
  Result<void> give_up();
  /// After give_up(): a table that was made for this load does not stay where no row came. On a server, where
  /// rows may still be on their way, it does.
  Result<void> drop_empty_table();
  /// The last rows. With `durable` they are on the disk when it returns.
  Result<void> finish(Instant now, bool durable, const std::stop_token& stop = {});

  std::uint64_t rows() const { return rows_; }
  /// Rows that were there from before.
  std::uint64_t found_rows() const { return found_rows_; }
  /// Rows whose time is that of the load; all, where the table has no time column.
  std::uint64_t untimed_rows() const { return untimed_rows_; }

  /// Rows that are older than the table keeps, at the time of set_clock().
  std::uint64_t too_old_rows() const { return too_old_rows_; }

  /// The time that the engine's clock has: what rows grow old by. Without it none is too old.
  void set_clock(Instant clock) { clock_ = clock; }
  void set_piece_size(const PieceSize& size) { size_ = size; }

 private:
  EventLoader(EventTables& tables, state::Loads& loads, state::Load load, bool goes_on);
  Result<void> look_for_pieces();
  void set_times(Block& rows);
  void count_too_old(const Block& rows);
  void sort_in(Block rows);
  Result<void> insert(std::int64_t partition, const std::stop_token& stop);
  Result<void> insert_all(const std::stop_token& stop);
  Result<void> insert_full(const std::stop_token& stop);
  Result<void> send(const Block& rows, std::int64_t received, const std::stop_token& stop);
  Result<bool> is_there(const Block& rows, std::int64_t received);
  Result<void> check_found(std::uint64_t found, const Block& rows);
  std::uint64_t gathered_bytes() const;

  EventTables* tables_;
  state::Loads* loads_;
  state::Load load_;
  bool goes_on_;
  std::int64_t method_ = 0;  // that pieces are made by now
  PieceSize size_;
  std::map<std::int64_t, Block> gathered_;       // by partition
  std::vector<ColumnShape> shapes_;              // of what is gathered
  std::map<std::int64_t, std::uint64_t> found_;  // rows of pieces that are there from before, by their ticks
  std::int64_t pieces_ = 0;
  std::uint64_t rows_ = 0;
  std::uint64_t found_rows_ = 0;
  std::uint64_t untimed_rows_ = 0;
  std::uint64_t too_old_rows_ = 0;
  Instant clock_;
};

/// Changes how many days the table keeps rows; 0: always. What stays is noted before, so that rows that went
/// by age are not taken for lost. Errors: those of Loads and EventTables.
Result<void> set_retention(EventTables& tables, state::Loads& loads, std::string_view table,
                           std::int64_t days);

/// The number of a way to make pieces: to be raised whenever the same rows would become other pieces, below
/// kPieceMethods; what a load is told may add multiples of that.
inline constexpr std::int64_t kPieceMethod = 3;
inline constexpr std::int64_t kPieceMethods = 256;

}  // namespace redoubt::store
