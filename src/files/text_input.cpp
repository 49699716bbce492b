#include "files/text_input.h"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>

#include "core/path_hint.h"
#include "files/detail/pieces.h"

namespace redoubt::files {

namespace {

constexpr std::string_view kGzipMark = "\x1f\x8b";
constexpr std::string_view kUtf8Mark = "\xef\xbb\xbf";
constexpr std::string_view kLittleMark = "\xff\xfe";
constexpr std::string_view kBigMark = "\xfe\xff";

}  // namespace

TextInput::TextInput(std::unique_ptr<detail::Pieces> stream, std::string name, const TextLimits& limits)
    : name_(std::move(name)), limits_(limits) {
  layers_.push_back(std::move(stream));
}

TextInput::~TextInput() {
  while (!layers_.empty())
    layers_.pop_back();  // each reads from the one before
}

Result<std::unique_ptr<TextInput>> TextInput::open(const std::string& path, const TextLimits& limits) {
  std::error_code error;
  if (std::filesystem::is_directory(path, error))
    return fail(Error::Kind::NotFound, "DOC0001", "this is a folder, not a file", Where{path, 0, 0, {}});
  std::ifstream file(path, std::ios::binary);
  if (!file)
    return fail(Error::Kind::NotFound, "DOC0001",
                std::filesystem::exists(path, error) ? "the file can't be opened" : "there is no such file",
                Where{path, 0, 0, {}}, path_hint(path, "check the path and its permissions"));
  return std::unique_ptr<TextInput>(
      new TextInput(std::make_unique<detail::FilePieces>(std::move(file), limits.piece_bytes), path, limits));
}

std::unique_ptr<TextInput> TextInput::of_stream(std::istream& stream, std::string name,
                                                const TextLimits& limits) {
  return std::unique_ptr<TextInput>(new TextInput(
      std::make_unique<detail::StreamPieces>(stream, limits.piece_bytes), std::move(name), limits));
}

std::uint64_t TextInput::bytes_read() const { return layers_.front()->bytes(); }

Result<void> TextInput::begin() {
  begun_ = true;
  std::string_view front = RD_TRY(layers_.back()->peek());
  if (front.starts_with(kGzipMark)) {
    layers_.push_back(std::make_unique<detail::GzipPieces>(*layers_.back()));
    front = RD_TRY(layers_.back()->peek());
  }
  if (front.starts_with(kUtf8Mark)) layers_.back()->drop(kUtf8Mark.size());
  if (!front.starts_with(kLittleMark) && !front.starts_with(kBigMark)) return {};
  layers_.back()->drop(kBigMark.size());
  layers_.push_back(std::make_unique<detail::Utf16Pieces>(*layers_.back(), front.starts_with(kBigMark)));
  return {};
}

Result<std::string_view> TextInput::read() {
  if (!begun_) RD_TRY(begin());
  std::string_view piece = RD_TRY(layers_.back()->next());
  // Nothing but a mark: the end is what comes behind it.
  if (piece.empty() && given_ == 0) piece = RD_TRY(layers_.back()->next());
  given_ += piece.size();
  if (given_ > limits_.max_bytes)
    return fail(Error::Kind::Limit, "FIL0003", fmt::format("larger than {} bytes", limits_.max_bytes));
  return piece;
}

Result<std::string_view> TextInput::peek() {
  if (!peeked_) pending_ = RD_TRY(next());
  peeked_ = true;
  return pending_;
}

Result<std::string_view> TextInput::next() {
  if (std::exchange(peeked_, false)) return pending_;
  Result<std::string_view> out = read();
  if (!out) out.error().where.file = name_;
  return out;
}

}  // namespace redoubt::files
