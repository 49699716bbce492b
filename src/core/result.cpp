#include "core/result.h"

#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>

namespace redoubt {

std::string Where::text() const {
  std::string out = file;
  if (line != 0) out += fmt::format("{}{}:{}", out.empty() ? "" : ":", line, column);
  if (line == 0 && !path.empty()) out += out.empty() ? path : fmt::format(" ({})", path);
  return out;
}

namespace {

std::string one_line(const Where& where, std::string_view severity, const std::string& code,
                     const std::string& message, const std::string& hint) {
  std::string place = where.text();
  std::string out = place.empty() ? std::string() : place + ": ";
  out += fmt::format("{} {}: {}", severity, code, message);
  if (!hint.empty()) out += fmt::format(" ({})", hint);
  return out;
}

}  // namespace

std::string Error::text() const { return one_line(where, "error", code, message, hint); }

std::string_view name_of(Severity severity) {
  static constexpr std::string_view kNames[] = {"hint", "warning", "error"};
  return kNames[static_cast<std::size_t>(severity)];
}

std::string Diagnostic::text() const { return one_line(where, name_of(severity), code, message, hint); }

tl::unexpected<Error> fail(Error::Kind kind, std::string_view code, std::string message, Where where,
                           std::string hint) {
  return tl::unexpected<Error>(
      Error{kind, std::string(code), std::move(message), std::move(where), std::move(hint)});
}

Diagnostic to_diagnostic(Error error) {
  return Diagnostic{Severity::Error, std::move(error.code), std::move(error.message), std::move(error.where),
                    std::move(error.hint)};
}

namespace detail {

void check_failed(const char* condition, const char* file, int line) {
  std::fprintf(stderr, "redoubt: internal check failed: %s at %s:%d\n", condition, file, line);
  std::abort();
}

}  // namespace detail

}  // namespace redoubt
