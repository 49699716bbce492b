#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <stop_token>
#include <thread>
#include <vector>

namespace redoubt {

/// A fixed number of threads that share loops; the calling thread works along.
///
/// Items are handed out one by one through an atomic index, so that uneven items balance. Bodies must not
/// throw (that ends the program) and report failures through what they write. Loops may be begun inside loops
/// and from several threads; while one is being shared out, another runs on its own thread alone.
class ThreadPool {
 public:
  /// Threads at work in all, the caller's included; 0: as many as the machine has.
  explicit ThreadPool(std::size_t threads = 0);
  ~ThreadPool();
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  std::size_t size() const { return workers_.size() + 1; }

  using Body = std::function<void(std::size_t index)>;
  using WorkerBody = std::function<void(std::size_t index, std::size_t worker)>;

  /// Calls body(0) to body(count - 1), in any order. Everything the bodies wrote is visible afterwards.
  /// False when `stop` was requested before all were called; items that had begun are finished.
  bool parallel_for(std::size_t count, const Body& body, const std::stop_token& stop = {});

  /// The same; `worker` is below size() and no two bodies of this loop run with the same one at a time, for
  /// memory that each worker keeps to itself.
  bool parallel_for_workers(std::size_t count, const WorkerBody& body, const std::stop_token& stop = {});

 private:
  struct Loop;
  void work(std::size_t worker, const std::stop_token& stop);
  bool begin(Loop& loop);
  void finish(Loop& loop);

  std::mutex mutex_;
  std::condition_variable_any wake_;
  std::condition_variable idle_;
  Loop* loop_ = nullptr;          // guarded by mutex_
  std::uint64_t generation_ = 0;  // guarded by mutex_
  std::vector<std::jthread> workers_;
};

}  // namespace redoubt
