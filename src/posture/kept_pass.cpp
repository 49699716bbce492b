#include "posture/kept_pass.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <type_traits>

#include "doc/json.h"

namespace redoubt::posture {

namespace {

constexpr auto kLastState = static_cast<std::uint32_t>(policy::State::NotApplicable);
constexpr auto kLastLevel = static_cast<std::uint32_t>(Level::Critical);

/// Before everything else: what it is, and the version of the form.
constexpr std::string_view kMagic = "redoubt pass 2\n";

constexpr std::string KeptPolicy::* kTextsOfPolicy[] = {&KeptPolicy::name, &KeptPolicy::display_name,
                                                        &KeptPolicy::parameters, &KeptPolicy::effect,
                                                        &KeptPolicy::rule};

class Writer {
 public:
  template <class T>
  void raw(const T& value) {
    static_assert(std::is_trivially_copyable_v<T>);
    out_.append(reinterpret_cast<const char*>(&value), sizeof(T));
  }
  void number(std::size_t value) { raw(static_cast<std::uint64_t>(value)); }
  void text(std::string_view value) {
    raw(static_cast<std::uint32_t>(value.size()));
    out_ += value;
  }
  template <class T>
  void list(std::span<const T> values) {
    static_assert(std::is_trivially_copyable_v<T>);
    number(values.size());
    out_.append(reinterpret_cast<const char*>(values.data()), values.size_bytes());
  }
  void reserve(std::size_t bytes) { out_.reserve(bytes); }
  std::string take() { return std::move(out_); }

 private:
  std::string out_{kMagic};
};

/// Reads what Writer wrote; after a read that goes too far everything is empty and failed() is true.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  template <class T>
  T raw() {
    T value{};
    if (const std::string_view bytes = take(sizeof(T)); !bytes.empty())
      std::memcpy(&value, bytes.data(), sizeof(T));
    return value;
  }
  /// How many of something follow, each of at least so many bytes.
  std::size_t count(std::size_t bytes_each) {
    const auto value = raw<std::uint64_t>();
    if (value <= text_.size() / bytes_each) return static_cast<std::size_t>(value);
    failed_ = true;
    return 0;
  }
  std::string_view text() { return take(raw<std::uint32_t>()); }
  template <class T>
  std::vector<T> list() {
    std::vector<T> values(count(sizeof(T)));
    if (const std::string_view bytes = take(values.size() * sizeof(T)); !bytes.empty())
      std::memcpy(values.data(), bytes.data(), bytes.size());
    return values;
  }
  bool failed() const { return failed_; }
  bool at_end() const { return text_.empty(); }

 private:
  std::string_view take(std::size_t bytes) {
    if (failed_ || bytes > text_.size()) {
      failed_ = true;
      return {};
    }
    const std::string_view out = text_.substr(0, bytes);
    text_.remove_prefix(bytes);
    return out;
  }

  std::string_view text_;
  bool failed_ = false;
};

std::string to_bytes(const KeptPass& pass) {
  static constexpr std::size_t kBytesOfResource = 200;
  Writer out;
  out.reserve(pass.resources.size() * kBytesOfResource + pass.verdicts.size() * sizeof(KeptVerdict));
  out.raw(pass.world);
  out.raw(pass.time);
  out.number(pass.types.size());
  for (const std::string_view type : pass.types)
    out.text(type);
  out.number(pass.resources.size());
  for (const KeptPass::Resource& resource : pass.resources) {
    out.text(resource.id);
    out.raw(resource.type);
    out.raw(resource.first_verdict);
  }
  out.list(std::span<const KeptVerdict>(pass.verdicts));
  out.number(pass.exports.size());
  for (const KeptPass::Export& one : pass.exports) {
    out.text(one.path);
    out.list(std::span<const estate::KnownRow>(one.rows));
    out.list(std::span<const std::uint32_t>(one.resources));
  }
  out.number(pass.policies.size());
  for (const KeptPolicy& policy : pass.policies)
    for (const std::string KeptPolicy::* part : kTextsOfPolicy)
      out.text(policy.*part);
  out.number(pass.lookups.size());
  for (const std::vector<KeptLookup>& of_policy : pass.lookups) {
    out.number(of_policy.size());
    for (const KeptLookup& lookup : of_policy) {
      out.text(lookup.type);
      out.raw(lookup.where);
    }
  }
  return out.take();
}

KeptPass of_bytes(Reader& in) {
  KeptPass pass;
  pass.world = in.raw<Sha256>();
  pass.time = in.raw<Instant>();
  pass.types.resize(in.count(sizeof(std::uint32_t)));
  for (std::string_view& type : pass.types)
    type = in.text();
  pass.resources.resize(in.count(3 * sizeof(std::uint32_t)));
  for (KeptPass::Resource& resource : pass.resources) {
    resource.id = in.text();
    resource.type = in.raw<std::uint32_t>();
    resource.first_verdict = in.raw<std::uint32_t>();
  }
  pass.verdicts = in.list<KeptVerdict>();
  pass.exports.resize(in.count(sizeof(std::uint64_t)));
  for (KeptPass::Export& one : pass.exports) {
    one.path = in.text();
    one.rows = in.list<estate::KnownRow>();
    one.resources = in.list<std::uint32_t>();
  }
  pass.policies.resize(in.count(std::size(kTextsOfPolicy) * sizeof(std::uint32_t)));
  for (KeptPolicy& policy : pass.policies)
    for (std::string KeptPolicy::* part : kTextsOfPolicy)
      policy.*part = in.text();
  pass.lookups.resize(in.count(sizeof(std::uint64_t)));
  for (std::vector<KeptLookup>& of_policy : pass.lookups) {
    of_policy.resize(in.count(sizeof(std::uint32_t)));
    for (KeptLookup& lookup : of_policy) {
      lookup.type = in.text();
      lookup.where = in.raw<policy::Lookup::Where>();
    }
  }
  return pass;
}

/// Whether every number in it leads somewhere.
bool is_sound(const KeptPass& pass) {
  std::uint32_t first = 0;
  for (const KeptPass::Resource& resource : pass.resources) {
    if (resource.type >= pass.types.size() || resource.first_verdict < first) return false;
    first = resource.first_verdict;
  }
  if (first > pass.verdicts.size() || pass.policies.size() != pass.lookups.size()) return false;
  for (const KeptVerdict& verdict : pass.verdicts)
    if (verdict.policy >= pass.lookups.size() || verdict.state > kLastState || verdict.severity > kLastLevel)
      return false;
  for (const std::vector<KeptLookup>& of_policy : pass.lookups)
    for (const KeptLookup& lookup : of_policy)
      if (lookup.where > policy::Lookup::Where::Anywhere) return false;
  for (const KeptPass::Export& one : pass.exports) {
    if (one.rows.size() != one.resources.size()) return false;
    for (const std::uint32_t resource : one.resources)
      if (resource != KeptPass::kNone && resource >= pass.resources.size()) return false;
  }
  return true;
}

tl::unexpected<Error> not_written(const std::string& path, int number) {
  return fail(Error::Kind::Io, "POS0051", fmt::format("the pass can't be kept: {}", std::strerror(number)),
              Where{path, 0, 0, {}}, "see the data directory's permissions and the space that is left");
}

Result<void> write_whole(const std::string& path, std::string_view text) {
  const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file < 0) return not_written(path, errno);
  int number = 0;
  while (!text.empty() && number == 0) {
    const ssize_t written = write(file, text.data(), text.size());
    if (written > 0)
      text.remove_prefix(static_cast<std::size_t>(written));
    else if (errno != EINTR)
      number = written == 0 ? EIO : errno;
  }
  // Not synced: a file that a crash cut off does not have its checksum, and then everything is judged anew.
  if (close(file) != 0 && number == 0) number = errno;
  if (number != 0) return not_written(path, number);
  return {};
}

/// Files that runs which were killed left beside it. Another run may be writing one now.
void remove_left_over(const std::filesystem::path& path) {
  constexpr std::chrono::hours kLongestWrite(1);
  const auto now = std::filesystem::file_time_type::clock::now();
  const std::string begin = path.filename().string() + ".";
  std::error_code error;
  for (std::filesystem::directory_iterator entry(path.parent_path(), error), end; !error && entry != end;
       entry.increment(error)) {
    if (!entry->path().filename().string().starts_with(begin)) continue;
    std::error_code ignored;
    const auto written = entry->last_write_time(ignored);
    if (!ignored && now - written > kLongestWrite) std::filesystem::remove(entry->path(), ignored);
  }
}

}  // namespace

std::span<const KeptVerdict> KeptPass::verdicts_of(std::size_t resource) const {
  const std::size_t first = resources[resource].first_verdict;
  const std::size_t end =
      resource + 1 < resources.size() ? resources[resource + 1].first_verdict : verdicts.size();
  return std::span(verdicts).subspan(first, end - first);
}

Result<std::optional<KeptPass>> read_kept_pass(const std::string& path) {
  std::error_code error;
  if (!std::filesystem::exists(path, error)) return std::nullopt;
  std::string text = RD_TRY(doc::read_text_file(path));
  const auto damaged = [&](std::string_view why) {
    return fail(Error::Kind::InvalidInput, "POS0050", fmt::format("the kept pass can't be used: {}", why),
                Where{path, 0, 0, {}}, "everything is judged anew, and kept again");
  };
  if (!text.starts_with(kMagic)) return damaged("it is of another version");
  if (text.size() < kMagic.size() + sizeof(Sha256)) return damaged("it ends too early");
  const std::string_view body = std::string_view(text).substr(0, text.size() - sizeof(Sha256));
  const Sha256 sum = sha256(body);
  if (std::memcmp(sum.data(), text.data() + body.size(), sum.size()) != 0) return damaged("it is damaged");
  Reader in(body.substr(kMagic.size()));
  KeptPass pass = of_bytes(in);
  if (in.failed() || !in.at_end() || !is_sound(pass)) return damaged("it is damaged");
  pass.buffer = std::move(text);  // moves no character: it is long
  return pass;
}

Result<void> write_kept_pass(const std::string& path, const KeptPass& pass) {
  std::string text = to_bytes(pass);
  const Sha256 sum = sha256(text);
  text.append(reinterpret_cast<const char*>(sum.data()), sum.size());
  const std::filesystem::path folder = std::filesystem::path(path).parent_path();
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) return not_written(folder.string(), error.value());
  remove_left_over(path);
  const std::string beside = fmt::format("{}.{}", path, getpid());
  Result<void> written = write_whole(beside, text);
  if (written && std::rename(beside.c_str(), path.c_str()) != 0) written = not_written(path, errno);
  if (!written) std::filesystem::remove(beside, error);
  return written;
}

}  // namespace redoubt::posture
