#pragma once

#include <cstdint>
#include <span>
#include <unordered_map>
#include <utility>
#include <vector>

#include "posture/record.h"

namespace redoubt::posture {

/// The records of a scan, which stand together by resource; they must outlive it.
class RecordsByResource {
 public:
  explicit RecordsByResource(const std::vector<Record>& records) : records_(records) {
    for (std::uint32_t i = 0; i < records.size(); ++i) {
      if (records[i].resource == Record::kNone) continue;
      const auto [entry, is_new] = ranges_.try_emplace(records[i].resource, i, i + 1);
      if (!is_new) entry->second.second = i + 1;
    }
  }

  std::span<const Record> of(std::uint32_t resource) const {
    const auto range = ranges_.find(resource);
    if (range == ranges_.end()) return {};
    return std::span(records_).subspan(range->second.first, range->second.second - range->second.first);
  }
  /// Its number among all.
  std::size_t number(const Record& record) const {
    return static_cast<std::size_t>(&record - records_.data());
  }

 private:
  const std::vector<Record>& records_;
  std::unordered_map<std::uint32_t, std::pair<std::uint32_t, std::uint32_t>> ranges_;
};

}  // namespace redoubt::posture
