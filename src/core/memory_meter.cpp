#include "core/memory_meter.h"

#include <malloc.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <fstream>
#include <new>

namespace redoubt {

namespace {

/// operator new has no argument that could name its meter.
thread_local MemoryMeter* current = nullptr;

// Of version 2 and 1 of control groups. What is no number, such as `max`, bounds nothing.
constexpr const char* kGroupLimits[] = {"/sys/fs/cgroup/memory.max",
                                        "/sys/fs/cgroup/memory/memory.limit_in_bytes"};

}  // namespace

MemoryMeter::MemoryMeter(std::uint64_t max_bytes) : outer_(current), max_bytes_(max_bytes) { current = this; }

MemoryMeter::~MemoryMeter() { current = outer_; }

bool MemoryMeter::has_room(std::uint64_t more) const {
  for (const MemoryMeter* meter = this; meter != nullptr; meter = meter->outer_)
    if (meter->max_bytes_ != 0 && (more > meter->max_bytes_ || meter->bytes() > meter->max_bytes_ - more))
      return false;
  return true;
}

std::uint64_t machine_memory_bytes() {
  std::uint64_t out = static_cast<std::uint64_t>(std::max(sysconf(_SC_PHYS_PAGES), 0L)) *
                      static_cast<std::uint64_t>(std::max(sysconf(_SC_PAGESIZE), 0L));
  for (const char* const path : kGroupLimits) {
    std::uint64_t limit = 0;
    if (std::ifstream(path) >> limit && limit != 0) out = std::min(out, limit);
  }
  return out;
}

/// Of the meters of this thread.
struct MeteredMemory {
  static bool is_metered() { return current != nullptr; }
  static bool has_room(std::size_t size) { return current == nullptr || current->has_room(size); }
  static void add(std::int64_t bytes) {
    for (MemoryMeter* meter = current; meter != nullptr; meter = meter->outer_)
      meter->held_ += bytes;
  }
};

}  // namespace redoubt

#if REDOUBT_SANITIZED

// Of the sanitizers' runtime; not all compilers have its header.
extern "C" {
std::size_t __sanitizer_get_allocated_size(const volatile void* memory);
int __sanitizer_install_malloc_and_free_hooks(void (*taken)(const volatile void*, std::size_t),
                                              void (*given_back)(const volatile void*));
}

namespace redoubt {

namespace {

void taken(const volatile void* memory, std::size_t) {
  if (MeteredMemory::is_metered() && memory != nullptr)
    MeteredMemory::add(static_cast<std::int64_t>(__sanitizer_get_allocated_size(memory)));
}

void given_back(const volatile void* memory) {
  if (MeteredMemory::is_metered() && memory != nullptr)
    MeteredMemory::add(-static_cast<std::int64_t>(__sanitizer_get_allocated_size(memory)));
}

[[maybe_unused]] const int installed = __sanitizer_install_malloc_and_free_hooks(taken, given_back);

}  // namespace

}  // namespace redoubt

#else

namespace {

using redoubt::MeteredMemory;

void* take(std::size_t size) {
  if (!MeteredMemory::has_room(size)) return nullptr;
  void* const out = std::malloc(std::max<std::size_t>(size, 1));
  if (MeteredMemory::is_metered() && out != nullptr)
    MeteredMemory::add(static_cast<std::int64_t>(malloc_usable_size(out)));
  return out;
}

void give_back(void* memory) {
  if (MeteredMemory::is_metered() && memory != nullptr)
    MeteredMemory::add(-static_cast<std::int64_t>(malloc_usable_size(memory)));
  std::free(memory);
}

}  // namespace

// Replaceable functions of C++; the forms for arrays and without exceptions call these.

void* operator new(std::size_t size) {
  for (;;) {
    if (void* const out = take(size)) return out;
    const std::new_handler handler = std::get_new_handler();
    if (handler == nullptr) throw std::bad_alloc();
    handler();
  }
}

void operator delete(void* memory) noexcept { give_back(memory); }

void operator delete(void* memory, std::size_t) noexcept { give_back(memory); }

#endif
