#include "temporary_folder.h"

#include <cstdlib>
#include <fstream>

namespace redoubt::estate::testing {

namespace fs = std::filesystem;

TemporaryFolder::TemporaryFolder() {
  std::string pattern = (fs::temp_directory_path() / "redoubt-estate-XXXXXX").string();
  path_ = fs::canonical(mkdtemp(pattern.data()));
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

std::string TemporaryFolder::write(std::string_view name, std::string_view text) const {
  const fs::path file = path_ / name;
  fs::create_directories(file.parent_path());
  std::ofstream(file, std::ios::binary) << text;
  return file.string();
}

}  // namespace redoubt::estate::testing
