#include "kql/text_map.h"

#include <algorithm>
#include <utility>

#include "core/result.h"

namespace redoubt::kql {

namespace {

using Step = TextMap::Step;

std::vector<Step>::const_iterator behind(const std::vector<Step>& steps, std::uint32_t offset) {
  return std::upper_bound(steps.begin(), steps.end(), offset,
                          [](std::uint32_t at, const Step& step) { return at < step.from; });
}

}  // namespace

TextMap::TextMap(std::vector<Step> steps) : steps_(std::move(steps)) {
  RD_CHECK(!steps_.empty() && steps_.front().from == 0);
}

TextMap TextMap::part(std::size_t to, std::size_t size) {
  const auto start = static_cast<std::uint32_t>(to);
  const auto length = static_cast<std::uint32_t>(size);
  return TextMap({{0, start}, {length, start + length}});
}

std::uint32_t TextMap::operator[](std::size_t offset) const {
  const auto at = static_cast<std::uint32_t>(std::min<std::size_t>(offset, size()));
  const auto next = behind(steps_, at);
  const Step& step = *std::prev(next);
  const std::uint32_t to = step.to + (at - step.from);
  return next == steps_.end() ? step.to : std::min(to, next->to);
}

TextMap TextMap::through(const TextMap& outer) const {
  std::vector<Step> out;
  for (std::size_t i = 0; i + 1 < steps_.size(); ++i) {
    const Step& step = steps_[i];
    const Step& next = steps_[i + 1];
    out.push_back({step.from, outer[step.to]});
    const std::uint32_t end = std::min(step.to + (next.from - step.from), next.to);
    for (auto at = behind(outer.steps_, step.to); at != outer.steps_.end() && at->from < end; ++at)
      out.push_back({step.from + (at->from - step.to), at->to});
  }
  out.push_back({size(), outer[steps_.back().to]});
  return TextMap(std::move(out));
}

TextMap TextMap::moved(std::size_t by) const {
  TextMap out = *this;
  for (Step& step : out.steps_)
    step.to += static_cast<std::uint32_t>(by);
  return out;
}

}  // namespace redoubt::kql
