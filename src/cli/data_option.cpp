#include "cli/data_option.h"

namespace redoubt::cli {

Option data_option() {
  return {.flags = "--data",
          .value = "DIR",
          .text = "the data directory, where content is kept",
          .fallback = "./.redoubt"};
}

const std::string& data_directory(const Arguments& arguments) { return arguments.text("--data"); }

}  // namespace redoubt::cli
