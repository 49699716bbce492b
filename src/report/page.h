#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/level.h"

namespace redoubt::report {

/// What was found out about a subject. The order is the one in which people are shown them.
enum class PageState : std::uint8_t {
  Noncompliant,
  Error,
  Unknown,
  Manual,  ///< a person has to attest it
  Accepted,
  Exempt,
  Compliant,
  NotApplicable,
};
inline constexpr std::size_t kPageStates = 8;
using PageCounts = std::array<std::uint64_t, kPageStates>;  ///< by PageState

/// A number that sums it all up.
struct PageScore {
  std::string title;
  std::string number;  ///< as it is shown: `87 %`
  std::string text;    ///< what it means, a sentence or two
};

/// What subjects are judged by. Counts are of all results, listed on the page or not.
struct PageRule {
  std::string name;
  std::string title;
  std::string description;
  std::vector<std::uint32_t> groups;  ///< numbers in PageHead::groups
  Level level = Level::None;          ///< the highest among what is noncompliant, else among all
  PageCounts counts{};
};

/// What rules belong to: a control of a framework, a category.
struct PageGroup {
  std::string title;
  std::string of;  ///< the framework, the initiative; may be empty
};

struct PageOwner {
  std::string name;
  PageCounts counts{};
};

/// A place that subjects lie in. Counts are of what lies there and not further down.
struct PageScope {
  static constexpr std::int32_t kTop = -1;

  std::string id;
  std::string title;
  std::string kind;
  std::int32_t parent = kTop;             ///< number in PageHead::scopes
  std::array<std::uint64_t, 5> levels{};  ///< noncompliant ones, by Level
  std::uint64_t unknown = 0;
};

/// Something that was not judged, or is wrong with what was given.
struct PageNote {
  std::string what;
  std::string why;
};

/// All of the page but its results.
struct PageHead {
  std::string title;
  std::string made;  ///< time
  std::optional<PageScore> score;
  std::uint64_t subjects = 0;
  std::uint64_t judged_with = 0;  ///< rules, those without a result too
  PageCounts counts{};
  std::array<std::uint64_t, 5> levels{};  ///< noncompliant ones, by Level
  std::uint64_t total = 0;                ///< results that could be listed
  std::uint64_t listed_each = 0;          ///< of each rule and state at most so many are listed; 0: all
  std::vector<PageRule> rules;
  std::vector<PageGroup> groups;
  std::vector<PageOwner> owners;
  std::vector<PageScope> scopes;
  std::vector<std::uint32_t> first;  ///< rules to look at first, in order
  std::vector<PageNote> notes;
};

struct PageSubject {
  std::string_view id;
  std::string_view name;
  std::string_view type;
  std::string_view environment;
  std::int32_t scope = PageScope::kTop;
  std::int32_t owner = -1;  ///< number in PageHead::owners
};

/// One result: a rule and a subject.
struct PageRow {
  std::uint32_t rule = 0;
  std::optional<PageSubject> subject;
  PageState state = PageState::Noncompliant;
  Level level = Level::None;
  std::string_view id;
  std::string_view reason;
  std::string_view path;
  std::string_view place;  ///< where to change it, `file:line:column`
  std::string_view used_at;
  std::string_view fix;
  std::string_view remarks;  ///< a line each
};

/// Writes one self-contained HTML file that people read results in: nothing is loaded, and a content security
/// policy forbids that anything is. The results are data in it, so many that a browser opens it with ease.
///
/// Strangers' text is written out as for a terminal, cut where it is very long, and can't end the data it
/// stands in. Memory: the texts of the rows, each once, at most `max_bytes`.
/// Source: HTML Living Standard, "Restrictions for contents of script elements"; CSP Level 3.
class PageWriter {
 public:
  static constexpr std::size_t kMaxBytes = std::size_t{17} << 20;

  PageWriter(const PageHead& head, std::function<void(std::string_view)> write,
             std::size_t max_bytes = kMaxBytes);
  PageWriter(const PageWriter&) = delete;
  PageWriter& operator=(const PageWriter&) = delete;

  /// A row that there is no room for any more is left out; the page says how many were.
  void add(const PageRow& row);
  /// To be called once, after the last row.
  void finish();

 private:
  std::uint32_t text(std::string_view text);
  std::uint32_t subject(const PageSubject& subject);
  void flush();
  void put(std::string_view text);

  std::function<void(std::string_view)> write_;
  std::size_t max_bytes_;
  std::string tail_;  // of the page, behind the data
  std::size_t written_ = 0;
  std::uint64_t rows_ = 0;
  std::uint64_t left_out_ = 0;
  std::unordered_map<std::string, std::uint32_t> texts_;
  std::unordered_map<std::string, std::uint32_t> subjects_;
  // Of the block that is being filled, JSON without the brackets.
  std::string new_texts_;
  std::string new_subjects_;
  std::string new_rows_;
};

/// JSON that can stand in a script element: `<`, `>`, `&`, U+2028 and U+2029 are escapes.
std::string script_json(std::string_view json);

/// Text as it stands between tags and in quoted attributes.
std::string html_text(std::string_view text);

}  // namespace redoubt::report
