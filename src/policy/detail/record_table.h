#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/result.h"

namespace redoubt::policy::detail {

/// Reads the parts of a record; past the end every part is empty or 0 and failed() holds.
class RecordReader {
 public:
  RecordReader() = default;
  explicit RecordReader(std::string_view bytes) : rest_(bytes) {}

  std::uint8_t byte();
  /// LEB128 of at most 32 bits.
  std::uint32_t number();
  std::string_view bytes(std::size_t count);
  void fail();
  bool failed() const { return failed_; }

 private:
  std::string_view rest_;
  bool failed_ = false;
};

class RecordCursor;

/// A sorted table of front-coded names and their records, searched where it lies. content/azure/generate.py
/// writes it and describes the form. The bytes must outlive the table; opening reads the header and the
/// offsets only, records are checked as they are read.
class RecordTable {
 public:
  /// No name or path of a table is longer; one that claims to be is damaged.
  static constexpr std::size_t kMaxText = 4096;

  RecordTable() = default;
  /// Errors: POL0901 when the bytes are no whole table of this kind.
  static Result<RecordTable> open(std::string_view bytes, char kind);

  std::uint32_t size() const { return count_; }
  /// A text of the pool; empty when there is none of that number.
  std::string_view text(std::uint32_t number) const;
  /// Appends packed text; false when it is malformed.
  bool unpack(std::string_view packed, std::string& out) const;
  /// Before the first record of the only block that can hold the name (in any case).
  RecordCursor cursor(std::string_view name) const;

 private:
  friend class RecordCursor;

  bool read_header(std::string_view bytes, char kind);
  bool sound_offsets() const;
  std::string_view first_name(std::uint32_t block) const;
  std::string_view records_from(std::uint32_t block) const;

  std::uint32_t count_ = 0;
  std::uint32_t records_a_block_ = 1;
  std::uint32_t blocks_ = 0;
  std::uint32_t texts_ = 0;
  std::string_view block_offsets_;
  std::string_view text_offsets_;
  std::string_view pool_;
  std::string_view records_;
};

/// Walks over the records in order. After each next() the caller reads what its kind of table adds.
class RecordCursor {
 public:
  RecordCursor(const RecordTable& table, std::uint32_t block);

  /// Turns the name of the record before into the next one's; false at the end or at damaged bytes.
  bool next(std::string& name);
  /// Whether the record that next() gave is the first of its block.
  bool at_block_start() const {
    return index_ % table_.records_a_block_ == 1 || table_.records_a_block_ == 1;
  }
  RecordReader& reader() { return reader_; }

 private:
  const RecordTable& table_;
  std::uint32_t index_;
  RecordReader reader_;
};

/// Order of the tables: bytes of the text in lower case (ASCII).
int compare_any_case(std::string_view left, std::string_view right);

}  // namespace redoubt::policy::detail
