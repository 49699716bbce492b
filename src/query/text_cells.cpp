#include "query/text_cells.h"

#include <functional>

#include "core/result.h"

namespace redoubt::query {

namespace {

constexpr std::size_t kFirstSlots = 64;
/// From so many distinct texts on it is asked whether sharing saves room: it does where a text comes twice.
constexpr std::size_t kManyEntries = 65'536;

}  // namespace

std::size_t TextCells::slot_of(std::string_view text) const {
  const std::size_t mask = slots_.size() - 1;
  std::size_t at = std::hash<std::string_view>()(text) & mask;
  while (slots_[at] != 0 && entry(slots_[at] - 1) != text)
    at = (at + 1) & mask;
  return at;
}

void TextCells::add_entry(std::string_view text) {
  bytes_.append(text);
  ends_.push_back(bytes_.size());
}

void TextCells::append(std::string_view text) {
  ++rows_;
  if (!shared_) return add_entry(text);
  if (slots_.empty()) slots_.resize(kFirstSlots);
  const std::size_t slot = slot_of(text);
  if (slots_[slot] == 0) {
    add_entry(text);
    slots_[slot] = static_cast<std::uint32_t>(ends_.size());
  }
  codes_.push_back(slots_[slot] - 1);
  if (ends_.size() * 2 > slots_.size()) grow();
}

void TextCells::grow() {
  if (ends_.size() >= kManyEntries && ends_.size() > rows_ / 2) return unshare();
  RD_CHECK(ends_.size() < UINT32_MAX / 4);
  slots_.assign(slots_.size() * 2, 0);
  for (std::size_t i = 0; i < ends_.size(); ++i)
    slots_[slot_of(entry(i))] = static_cast<std::uint32_t>(i + 1);
}

void TextCells::unshare() {
  TextCells out;
  out.shared_ = false;
  for (std::size_t row = 0; row < rows_; ++row)
    out.append((*this)[row]);
  *this = std::move(out);
}

void TextCells::seal() {
  slots_ = {};
  bytes_.shrink_to_fit();
  ends_.shrink_to_fit();
  codes_.shrink_to_fit();
}

std::size_t TextCells::bytes() const {
  return bytes_.capacity() + ends_.capacity() * sizeof(std::size_t) +
         (codes_.capacity() + slots_.capacity()) * sizeof(std::uint32_t);
}

}  // namespace redoubt::query
