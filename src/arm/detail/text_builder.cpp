#include "arm/detail/text_builder.h"

#include "arm/detail/arguments.h"

namespace redoubt::arm::detail {

using doc::Value;

void TextBuilder::flush() {
  if (text_.empty()) return;
  const Value piece = doc::make_string(call_.arena, text_);
  pieces_.push_back(text_secret_ ? piece.as_secret() : piece);
  text_.clear();
}

void TextBuilder::add(std::string_view text, bool secret) {
  size_ += text.size();
  if (too_large()) return;
  if (secret != text_secret_) flush();
  text_secret_ = secret;
  text_ += text;
}

void TextBuilder::add(const Value& piece) {
  if (piece.is_string()) return add(piece.as_string(), piece.secret());
  flush();
  pieces_.push_back(piece);
}

Result<Value> TextBuilder::finish() {
  if (too_large()) return detail::too_large(call_);
  flush();
  if (any_open(pieces_)) return call_.origins.partial_text(pieces_);
  if (pieces_.empty()) return Value::string("");
  if (pieces_.size() == 1) return pieces_[0];
  std::string whole;
  for (const Value& piece : pieces_)
    whole += piece.as_string();
  return made_of(pieces_, doc::make_string(call_.arena, whole));
}

}  // namespace redoubt::arm::detail
