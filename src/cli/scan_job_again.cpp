// What ScanJob does to begin from the last pass.

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <set>
#include <utility>

#include "cli/data_option.h"
#include "cli/scan_job.h"
#include "core/hash.h"

namespace redoubt::cli {

namespace {

/// Another build may judge otherwise.
std::string this_program() {
  std::error_code error;
  const std::filesystem::path self = std::filesystem::read_symlink("/proc/self/exe", error);
  if (error) return {};
  const std::uintmax_t size = std::filesystem::file_size(self, error);
  const auto written = std::filesystem::last_write_time(self, error);
  return fmt::format("{} {}", size, written.time_since_epoch().count());
}

std::string absolute(const std::string& path) {
  std::error_code error;
  return std::filesystem::absolute(path, error).lexically_normal().string();
}

}  // namespace

/// What verdicts hang on beside the texts that were read.
std::string ScanJob::world() const {
  std::string out = this_program();
  for (const Option& option : scan_options())
    if (option.flags != "--now" && option.flags != "--data")
      for (const std::string& value : arguments_.values(option.flags))
        out += fmt::format("\n{}={}", option.flags, value);
  for (const policy::Exemption* exemption : zone_.exemptions())
    out += exemption->expired(now_) ? "\nexpired" : "\nin force";
  return out;
}

/// One for each name; without a name one for each set of inputs and policies.
std::string ScanJob::pass_file() const {
  std::string of = inputs_.pass;
  if (of.empty()) {
    std::set<std::string> inputs = {"zone " + absolute(inputs_.zone)};
    for (const std::string& path : inputs_.paths)
      inputs.insert("path " + absolute(path));
    for (const std::string_view option : {"--policy", "--initiative"})
      for (const std::string& value : arguments_.values(option))
        inputs.insert(fmt::format("{} {}", option, value));
    for (const std::string& input : inputs)
      of += input + "\n";
  }
  return fmt::format("{}/passes/{}.pass", data_directory(arguments_), sha256_hex(of).substr(0, 16));
}

/// While policies are loaded.
void ScanJob::begin_reading_last_pass() {
  last_pass_ = std::async(std::launch::async, [path = pass_file()] { return posture::read_kept_pass(path); });
}

Result<void> ScanJob::judge_again() {
  Result<std::optional<posture::KeptPass>> last = last_pass_.get();
  if (!last) {
    Diagnostic diagnostic = to_diagnostic(last.error());
    diagnostic.severity = Severity::Warning;
    notes_.diagnostics.push_back(std::move(diagnostic));
    last = std::nullopt;
  }
  tell_time("last pass read");
  std::string why_all;
  if (plan_.policies().size() > posture::kMaxKeptPolicies) why_all = "there are too many policies";
  const std::vector<Diagnostic> before_inputs = notes_.diagnostics;
  const std::vector<posture::NotLookedAt> not_looked_at = notes_.not_looked_at;
  std::optional<posture::KeptPass> pass = *std::move(last);
  for (bool again = true; again;) {
    again = false;
    rescan_.emplace(sources_, plan_, world(), std::exchange(pass, std::nullopt), why_all);
    RD_TRY(load_inventory());
    tell_time("templates expanded, exports read");
    if (inventory_.value.rows_failed) {
      // A reader of whole documents says what is wrong with it.
      rescan_.reset();
      notes_.diagnostics = before_inputs;
      notes_.not_looked_at = not_looked_at;
      RD_TRY(load_inventory());
    }
    judge();
    if (rescan_ && rescan_->looked_further(*scan_)) {
      again = true;
      why_all = "policies looked further than at the last pass";
      pass = rescan_->take_last();
      notes_.diagnostics = before_inputs;
      notes_.not_looked_at = not_looked_at;
    }
  }
  return {};
}

void ScanJob::compare_passes(posture::DiffSide& before, posture::DiffSide& after) {
  const estate::Inventory& inventory = inventory_.value;
  next_ = rescan_->next(*scan_, inventory.estate, inventory.split_exports, now_);
  tell_time("passes merged");
  const auto twice = std::find_if(inventory_.diagnostics.begin(), inventory_.diagnostics.end(),
                                  [](const Diagnostic& one) { return one.code == "EST0109"; });
  const Where where = twice == inventory_.diagnostics.end() ? Where() : twice->where;
  const bool keep = twice == inventory_.diagnostics.end();
  keeping_ = std::async(std::launch::async, [this, keep, where, path = pass_file()]() -> Result<void> {
    if (!inputs_.keep) return {};
    if (keep) return posture::write_kept_pass(path, next_.pass);
    return fail(Error::Kind::InvalidInput, "CLI0055", "the pass is not kept: an id stands twice in exports",
                where, "the next rescan judges everything");
  });
  rescan_->compare(*scan_, next_, before, after);
  tell_time("passes compared");
}

}  // namespace redoubt::cli
