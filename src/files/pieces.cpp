#include "files/detail/pieces.h"

#include <fmt/format.h>
#include <zlib.h>

#include <istream>

#include "core/utf8.h"

namespace redoubt::files::detail {

namespace {

constexpr std::size_t kUnpacked = std::size_t{1} << 18;
constexpr int kGzipWindow = MAX_WBITS + 16;  // zlib: gzip and nothing else
constexpr char32_t kReplacement = 0xFFFD;

bool is_high(char16_t unit) { return unit >= 0xD800 && unit < 0xDC00; }
bool is_low(char16_t unit) { return unit >= 0xDC00 && unit < 0xE000; }

tl::unexpected<Error> damaged(std::string_view why) {
  return fail(Error::Kind::InvalidInput, "FIL0004", fmt::format("a damaged gzip file: {}", why), {},
              "is it complete?");
}

}  // namespace

Result<std::string_view> Pieces::peek() {
  if (held_) return front_;
  front_ = RD_TRY(read());
  held_ = true;
  return front_;
}

Result<std::string_view> StreamPieces::read() {
  if (!stream_) return std::string_view();
  stream_.read(buffer_.data(), static_cast<std::streamsize>(buffer_.size()));
  if (stream_.bad()) return fail(Error::Kind::Io, "DOC0001", "cannot read the file to its end");
  const auto size = static_cast<std::size_t>(stream_.gcount());
  bytes_ += size;
  return std::string_view(buffer_.data(), size);
}

Result<std::string_view> FilePieces::read() {
  Result<std::string_view> out = pieces_.next();
  bytes_ = pieces_.bytes();
  return out;
}

struct GzipPieces::State {
  z_stream stream{};
  bool open = false;     ///< inside a member
  bool padding = false;  ///< only zeros may follow
  bool at_end = false;   ///< of the packed bytes
};

GzipPieces::GzipPieces(Pieces& packed)
    : packed_(packed), state_(std::make_unique<State>()), buffer_(kUnpacked, '\0') {
  RD_CHECK(inflateInit2(&state_->stream, kGzipWindow) == Z_OK);
  state_->open = true;
}

GzipPieces::~GzipPieces() { inflateEnd(&state_->stream); }

/// False: there are no more packed bytes.
Result<bool> GzipPieces::more_input() {
  z_stream& stream = state_->stream;
  if (stream.avail_in == 0 && !state_->at_end) {
    const std::string_view piece = RD_TRY(packed_.next());
    state_->at_end = piece.empty();
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(piece.data()));
    stream.avail_in = static_cast<uInt>(piece.size());
  }
  return stream.avail_in != 0;
}

/// Behind a member.
Result<bool> GzipPieces::begins_member() {
  z_stream& stream = state_->stream;
  for (;;) {
    const bool more = RD_TRY(more_input());
    if (!more) return false;
    const bool zero = *stream.next_in == 0;
    if (!zero && state_->padding) return damaged("there is text behind its end");
    if (!zero) return true;
    state_->padding = true;
    ++stream.next_in;
    --stream.avail_in;
  }
}

Result<void> GzipPieces::unpack() {
  z_stream& stream = state_->stream;
  const bool more = RD_TRY(more_input());
  if (!more) return damaged("it ends too early");
  const int status = inflate(&stream, Z_NO_FLUSH);
  if (status == Z_STREAM_END)
    state_->open = false;
  else if (status != Z_OK)
    return damaged(stream.msg == nullptr ? "it can't be unpacked" : stream.msg);
  return {};
}

Result<std::string_view> GzipPieces::read() {
  z_stream& stream = state_->stream;
  stream.next_out = reinterpret_cast<Bytef*>(buffer_.data());
  stream.avail_out = static_cast<uInt>(buffer_.size());
  while (stream.avail_out != 0) {
    if (!state_->open) {
      const bool more = RD_TRY(begins_member());
      if (!more) break;
      RD_CHECK(inflateReset(&stream) == Z_OK);
      state_->open = true;
    }
    RD_TRY(unpack());
  }
  const std::size_t size = buffer_.size() - stream.avail_out;
  bytes_ += size;
  return std::string_view(buffer_.data(), size);
}

void Utf16Pieces::take(char16_t unit) {
  if (high_ != 0 && is_low(unit)) {
    append_utf8(out_, 0x10000U + ((static_cast<char32_t>(high_) - 0xD800U) << 10U) + (unit - 0xDC00U));
    high_ = 0;
    return;
  }
  if (high_ != 0) append_utf8(out_, kReplacement);
  high_ = is_high(unit) ? unit : u'\0';
  if (high_ == 0) append_utf8(out_, is_low(unit) ? kReplacement : static_cast<char32_t>(unit));
}

Result<std::string_view> Utf16Pieces::read() {
  out_.clear();
  while (out_.empty()) {
    const std::string_view piece = RD_TRY(wide_.next());
    if (piece.empty()) {
      if (odd_)
        return fail(Error::Kind::InvalidInput, "FIL0004",
                    "UTF-16 that ends too early: its last character has one byte", {},
                    "is the file complete?");
      if (high_ != 0) append_utf8(out_, kReplacement);
      high_ = 0;
      return std::string_view(out_);
    }
    for (const char byte : piece) {
      odd_ = !odd_;
      if (odd_) {
        first_ = byte;
        continue;
      }
      const auto one = static_cast<unsigned char>(big_endian_ ? first_ : byte);
      const auto two = static_cast<unsigned char>(big_endian_ ? byte : first_);
      take(static_cast<char16_t>((one << 8U) | two));
    }
  }
  bytes_ += out_.size();
  return std::string_view(out_);
}

}  // namespace redoubt::files::detail
