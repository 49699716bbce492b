#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "arm/origins.h"
#include "doc/value.h"

namespace redoubt::arm {

/// How open scopes (`{subscription}`) in a text count.
enum class Scopes : std::uint8_t {
  Open,  ///< as any name
  Text,  ///< as the text in braces, which no other text equals (contracts, "Values that templates leave
         ///< open")
};

/// A text of which parts may be open, as known runs and open parts in order.
///
/// Of an open part only is known what it can't hold: a name no slash, an int only digits. Otherwise it may be
/// any text, the empty one too.
class OpenText {
 public:
  struct Part {
    enum class Kind : std::uint8_t { Known, Any, Segment, Int, Bool };
    Kind kind = Kind::Known;
    std::string known;       ///< one run at most between two open parts
    std::uint64_t open = 0;  ///< which unknown; what toLower() made of one is the same when case is ignored
  };

  /// Nothing for what is or may be no text: containers, null, unknowns of any type.
  static std::optional<OpenText> of(const doc::Value& value, const Origins& origins, bool ignore_case,
                                    Scopes scopes);

  std::span<const Part> parts() const { return parts_; }
  bool is_open() const;

 private:
  void add(const doc::Value& piece, const Origins& origins, bool ignore_case, Scopes scopes);
  void add_known(std::string_view text);

  std::vector<Part> parts_;
};

/// What a text is compared with, one position after the other.
struct PatternStep {
  enum class Kind : std::uint8_t { Character, AnyText, AnyCharacter, Digit, Letter };
  Kind kind = Kind::Character;
  char character = 0;
};
using TextPattern = std::vector<PatternStep>;

/// The text itself; in lower case where case is ignored.
void add_text(TextPattern& pattern, std::string_view text, bool ignore_case);
/// A text in which `*` stands for any text; in lower case.
void add_wildcards(TextPattern& pattern, std::string_view text);
inline void add_any_text(TextPattern& pattern) { pattern.push_back({PatternStep::Kind::AnyText, 0}); }

/// Whether the text fits, whatever its open parts are; nothing when it hangs on them, and when telling would
/// take too much work (several million steps). Bytes of known runs times steps.
std::optional<bool> fits(const OpenText& text, std::span<const PatternStep> pattern);

/// Whether two texts are the same; equal open parts cancel out.
std::optional<bool> same_text(const OpenText& left, const OpenText& right);

/// Whether `part` stands somewhere in `text`.
std::optional<bool> holds_text(const OpenText& text, const OpenText& part);

}  // namespace redoubt::arm
