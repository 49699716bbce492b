#pragma once

#include <stop_token>
#include <thread>

namespace redoubt::cli {

/// While it lives, Ctrl-C (SIGINT) asks long work to stop instead of ending the process; a second one ends it
/// with exit code 130. Threads that are started meanwhile leave the signal alone, too.
class Interrupt {
 public:
  Interrupt();
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;
  ~Interrupt();

  std::stop_token token() const { return source_.get_token(); }

 private:
  void wait();

  std::stop_source source_;
  int signals_ = -1;  ///< a signalfd
  int over_ = -1;     ///< an eventfd: the object ends
  bool was_blocked_ = false;
  std::thread waiter_;
};

}  // namespace redoubt::cli
