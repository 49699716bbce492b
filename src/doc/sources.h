#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "core/append_only.h"
#include "core/result.h"
#include "doc/value.h"

namespace redoubt::doc {

/// The files that places point into. Safe to use from several threads; text stays where it is.
class Sources {
 public:
  /// Takes the text over; the id is never 0.
  std::uint32_t add(std::string name, std::string text);

  /// The text as it is kept. Readers may decode strings inside it in place: line starts were noted before.
  std::string& text(std::uint32_t file);
  const std::string& text(std::uint32_t id) const { return file(id).text; }
  const std::string& name(std::uint32_t file) const;
  /// How many there are; their ids are 1 to count().
  std::uint32_t count() const { return static_cast<std::uint32_t>(files_.size()); }

  /// For a text that is rewritten before parsing: the kept text becomes `text`, and places in it are still
  /// reported in the original. A shift {offset, extra}: from `offset` of the new text on, `extra` bytes were
  /// added in all. Ascending.
  using Shifts = std::vector<std::pair<std::uint32_t, std::uint32_t>>;
  void rewrite(std::uint32_t file, std::string text, Shifts shifts);

  /// Of a place, in the text as it was added.
  std::uint32_t offset(Place place) const;
  /// File, line and column; empty for no place.
  Where where(Place place) const;

 private:
  struct File {
    std::string name;
    std::string text;
    Shifts shifts;
    std::vector<std::uint32_t> lines;  // offsets of line starts
    std::vector<bool> inner;           // by byte: no character begins there; empty: each byte is one
  };
  const File& file(std::uint32_t id) const;

  std::mutex mutex_;
  AppendOnly<File> files_;  // appended to under mutex_
};

}  // namespace redoubt::doc
