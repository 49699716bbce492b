#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/result.h"
#include "core/time.h"
#include "doc/value.h"

namespace redoubt::posture {

/// What Azure says of a resource under an assignment. Source: "Azure Policy compliance states".
enum class AzureState : std::uint8_t { Compliant, NonCompliant, Exempt, Unknown, Conflict, Error, Protected };
std::string_view name_of(AzureState state);

/// What a row is about, as hashes of the texts in lower case.
struct StateKey {
  std::uint64_t resource = 0;
  std::uint64_t policy = 0;     ///< of the assignment's id; by definition: of the definition's name
  std::uint64_t reference = 0;  ///< 0: by definition
  bool operator==(const StateKey&) const = default;
};
struct StateKeyHash {
  std::size_t operator()(const StateKey& key) const {
    return static_cast<std::size_t>(key.resource ^ (key.policy * 3) ^ (key.reference * 5));
  }
};
/// Hash of a name or an id without regard to case and to a slash at its end.
std::uint64_t state_hash(std::string_view text);

/// The newest row of one key.
struct PolicyState {
  std::uint64_t definition = 0;  ///< hash of its name
  Instant time;                  ///< 0: the row has none
  AzureState state = AzureState::Unknown;
  bool several = false;  ///< by definition: its assignments differ, so none can be compared
  // Numbers of texts().
  std::uint32_t version = 0;  ///< of the definition; empty text: not said
  std::uint32_t effect = 0;
  std::uint32_t file = 0;
  std::uint32_t line = 0;
  std::uint32_t column = 0;
};

/// Policy states as `az policy state list`, its REST call or Get-AzPolicyState print them. Rows are read one
/// by one; what is kept of each is under a hundred bytes, whatever is written in it.
class PolicyStates {
 public:
  enum class By : std::uint8_t { Assignment, Definition };
  explicit PolicyStates(By by) : by_(by) {}

  /// Errors: those of doc::read_json_rows. Diagnostics: POS0020 a row that can't be used (no resource, no
  /// assignment or definition, no state), POS0021 a state or a time that is not known; twenty of them each.
  Result<void> read(const std::string& path);
  /// To be called when all is read.
  void finish();

  By by() const { return by_; }
  std::size_t rows_read() const { return rows_read_; }
  std::size_t rows_skipped() const { return rows_skipped_; }
  const std::unordered_map<StateKey, PolicyState, StateKeyHash>& states() const { return states_; }
  const PolicyState* find(const StateKey& key) const;
  const std::string& text(std::uint32_t number) const { return texts_[number]; }
  Where where(const PolicyState& state) const { return {texts_[state.file], state.line, state.column, {}}; }
  std::vector<Diagnostic>& diagnostics() { return diagnostics_; }

 private:
  void take(const doc::Value& row, const Where& where);
  std::optional<AzureState> state_of(const doc::Value& row, const Where& where);
  Instant time_of(const doc::Value& row, const Where& where);
  void skip(std::string_view why, const Where& where);
  void report(std::string_view code, std::string message, const Where& where, std::string_view hint);
  std::uint32_t intern(std::string_view text);

  By by_;
  std::unordered_map<StateKey, PolicyState, StateKeyHash> states_;
  std::vector<std::string> texts_{std::string()};
  std::unordered_map<std::string, std::uint32_t> text_numbers_{{std::string(), 0}};
  std::size_t rows_read_ = 0;
  std::size_t rows_skipped_ = 0;
  std::size_t reports_ = 0;
  std::vector<Diagnostic> diagnostics_;
};

}  // namespace redoubt::posture
