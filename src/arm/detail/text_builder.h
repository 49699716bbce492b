#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "arm/function.h"

namespace redoubt::arm::detail {

/// Collects a text of which parts may be open: known text that survives in the form of the unknown.
class TextBuilder {
 public:
  explicit TextBuilder(Call& call) : call_(call) {}

  void add(std::string_view text, bool secret);
  /// An unknown, or a string.
  void add(const doc::Value& piece);

  /// True when the text has grown past kMaxTextBytes; callers stop then.
  bool too_large() const { return size_ > kMaxTextBytes; }

  /// The string, or the unknown it is a part of; ARM0302 when it is too large.
  Result<doc::Value> finish();

 private:
  void flush();

  Call& call_;
  std::string text_;
  bool text_secret_ = false;
  std::size_t size_ = 0;
  std::vector<doc::Value> pieces_;
};

}  // namespace redoubt::arm::detail
