#include "cli/interrupt.h"

#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <csignal>
#include <cstdint>
#include <string_view>

#include "core/result.h"

namespace redoubt::cli {

namespace {

constexpr int kInterrupted = 130;  // 128 and the number of SIGINT, as shells have it

/// A line of progress that is half drawn does not stay.
[[noreturn]] void end_process() {
  static constexpr std::string_view kSaid = "\r\x1b[Kstopped\n";
  if (isatty(STDERR_FILENO) != 0) (void)!write(STDERR_FILENO, kSaid.data(), kSaid.size());
  _exit(kInterrupted);
}

sigset_t interrupts() {
  sigset_t out;
  sigemptyset(&out);
  sigaddset(&out, SIGINT);
  return out;
}

}  // namespace

Interrupt::Interrupt(Idle idle) : idle_(idle) {
  const sigset_t set = interrupts();
  sigset_t before;
  RD_CHECK(pthread_sigmask(SIG_BLOCK, &set, &before) == 0);
  was_blocked_ = sigismember(&before, SIGINT) == 1;
  signals_ = signalfd(-1, &set, SFD_CLOEXEC);
  over_ = eventfd(0, EFD_CLOEXEC);
  // Without them there is no way to be asked: Ctrl-C does what it did before.
  if (signals_ >= 0 && over_ >= 0)
    waiter_ = std::thread([this] { wait(); });
  else if (!was_blocked_)
    pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
}

void Interrupt::wait() {
  pollfd files[] = {{signals_, POLLIN, 0}, {over_, POLLIN, 0}};
  while (true) {
    if (poll(files, 2, -1) < 0) continue;
    // A signal first: one that is left would meet the process without the object.
    if ((files[0].revents & POLLIN) != 0) {
      signalfd_siginfo signal;
      if (read(signals_, &signal, sizeof signal) == sizeof signal) take_signal();
    } else if ((files[1].revents & POLLIN) != 0) {
      return;
    }
  }
}

void Interrupt::take_signal() {
  std::stop_source source(std::nostopstate);
  {
    const std::scoped_lock lock(mutex_);
    source = source_;
    if (idle_ == Idle::Ends && (!source.stop_possible() || source.stop_requested())) end_process();
  }
  source.request_stop();  // unlocked: what hears of it may end the work
}

void Interrupt::set_idle(Idle idle) {
  const std::scoped_lock lock(mutex_);
  idle_ = idle;
}

Interrupt::Work::Work(Interrupt& interrupt) : interrupt_(interrupt) {
  const std::scoped_lock lock(interrupt_.mutex_);
  interrupt_.source_ = std::stop_source();
  token_ = interrupt_.source_.get_token();
}

Interrupt::Work::~Work() {
  const std::scoped_lock lock(interrupt_.mutex_);
  interrupt_.source_ = std::stop_source(std::nostopstate);
}

Interrupt::~Interrupt() {
  if (waiter_.joinable()) {
    const std::uint64_t one = 1;
    while (write(over_, &one, sizeof one) != sizeof one) {
    }
    waiter_.join();
  }
  if (signals_ >= 0) close(signals_);
  if (over_ >= 0) close(over_);
  const sigset_t set = interrupts();
  if (!was_blocked_) pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
}

}  // namespace redoubt::cli
