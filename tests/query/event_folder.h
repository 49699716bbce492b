#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <optional>
#include <string_view>

#include "core/time.h"
#include "query/run.h"
#include "state/loads.h"
#include "store/embedded.h"
#include "store/event_tables.h"

namespace redoubt::query {

/// A data directory that goes with the test, with its engine. Without one the test is skipped, or fails where
/// REDOUBT_REQUIRE_CORPORA is 1.
class EventFolder : public ::testing::Test {
 protected:
  void SetUp() override;
  void TearDown() override;

  /// Of the tables of events, at kNow.
  Result<Answer> ask(std::string_view query);

  static constexpr Instant kNow{638'448'480'000'000'000};  // 2024-03-01
  std::filesystem::path folder_;
  std::unique_ptr<store::EmbeddedEngine> engine_;
  std::optional<store::EventTables> tables_;
  std::optional<state::Loads> loads_;
};

}  // namespace redoubt::query
