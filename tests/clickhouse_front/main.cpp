// A ClickHouse to test against: prints its URL, and ends with its stdin. Each option has its value behind it:
// --data, --port, --user, --password, --certificate, --key.

#include <cstdlib>
#include <functional>
#include <iostream>
#include <map>
#include <string>
#include <string_view>

#include "front.h"

namespace {

using redoubt::front::FrontOptions;

bool read_options(int argc, char** argv, FrontOptions& out) {
  const std::map<std::string_view, std::function<void(const char*)>> options = {
      {"--data", [&](const char* text) { out.data_directory = text; }},
      {"--port", [&](const char* text) { out.server.port = static_cast<std::uint16_t>(std::atoi(text)); }},
      {"--user", [&](const char* text) { out.user = text; }},
      {"--password", [&](const char* text) { out.password = text; }},
      {"--certificate", [&](const char* text) { out.server.certificate = text; }},
      {"--key", [&](const char* text) { out.server.key = text; }}};
  for (int i = 1; i < argc; i += 2) {
    const auto option = options.find(argv[i]);
    if (option == options.end() || i + 1 == argc) return false;
    option->second(argv[i + 1]);
  }
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  FrontOptions options;
  if (!read_options(argc, argv, options)) {
    std::cerr << "unknown option\n";
    return 2;
  }
  const auto front = redoubt::front::ClickHouseFront::open(options);
  if (!front) {
    std::cerr << front.error().text() << '\n';
    return 1;
  }
  std::cout << (*front)->url() << std::endl;
  while (std::cin.get() != std::char_traits<char>::eof()) {
  }
  return 0;
}
