#pragma once

#include <atomic>
#include <functional>
#include <stop_token>
#include <thread>

namespace redoubt::store::detail {

/// While it lives, `kill` is called again and again once `stop` was requested: what is to be killed may not
/// have begun yet. It is called on a thread of its own, which is there only then.
class KillOnStop {
 public:
  KillOnStop(const std::stop_token& stop, std::function<void()> kill);
  KillOnStop(const KillOnStop&) = delete;
  KillOnStop& operator=(const KillOnStop&) = delete;

 private:
  void begin();

  std::function<void()> kill_;
  std::jthread thread_;  // before callback_, which starts it
  std::stop_callback<std::function<void()>> callback_;
};

}  // namespace redoubt::store::detail
