#include <cstdio>
#include <cstdlib>
#include <fstream>

#include "bench/generated_export.h"

// generate_export N FILE: writes an inventory of N generated resources, equal at every call.
int main(int count, char** arguments) {
  if (count != 3) {
    std::fputs("usage: redoubt_generate_export N FILE\n", stderr);
    return 2;
  }
  std::ofstream file(arguments[2], std::ios::binary);
  file << redoubt::bench::generated_export(std::strtoull(arguments[1], nullptr, 10));
  return file.flush() ? 0 : 3;
}
