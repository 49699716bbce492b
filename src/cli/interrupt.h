#pragma once

#include <cstdint>
#include <mutex>
#include <stop_token>
#include <thread>

namespace redoubt::cli {

/// While it lives, Ctrl-C (SIGINT) asks the work in hand to stop instead of ending the process. Threads that
/// are started meanwhile leave the signal alone, too: it has to be made before them.
class Interrupt {
 public:
  /// What Ctrl-C does where nothing is in hand that could be stopped, or that was asked already.
  enum class Idle : std::uint8_t {
    Ends,    ///< the process, at once, with exit code 130
    Ignored  ///< nothing: the terminal is talked with
  };

  explicit Interrupt(Idle idle = Idle::Ends);
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;
  ~Interrupt();

  void set_idle(Idle idle);

  /// Work that can be stopped, as long as this lives; one at a time.
  class Work {
   public:
    explicit Work(Interrupt& interrupt);
    Work(const Work&) = delete;
    Work& operator=(const Work&) = delete;
    ~Work();

    std::stop_token token() const { return token_; }

   private:
    Interrupt& interrupt_;
    std::stop_token token_;
  };

 private:
  void wait();
  void take_signal();

  std::mutex mutex_;
  Idle idle_;                                  // guarded by mutex_
  std::stop_source source_{std::nostopstate};  // guarded by mutex_; without state: no work is in hand
  int signals_ = -1;                           ///< a signalfd
  int over_ = -1;                              ///< an eventfd: the object ends
  bool was_blocked_ = false;
  std::thread waiter_;
};

}  // namespace redoubt::cli
