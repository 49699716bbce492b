#include "store/detail/request_body.h"

#include <fmt/format.h>

#include <random>

#include "store/detail/engine_error.h"
#include "store/native.h"
#include "store/sql_text.h"

namespace redoubt::store::detail {

namespace {

constexpr std::size_t kMostKept = std::size_t{128} << 20;
/// The server takes fields of 128 KiB, and puts several of one name together.
constexpr std::size_t kMostInField = 100'000;
constexpr std::size_t kBoundaryBytes = 16;

}  // namespace

std::string random_hex(std::size_t bytes) {
  std::random_device random;
  std::string out;
  for (std::size_t i = 0; i < bytes; ++i)
    out += fmt::format("{:02x}", random() & 0xFFU);
  return out;
}

std::string structure_of(std::span<const ColumnShape> columns) {
  std::string out;
  for (const ColumnShape& column : columns)
    out += fmt::format("{}{} {}", out.empty() ? "" : ", ", sql_name(column.name),
                       column.nullable ? fmt::format("Nullable({})", name_of(column.type))
                                       : std::string(name_of(column.type)));
  return out;
}

RequestBody::RequestBody(std::string_view sql, std::span<const Input> inputs, const std::stop_token& stop)
    : sql_(sql), inputs_(inputs), stop_(stop) {
  if (inputs.empty()) {
    content_type_ = "text/plain; charset=UTF-8";
    return;
  }
  boundary_ = "redoubt-" + random_hex(kBoundaryBytes);
  content_type_ = "multipart/form-data; boundary=" + boundary_;
}

bool RequestBody::rewind() {
  again_ = 0;
  return is_kept_;
}

Result<std::optional<std::string>> RequestBody::next() {
  if (again_ < kept_.size()) return kept_[again_++];
  std::optional<std::string> out = RD_TRY(make_next());
  if (!out || !is_kept_) return out;
  kept_bytes_ += out->size();
  is_kept_ = kept_bytes_ <= kMostKept;
  if (is_kept_)
    kept_.push_back(*out);
  else
    kept_.clear();
  again_ = kept_.size();
  return out;
}

Result<std::optional<std::string>> RequestBody::make_next() {
  if (ended_) return std::nullopt;
  if (!begun_) {
    begun_ = true;
    ended_ = inputs_.empty();
    return ended_ ? std::string(sql_) : fields();
  }
  if (input_ < inputs_.size()) {
    std::string out = RD_TRY(next_of(inputs_[input_]));
    return out;
  }
  ended_ = true;
  return fmt::format("--{}--\r\n", boundary_);
}

std::string RequestBody::field(std::string_view name, std::string_view value) const {
  return fmt::format("--{}\r\nContent-Disposition: form-data; name=\"{}\"\r\n\r\n{}\r\n", boundary_, name,
                     value);
}

std::string RequestBody::fields() const {
  std::string out;
  for (std::size_t at = 0; at < sql_.size(); at += kMostInField)
    out += field("query", sql_.substr(at, kMostInField));
  for (const Input& input : inputs_) {
    out += field(input.name + "_format", "Native");
    out += field(input.name + "_structure", structure_of(input.columns));
  }
  return out;
}

Result<std::string> RequestBody::next_of(const Input& input) {
  if (!in_file_) {
    in_file_ = true;
    return fmt::format(
        "--{}\r\nContent-Disposition: form-data; name=\"{}\"; filename=\"{}\"\r\n"
        "Content-Type: application/octet-stream\r\n\r\n",
        boundary_, input.name, input.name);
  }
  if (stop_.stop_requested()) return stopped();
  const std::optional<Block> block = RD_TRY(input.blocks());
  if (!block) {
    in_file_ = false;
    ++input_;
    return std::string("\r\n");
  }
  RD_TRY(check_block(*block, input.columns));
  std::string out;
  if (block->rows() != 0) encode_native(*block, out);
  return out;
}

}  // namespace redoubt::store::detail
