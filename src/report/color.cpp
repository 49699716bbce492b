#include "report/color.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <array>
#include <cstdlib>

namespace redoubt::report {

bool terminal_shows_color(int descriptor) {
  if (isatty(descriptor) == 0) return false;
  const char* no_color = std::getenv("NO_COLOR");
  if (no_color != nullptr && *no_color != '\0') return false;
  const char* terminal = std::getenv("TERM");
  return terminal == nullptr || std::string_view(terminal) != "dumb";
}

std::size_t terminal_width(int descriptor) {
  winsize size{};
  if (isatty(descriptor) == 0 || ioctl(descriptor, TIOCGWINSZ, &size) != 0) return 0;
  return size.ws_col;
}

std::string paint(std::string_view text, Tone tone, bool color) {
  static constexpr std::array<std::string_view, 7> kSequences = {
      "", "\x1b[1m", "\x1b[2m", "\x1b[32m", "\x1b[33m", "\x1b[31m", "\x1b[1;31m"};
  std::string_view start = kSequences[static_cast<std::size_t>(tone)];
  if (!color || start.empty() || text.empty()) return std::string(text);
  std::string out(start);
  out += text;
  out += "\x1b[0m";
  return out;
}

}  // namespace redoubt::report
