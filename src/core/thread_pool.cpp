#include "core/thread_pool.h"

#include <algorithm>
#include <atomic>

namespace redoubt {

struct ThreadPool::Loop {
  std::size_t count;
  const WorkerBody& body;
  const std::stop_token& stop;
  std::atomic<std::size_t> next{0};
  std::atomic<std::size_t> done{0};
  std::size_t helpers = 0;  // workers inside; guarded by the pool's mutex

  void run(std::size_t worker) noexcept {
    while (!stop.stop_requested()) {
      const std::size_t index = next.fetch_add(1, std::memory_order_relaxed);
      if (index >= count) return;
      body(index, worker);
      done.fetch_add(1, std::memory_order_relaxed);
    }
  }
};

ThreadPool::ThreadPool(std::size_t threads) {
  const std::size_t wanted = threads != 0 ? threads : std::max(1U, std::thread::hardware_concurrency());
  for (std::size_t worker = 1; worker < wanted; ++worker)
    workers_.emplace_back([this, worker](const std::stop_token& stop) { work(worker, stop); });
}

ThreadPool::~ThreadPool() = default;

void ThreadPool::work(std::size_t worker, const std::stop_token& stop) {
  std::uint64_t seen = 0;
  std::unique_lock lock(mutex_);
  while (wake_.wait(lock, stop, [&] { return loop_ != nullptr && generation_ != seen; })) {
    seen = generation_;
    Loop& loop = *loop_;
    ++loop.helpers;
    lock.unlock();
    loop.run(worker);
    lock.lock();
    if (--loop.helpers == 0) idle_.notify_all();
  }
}

bool ThreadPool::begin(Loop& loop) {
  const std::lock_guard lock(mutex_);
  if (loop_ != nullptr) return false;
  loop_ = &loop;
  ++generation_;
  wake_.notify_all();
  return true;
}

void ThreadPool::finish(Loop& loop) {
  std::unique_lock lock(mutex_);
  loop_ = nullptr;
  idle_.wait(lock, [&loop] { return loop.helpers == 0; });
}

bool ThreadPool::parallel_for_workers(std::size_t count, const WorkerBody& body,
                                      const std::stop_token& stop) {
  Loop loop{count, body, stop};
  const bool shared = count > 1 && !workers_.empty() && begin(loop);
  loop.run(0);
  if (shared) finish(loop);
  return loop.done == count;
}

bool ThreadPool::parallel_for(std::size_t count, const Body& body, const std::stop_token& stop) {
  return parallel_for_workers(count, [&body](std::size_t index, std::size_t) { body(index); }, stop);
}

}  // namespace redoubt
