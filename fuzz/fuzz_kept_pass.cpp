#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <string_view>

#include "core/hash.h"
#include "estate/load.h"
#include "memory_file.h"
#include "policy/built_in.h"
#include "posture/diff.h"
#include "posture/kept_pass.h"
#include "posture/rescan.h"

// Any bytes as a kept pass, its checksum made right: it is refused, or written again as what it was. A rescan
// of a small estate that builds upon it, and upon one with the rows of that estate, ends with a pass that can
// be read again.

namespace {

using namespace redoubt;
using posture::KeptPass;

constexpr std::string_view kMagic = "redoubt pass 2\n";
constexpr std::size_t kSum = sizeof(Sha256);

constexpr std::string_view kPolicies = R"([{"name":"p","properties":{"mode":"All","policyRule":{"if":
{"field":"type","equals":"Microsoft.Storage/storageAccounts"},"then":{"effect":"auditIfNotExists","details":
{"type":"Microsoft.Insights/diagnosticSettings"}}}}},{"name":"q","properties":{"mode":"All","policyRule":{"if":
{"allOf":[{"field":"type","equals":"Microsoft.Storage/storageAccounts"},
{"field":"tags['t']","less":"[utcNow()]"}]},"then":{"effect":"audit"}}}}])";
constexpr std::string_view kExport = R"([
{"id":"/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/a",
"type":"microsoft.storage/storageaccounts","properties":{}},
{"id":"/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/b",
"type":"microsoft.storage/storageaccounts","tags":{"t":"2020-01-01T00:00:00Z"},"properties":{}}])";

/// A folder of this process.
class Folder {
 public:
  Folder()
      : root_(std::filesystem::temp_directory_path() / ("redoubt-fuzz-pass-" + std::to_string(::getpid()))) {
    std::filesystem::create_directories(root_);
    std::ofstream(path("policies.json")) << kPolicies;
    std::ofstream(path("export.json")) << kExport;
  }
  std::string path(std::string_view name) const { return (root_ / name).string(); }

 private:
  std::filesystem::path root_;
};

const Folder& folder() {
  static const Folder one;
  return one;
}

/// Gets what a rescan ends with, while everything it refers to is there. With `use`, a pass is built upon
/// whatever it says of its world.
KeptPass written_again(const KeptPass& pass) {
  const std::string path = folder().path("again.pass");
  RD_CHECK(posture::write_kept_pass(path, pass).has_value());
  Result<std::optional<KeptPass>> again = posture::read_kept_pass(path);
  RD_CHECK(again.has_value() && again->has_value());
  return std::move(**again);
}

KeptPass rescan(std::optional<KeptPass> last) {
  static const policy::AliasCatalogue aliases(policy::built_in_aliases());
  static const policy::TypeTable types = policy::built_in_types();
  static ThreadPool pool(1);
  doc::Sources sources;
  arm::Origins origins;
  policy::Library library;
  library.load(sources, folder().path("policies.json"));
  posture::Plan plan(origins);
  for (const policy::Definition& definition : library.definitions())
    plan.add(definition, doc::Value::object({}));
  plan.compile({&aliases, &types, &origins, false, &sources});
  std::string why_all;
  for (;;) {
    posture::Rescan again(sources, plan, "world", std::move(last), why_all);
    estate::LoadOptions options;
    options.rows = &again;
    options.pool = &pool;
    Reading<estate::Inventory> inventory =
        estate::load(sources, origins, {folder().path("export.json")}, options);
    if (inventory.value.rows_failed) return {};
    const std::vector<posture::ScanTask> tasks = again.tasks(inventory.value.estate);
    posture::ScanOptions scan_options;
    scan_options.all = true;
    scan_options.now = Instant{638'000'000'000'000'000};
    scan_options.tasks = &tasks;
    posture::Scan scan(plan, inventory.value.estate, sources, origins, scan_options, pool);
    scan.run({});
    if (again.looked_further(scan)) {
      why_all = "further";
      last = again.take_last();
      continue;
    }
    const posture::Rescan::Next next =
        again.next(scan, inventory.value.estate, inventory.value.split_exports, *scan_options.now);
    posture::DiffSide before("before");
    posture::DiffSide after("after");
    again.compare(scan, next, before, after);
    RD_CHECK(!posture::diff_json(posture::diff(before, after)).empty());
    return written_again(next.pass);
  }
}

std::string with_sum(std::string_view body) {
  std::string out(kMagic);
  out += body;
  const Sha256 sum = sha256(out);
  return out.append(reinterpret_cast<const char*>(sum.data()), kSum);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const MemoryFile file;
  static const KeptPass own = rescan(std::nullopt);
  std::string_view body(reinterpret_cast<const char*>(data), size);
  if (body.starts_with(kMagic) && body.size() >= kMagic.size() + kSum)
    body = body.substr(kMagic.size(), body.size() - kMagic.size() - kSum);
  const std::string bytes = with_sum(body);
  Result<std::optional<KeptPass>> read = posture::read_kept_pass(file.fill(bytes));
  if (!read) {
    RD_CHECK(read.error().code == "POS0050");
    return 0;
  }
  RD_CHECK(read->has_value());
  KeptPass pass = std::move(**read);
  RD_CHECK(posture::write_kept_pass(folder().path("same.pass"), pass).has_value());
  const Result<std::string> same = doc::read_text_file(folder().path("same.pass"));
  RD_CHECK(same && *same == bytes);
  pass.world = own.world;
  for (KeptPass::Export& one : pass.exports) {
    one.path = own.exports[0].path;
    // Rows that are known again, with whatever the pass says of them.
    for (std::size_t i = 0; i < std::min(one.rows.size(), own.exports[0].rows.size()); ++i)
      if (one.rows[i].size % 2 == 0) one.rows[i] = own.exports[0].rows[i];
  }
  rescan(std::move(pass));
  return 0;
}
