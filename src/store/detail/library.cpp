#include "store/detail/library.h"

#include <dlfcn.h>
#include <fmt/format.h>
#include <pthread.h>

#include <array>
#include <charconv>
#include <csignal>
#include <string_view>

#include "core/sanitized.h"

namespace redoubt::store::detail {

namespace {

constexpr bool kSanitized = REDOUBT_SANITIZED != 0;

using Version = std::array<unsigned, 3>;

/// An older one takes no settings where it is connected, and says nothing of it: other results.
constexpr Version kOldest = {26, 7, 3};

tl::unexpected<Error> unusable(const std::string& path, std::string_view what, std::string_view values,
                               std::string_view hint) {
  return fail(Error::Kind::Unsupported, "STO0002",
              fmt::format("the event engine can't be used: {}: {}", what, values), Where{path, 0, 0, {}},
              std::string(hint));
}

/// `26.7.3`, whatever follows; missing numbers are 0.
Version parse_version(std::string_view text) {
  Version out{};
  for (unsigned& number : out) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc()) break;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    if (!text.starts_with('.')) break;
    text.remove_prefix(1);
  }
  return out;
}

/// The library blocks SIGPIPE for the thread that loads it, which every child of ours would inherit.
class SignalMask {
 public:
  SignalMask() { pthread_sigmask(SIG_SETMASK, nullptr, &mask_); }
  SignalMask(const SignalMask&) = delete;
  SignalMask& operator=(const SignalMask&) = delete;
  ~SignalMask() { pthread_sigmask(SIG_SETMASK, &mask_, nullptr); }

 private:
  sigset_t mask_{};
};

/// Collects the functions of a library, and the first that it lacks.
class Functions {
 public:
  explicit Functions(void* handle) : handle_(handle) {}

  template <class Function>
  void find(const char* name, Function*& out) {
    out = reinterpret_cast<Function*>(dlsym(handle_, name));
    if (out == nullptr && missing_.empty()) missing_ = name;
  }

  const std::string& missing() const { return missing_; }

 private:
  void* handle_;
  std::string missing_;
};

std::string find_all(void* handle, Library& out) {
  Functions functions(handle);
  functions.find("chdb_version", out.version);
  functions.find("chdb_connect", out.connect);
  functions.find("chdb_close_conn", out.close);
  functions.find("chdb_set_signal_handlers_enabled", out.set_signal_handlers_enabled);
  functions.find("chdb_query_n", out.query);
  functions.find("chdb_stream_query_n", out.stream_query);
  functions.find("chdb_stream_fetch_result", out.stream_fetch);
  functions.find("chdb_stream_cancel_query", out.stream_cancel);
  functions.find("chdb_destroy_query_result", out.destroy);
  functions.find("chdb_result_buffer", out.buffer);
  functions.find("chdb_result_length", out.length);
  functions.find("chdb_result_error", out.error);
  functions.find("chdb_result_storage_rows_read", out.storage_rows_read);
  functions.find("chdb_result_storage_bytes_read", out.storage_bytes_read);
  functions.find("chdb_arrow_scan", out.arrow_scan);
  functions.find("chdb_arrow_unregister_table", out.arrow_unregister);
  return functions.missing();
}

}  // namespace

bool library_can_run() { return !kSanitized; }

bool is_tested_version(std::string_view version) { return parse_version(version) >= kOldest; }

Result<Library> Library::load(const std::string& path) {
  if (!library_can_run())
    return unusable(path, "it can't run in a build with sanitizers", "address or thread",
                    "use a build without them");
  const SignalMask mask;
  void* handle = dlopen(path.c_str(), RTLD_LOCAL | RTLD_NOW);
  if (handle == nullptr)
    return unusable(path, "it can't be loaded", dlerror(), "install it anew: make setup");
  Library out;
  const std::string missing = find_all(handle, out);
  if (!missing.empty())
    return unusable(path, "it lacks a function", missing, "use a version that was tested: make setup");
  if (!is_tested_version(out.version()))
    return unusable(path, "it is too old",
                    fmt::format("{}, older than {}", out.version(), fmt::join(kOldest, ".")),
                    "use a version that was tested: make setup");
  out.set_signal_handlers_enabled(0);
  return out;
}

}  // namespace redoubt::store::detail
