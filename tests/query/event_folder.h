#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <optional>

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

  std::filesystem::path folder_;
  std::unique_ptr<store::EmbeddedEngine> engine_;
  std::optional<store::EventTables> tables_;
  std::optional<state::Loads> loads_;
};

}  // namespace redoubt::query
