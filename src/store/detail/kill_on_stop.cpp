#include "store/detail/kill_on_stop.h"

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <utility>

namespace redoubt::store::detail {

namespace {

constexpr std::chrono::milliseconds kPause{10};

}  // namespace

KillOnStop::KillOnStop(const std::stop_token& stop, std::function<void()> kill)
    : kill_(std::move(kill)), callback_(stop, [this] { begin(); }) {}

void KillOnStop::begin() {
  thread_ = std::jthread([this](const std::stop_token& over) {
    std::mutex mutex;
    std::condition_variable_any wake;
    std::unique_lock lock(mutex);
    while (!over.stop_requested()) {
      kill_();
      wake.wait_for(lock, over, kPause, [] { return false; });
    }
  });
}

}  // namespace redoubt::store::detail
