#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <iterator>
#include <limits>

#include "kql/detail/evaluation.h"
#include "kql/json_text.h"
#include "kql/sketches.h"

namespace redoubt::kql {

namespace {

/// What an accuracy means: 2^bits registers; so many values are counted exactly.
struct Accuracy {
  unsigned bits;
  std::size_t most_hashes;
};
constexpr std::array<Accuracy, 5> kAccuracies = {
    {{12, 256}, {14, 1024}, {16, 8192}, {17, 16'384}, {18, 32'768}}};

/// A register is a letter of JSON that needs no escape: this one, and so many behind it.
constexpr char kEmptyRegister = '#';

constexpr unsigned most_rank(unsigned bits) { return 64 - bits + 1; }

// The two series of Ertl's estimate, summed up until they change no more.
double low_part(double share) {
  if (share == 1) return std::numeric_limits<double>::infinity();
  double sum = share;
  double before = -1;
  for (double factor = 1; sum != before; factor += factor) {
    share *= share;
    before = sum;
    sum += share * factor;
  }
  return sum;
}

double high_part(double share) {
  if (share == 0 || share == 1) return 0;
  double sum = 1 - share;
  double before = -1;
  for (double factor = 0.5; sum != before; factor /= 2) {
    share = std::sqrt(share);
    before = sum;
    sum -= (1 - share) * (1 - share) * factor;
  }
  return sum / 3;
}

}  // namespace

DistinctSketch::DistinctSketch(std::int64_t accuracy) {
  const bool known = accuracy >= 0 && accuracy < std::ssize(kAccuracies);
  const Accuracy& chosen = kAccuracies[static_cast<std::size_t>(known ? accuracy : kDefaultAccuracy)];
  bits_ = chosen.bits;
  most_hashes_ = chosen.most_hashes;
}

std::optional<DistinctSketch> DistinctSketch::read(std::string_view json) {
  if (json.empty() || json_kind(json) != JsonKind::Array || json_count(json) != 3) return std::nullopt;
  const std::vector<std::string_view> parts = json_elements(json);
  for (const std::string_view part : parts)
    if (json_kind(part) != JsonKind::Array) return std::nullopt;
  const std::optional<std::int64_t> bits = read_long(json_element(parts[0], 1));
  const auto* const accuracy = std::find_if(kAccuracies.begin(), kAccuracies.end(), [&](const Accuracy& one) {
    return bits && *bits == static_cast<std::int64_t>(one.bits);
  });
  if (accuracy == kAccuracies.end()) return std::nullopt;
  DistinctSketch out(accuracy - kAccuracies.begin());
  if (json_count(parts[2]) != 0) {
    const std::string registers = json_string(json_element(parts[2], 0));
    if (registers.size() != std::size_t{1} << out.bits_) return std::nullopt;
    for (const char one : registers) {
      const int rank = one - kEmptyRegister;
      if (rank < 0 || rank > static_cast<int>(most_rank(out.bits_))) return std::nullopt;
      out.registers_.push_back(static_cast<std::uint8_t>(rank));
    }
  }
  for (const std::string_view element : json_elements(parts[1])) {
    const std::optional<std::int64_t> hash = read_long(to_text(Value::of_dynamic(std::string(element))));
    if (!hash) return std::nullopt;
    out.note(static_cast<std::uint64_t>(*hash));
  }
  return out;
}

void DistinctSketch::add(const Value& value) {
  if (!value.is_null()) note(detail::hash_of(value));
}

void DistinctSketch::note(std::uint64_t hash) {
  if (registers_.empty()) {
    hashes_.insert(hash);
    if (hashes_.size() > most_hashes_) spread_out();
    return;
  }
  const std::uint64_t rest = hash << bits_;
  const unsigned rank = rest == 0 ? most_rank(bits_) : static_cast<unsigned>(std::countl_zero(rest)) + 1;
  set_register(hash >> (64 - bits_), static_cast<std::uint8_t>(rank));
}

void DistinctSketch::set_register(std::size_t at, std::uint8_t rank) {
  registers_[at] = std::max(registers_[at], rank);
}

/// From hashes to registers.
void DistinctSketch::spread_out() {
  registers_.assign(std::size_t{1} << bits_, 0);
  for (const std::uint64_t hash : std::exchange(hashes_, {}))
    note(hash);
}

/// With fewer registers, as if there had never been more: the bits that their number loses count for the
/// rank.
void DistinctSketch::make_coarser(unsigned bits) {
  const std::vector<std::uint8_t> fine = std::exchange(registers_, {});
  const unsigned lost = bits_ - bits;
  bits_ = bits;
  if (fine.empty()) return;
  registers_.assign(std::size_t{1} << bits, 0);
  for (std::size_t at = 0; at < fine.size(); ++at) {
    if (fine[at] == 0) continue;
    const std::uint64_t lost_bits = lost == 0 ? 0 : static_cast<std::uint64_t>(at) << (64 - lost);
    const unsigned rank =
        lost_bits == 0 ? lost + fine[at] : static_cast<unsigned>(std::countl_zero(lost_bits)) + 1;
    set_register(at >> lost, static_cast<std::uint8_t>(rank));
  }
}

void DistinctSketch::merge(const DistinctSketch& other) {
  DistinctSketch fitting = other;
  most_hashes_ = std::min(most_hashes_, fitting.most_hashes_);
  if (fitting.bits_ < bits_) make_coarser(fitting.bits_);
  if (fitting.bits_ > bits_) fitting.make_coarser(bits_);
  if (!fitting.registers_.empty() && registers_.empty()) spread_out();
  for (std::size_t at = 0; at < fitting.registers_.size(); ++at)
    set_register(at, fitting.registers_[at]);
  for (const std::uint64_t hash : fitting.hashes_)
    note(hash);
  if (hashes_.size() > most_hashes_) spread_out();
}

std::int64_t DistinctSketch::count() const {
  if (registers_.empty()) return static_cast<std::int64_t>(hashes_.size());
  std::array<std::size_t, 64> of_rank{};
  for (const std::uint8_t rank : registers_)
    ++of_rank[rank];
  const auto size = static_cast<double>(registers_.size());
  const unsigned most = most_rank(bits_);
  double sum = size * high_part(1 - static_cast<double>(of_rank[most]) / size);
  for (unsigned rank = most - 1; rank > 0; --rank)
    sum = 0.5 * (sum + static_cast<double>(of_rank[rank]));
  sum += size * low_part(static_cast<double>(of_rank[0]) / size);
  const double estimate = size * size / (2 * std::log(2.0) * sum);
  return estimate < 0x1p63 ? std::llround(estimate) : std::numeric_limits<std::int64_t>::max();
}

std::string DistinctSketch::json() const {
  std::string out = "[[" + std::to_string(most_hashes_) + "," + std::to_string(bits_) + "],[";
  std::vector<std::uint64_t> hashes(hashes_.begin(), hashes_.end());
  std::sort(hashes.begin(), hashes.end());
  for (const std::uint64_t hash : hashes)
    out.append(out.back() == '[' ? "\"" : ",\"")
        .append(std::to_string(static_cast<std::int64_t>(hash)))
        .append("\"");
  out += "],[";
  if (!registers_.empty()) {
    out += '"';
    for (const std::uint8_t rank : registers_)
      out += static_cast<char>(kEmptyRegister + rank);
    out += '"';
  }
  return out + "]]";
}

}  // namespace redoubt::kql
