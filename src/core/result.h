#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <type_traits>
#include <utility>
#include <vector>

namespace redoubt {

/// Where something stands, ready to print. Lines and columns (of code points) count from 1; 0 = not known.
struct Where {
  std::string file;  ///< as the user named it; empty when the input has no file
  std::uint32_t line = 0;
  std::uint32_t column = 0;
  std::string path;  ///< JSON path inside the file, such as `resources[2].name`; may be empty

  /// `file:line:column`, as far as known; the path where there is no line.
  std::string text() const;
};

/// One failure, in the form the whole program reports it: a stable code (docs/reference/errors.md),
/// one line of text with the values last, a place, and what to do about it.
/// Secrets and whole payloads never enter `message`.
struct Error {
  /// Unavailable: a server that is not there, or does not do what it should.
  enum class Kind : std::uint8_t { InvalidInput, NotFound, Limit, Usage, Io, Unsupported, Unavailable };

  Kind kind = Kind::InvalidInput;
  std::string code;
  std::string message;
  Where where;
  std::string hint;

  /// `file:line:column: error CODE: message (hint)`
  std::string text() const;
};

template <class T>
struct [[nodiscard]] Result : tl::expected<T, Error> {
  using Base = tl::expected<T, Error>;
  using Base::Base;
  Result(Base base) : Base(std::move(base)) {}
};

/// The failing side of a Result; `hint` is what the reader should do.
tl::unexpected<Error> fail(Error::Kind kind, std::string_view code, std::string message, Where where = {},
                           std::string hint = {});

enum class Severity : std::uint8_t { Hint, Warning, Error };

/// `hint`, `warning`, `error`.
std::string_view name_of(Severity severity);

/// What a reader says about one item while it goes on with the rest.
struct Diagnostic {
  Severity severity = Severity::Error;
  std::string code;
  std::string message;
  Where where;
  std::string hint;

  std::string text() const;
};

Diagnostic to_diagnostic(Error error);

/// What a tolerant reader returns: what was usable, and everything there is to say about the rest.
template <class T>
struct [[nodiscard]] Reading {
  T value;
  std::vector<Diagnostic> diagnostics;

  bool has_errors() const {
    for (const Diagnostic& diagnostic : diagnostics)
      if (diagnostic.severity == Severity::Error) return true;
    return false;
  }
};

namespace detail {
template <class T>
T unwrap(tl::expected<T, Error>&& result) {
  if constexpr (!std::is_void_v<T>) return *std::move(result);
}

[[noreturn]] void check_failed(const char* condition, const char* file, int line);
}  // namespace detail

}  // namespace redoubt

/// What only a bug can break; active in every build.
#define RD_CHECK(condition) \
  ((condition) ? static_cast<void>(0) : ::redoubt::detail::check_failed(#condition, __FILE__, __LINE__))

/// Unwraps a Result or returns its error. Only as the whole initialiser of a declaration, the whole
/// right side of an assignment, or a whole statement (g++ 12 leaks half-built values elsewhere).
#define RD_TRY(expression)                                                         \
  __extension__({                                                                  \
    auto rd_try_result = (expression);                                             \
    if (!rd_try_result) return ::tl::unexpected(std::move(rd_try_result).error()); \
    ::redoubt::detail::unwrap(std::move(rd_try_result));                           \
  })
