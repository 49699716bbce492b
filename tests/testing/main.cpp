#include <gtest/gtest.h>

#include "testing/cases.h"

int main(int argc, char** argv) {
  ::testing::InitGoogleTest(&argc, argv);
  redoubt::testing::add_registered_cases();
  return RUN_ALL_TESTS();
}
