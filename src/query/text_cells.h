#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace redoubt::query {

/// The texts of a column, packed: one behind the other, and each distinct one once as long as that saves room
/// (columns of logs have few distinct texts, or nearly as many as rows).
class TextCells {
 public:
  void append(std::string_view text);
  /// No more texts will come: frees what is only for finding those that were there.
  void seal();

  std::size_t size() const { return rows_; }
  std::string_view operator[](std::size_t row) const { return entry(entry_of(row)); }

  /// The texts that are kept; rows of equal texts share one, where that saves room.
  std::size_t entries() const { return ends_.size(); }
  std::string_view entry(std::size_t number) const {
    const std::size_t begin = number == 0 ? 0 : ends_[number - 1];
    return std::string_view(bytes_).substr(begin, ends_[number] - begin);
  }
  std::size_t entry_of(std::size_t row) const { return shared_ ? codes_[row] : row; }
  bool shared() const { return shared_; }

  /// Of memory.
  std::size_t bytes() const;

 private:
  void add_entry(std::string_view text);
  std::size_t slot_of(std::string_view text) const;
  void grow();
  void unshare();

  std::string bytes_;
  std::vector<std::size_t> ends_;     // of the entries
  std::vector<std::uint32_t> codes_;  // of the rows, where they are shared
  std::vector<std::uint32_t> slots_;  // entries by hash, from 1 on; 0 is free
  std::size_t rows_ = 0;
  bool shared_ = true;
};

}  // namespace redoubt::query
