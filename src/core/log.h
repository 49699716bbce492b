#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

namespace redoubt::log {

enum class Level : std::uint8_t { Debug, Info, Warning, Error, Off };

/// One named value of an event. Secrets and whole payloads never become fields.
struct Field {
  std::string_view key;
  std::string value;

  Field(std::string_view name, std::string_view text) : key(name), value(text) {}
  Field(std::string_view name, const char* text) : key(name), value(text) {}
  Field(std::string_view name, const std::string& text) : key(name), value(text) {}
  Field(std::string_view name, bool yes) : key(name), value(yes ? "true" : "false") {}
  template <class Number>
    requires std::integral<Number> || std::floating_point<Number>
  Field(std::string_view name, Number number) : key(name), value(std::to_string(number)) {}
};

using Fields = std::initializer_list<Field>;

/// What is written to stderr from now on; Warning at first.
void set_level(Level level);

/// Writes `TIME LEVEL event key=value key="value with spaces"` to stderr. Control characters are escaped, so
/// that a value cannot begin a line of its own. Safe from every thread.
void write(Level level, std::string_view event, Fields fields);

inline void debug(std::string_view event, Fields fields = {}) { write(Level::Debug, event, fields); }
inline void info(std::string_view event, Fields fields = {}) { write(Level::Info, event, fields); }
inline void warning(std::string_view event, Fields fields = {}) { write(Level::Warning, event, fields); }
inline void error(std::string_view event, Fields fields = {}) { write(Level::Error, event, fields); }

}  // namespace redoubt::log
