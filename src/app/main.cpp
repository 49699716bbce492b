#include <cstdio>
#include <exception>

#include "cli/run.h"

int main(int argc, char** argv) {
  try {
    return redoubt::cli::run(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "redoubt: internal error: %s\n", error.what());
  }
  return 3;
}
