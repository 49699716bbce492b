#pragma once

#include <cstddef>
#include <cstring>
#include <memory>
#include <new>
#include <span>
#include <string_view>
#include <type_traits>
#include <vector>

namespace redoubt {

/// Memory that is handed out in order and freed all at once. Only for trivially destructible types.
/// Single-threaded; moving an arena keeps everything it handed out valid.
class Arena {
 public:
  Arena() = default;
  Arena(Arena&& other) noexcept { *this = std::move(other); }
  Arena& operator=(Arena&& other) noexcept;
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;
  ~Arena() = default;

  void* allocate(std::size_t bytes, std::size_t alignment) {
    std::size_t start = (used_ + alignment - 1) & ~(alignment - 1);
    if (start + bytes > capacity_) return allocate_block(bytes, alignment);
    used_ = start + bytes;
    return block_ + start;
  }

  template <class T>
  std::span<T> copy(std::span<const T> values) {
    static_assert(std::is_trivially_copyable_v<T> && std::is_trivially_destructible_v<T>);
    if (values.empty()) return {};
    T* out = static_cast<T*>(allocate(values.size_bytes(), alignof(T)));
    std::memcpy(static_cast<void*>(out), static_cast<const void*>(values.data()), values.size_bytes());
    return {out, values.size()};
  }

  template <class T, class... Arguments>
  T* make(Arguments&&... arguments) {
    static_assert(std::is_trivially_destructible_v<T>);
    return new (allocate(sizeof(T), alignof(T))) T{std::forward<Arguments>(arguments)...};
  }

  std::string_view copy(std::string_view text) {
    std::span<char> out = copy(std::span<const char>(text));
    return {out.data(), out.size()};
  }

  /// Takes everything back; the largest block stays for the next round.
  void reset();

  /// Bytes reserved from the system, for limits and benchmarks.
  std::size_t bytes() const { return bytes_; }

 private:
  void* allocate_block(std::size_t bytes, std::size_t alignment);

  std::vector<std::unique_ptr<char[]>> blocks_;
  char* block_ = nullptr;
  std::size_t used_ = 0;
  std::size_t capacity_ = 0;
  std::size_t bytes_ = 0;
};

}  // namespace redoubt
