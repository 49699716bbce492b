#include "core/compression.h"

#include "core/hash.h"
#include "core/text.h"
#include "kql/detail/evaluation.h"

namespace redoubt::kql::detail {

namespace {

template <Packing packing>
Result<Value> compressed(const Call& call) {
  const std::string text = call.text(0);
  if (text.size() > call.context.limits.max_bytes) return too_large(call);
  return text_result(call, base64_encode(compress(text, packing)));
}

/// Empty where it is no base64, not compressed that way or no UTF-8.
template <Packing packing>
Result<Value> decompressed(const Call& call) {
  const Result<std::string> bytes = base64_decode(call.text(0));
  if (!bytes) return Value::of_string({});
  Result<std::string> text = decompress(*bytes, packing, call.context.limits.max_bytes);
  if (!text && text.error().kind == Error::Kind::Limit) return too_large(call);
  return Value::of_string(text && valid_utf8(*text) ? *std::move(text) : "");
}

constexpr EvaluationRow kRows[] = {{"gzip_compress_to_base64_string", compressed<Packing::Gzip>},
                                   {"gzip_decompress_from_base64_string", decompressed<Packing::Gzip>},
                                   {"zlib_compress_to_base64_string", compressed<Packing::Zlib>},
                                   {"zlib_decompress_from_base64_string", decompressed<Packing::Zlib>}};

}  // namespace

EvaluationRows compression_evaluations() { return kRows; }

}  // namespace redoubt::kql::detail
