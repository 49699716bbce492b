#include "posture/score_controls.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "core/embedded.h"
#include "core/text.h"
#include "doc/yaml.h"

extern "C" const char score_controls_begin[], score_controls_end[];

namespace redoubt::posture {

using doc::Value;

namespace {

constexpr std::string_view kSchema = "redoubt.score-controls/1";
constexpr std::string_view kForm = "write a list `controls` of {name, max, checks}";

/// Reads one file into rows, with everything that is wrong in it.
class TableReader {
 public:
  struct Row {
    std::string name;
    std::optional<double> max;
    std::vector<std::string> titles;
    std::vector<std::string> checks;
    std::vector<Where> places;  ///< of the checks
    const Value* node = nullptr;
  };

  TableReader(const doc::Sources& sources, std::vector<Diagnostic>& out) : sources_(sources), out_(out) {}

  std::vector<Row> read(const Value& root) {
    std::vector<Row> rows;
    const Value* list = root.find("controls");
    if (root.text_of("schema") != kSchema || list == nullptr || !list->is_array()) {
      tell("POS0080", fmt::format("no table of controls ({})", kSchema), root, kForm);
      return rows;
    }
    for (const Value& node : list->items())
      if (node.is_object())
        rows.push_back(row(node));
      else
        tell("POS0080", "a control is no mapping", node, kForm);
    return rows;
  }

 private:
  void tell(std::string_view code, std::string message, const Value& node, std::string_view hint = {}) {
    out_.push_back({Severity::Error, std::string(code), std::move(message), sources_.where(node.place()),
                    std::string(hint)});
  }

  Row row(const Value& node) {
    Row out{.node = &node};
    for (const doc::Member& member : node.members()) {
      const Value& value = member.value;
      if (member.name == "name" && value.is_string() && !trim(value.as_string()).empty())
        out.name = trim(value.as_string());
      else if (member.name == "max" && value.is_number() && value.as_real() >= 0 && value.as_real() <= 1e6)
        out.max = value.as_real();
      else if (member.name == "titles" || member.name == "checks")
        texts(value, member.name == "titles" ? out.titles : out.checks,
              member.name == "titles" ? nullptr : &out.places);
      else
        tell("POS0080", fmt::format("this is no part of a control, or has a wrong type: {}", member.name),
             value, kForm);
    }
    if (out.name.empty()) tell("POS0080", "a control has no name", node, kForm);
    if (!out.name.empty() && !controls_.insert(lower(out.name)).second)
      tell("POS0081", fmt::format("a control stands twice: {}", out.name), node,
           "one entry has all its checks, and one max");
    for (const std::string& check : out.checks)
      if (!seen_.insert(lower(check)).second)
        tell("POS0081", fmt::format("a check stands in two places: {}", check), node,
             "a check belongs to one control");
    return out;
  }

  void texts(const Value& value, std::vector<std::string>& out, std::vector<Where>* places) {
    if (value.is_null()) return;
    if (!value.is_array()) return tell("POS0080", "titles and checks are lists", value, kForm);
    for (const Value& item : value.items()) {
      if (!item.is_string() || trim(item.as_string()).empty()) {
        tell("POS0080", "titles and checks hold text", item, kForm);
        continue;
      }
      out.emplace_back(trim(item.as_string()));
      if (places != nullptr) places->push_back(sources_.where(item.place()));
    }
  }

  const doc::Sources& sources_;
  std::vector<Diagnostic>& out_;
  std::set<std::string> seen_;  // checks, lower case, as the next
  std::set<std::string> controls_;
};

}  // namespace

bool ScoreControls::is_known(std::string_view name) const {
  return std::any_of(controls_.begin(), controls_.end(),
                     [&](const ScoreControl& one) { return equal_ignore_case(one.name, name); });
}

ScoreControls ScoreControls::built_in() {
  ScoreControls out;
  doc::Sources sources;
  const Result<Reading<doc::Document>> document = doc::read_yaml(
      sources, "content/score/controls.yaml",
      std::string(score_controls_begin, static_cast<std::size_t>(score_controls_end - score_controls_begin)));
  RD_CHECK(document.has_value());
  RD_CHECK(out.add(document->value.root, sources).empty());
  for (const NamedCheck& check : out.named_)
    out.shipped_.insert(lower(check.name));
  out.named_.clear();
  return out;
}

std::size_t ScoreControls::control_named(std::string_view name) {
  for (std::size_t i = 0; i < controls_.size(); ++i)
    if (equal_ignore_case(controls_[i].name, name)) return i;
  controls_.push_back({std::string(name), 0});
  return controls_.size() - 1;
}

std::vector<Diagnostic> ScoreControls::add(const Value& root, const doc::Sources& sources) {
  std::vector<Diagnostic> diagnostics;
  const std::vector<TableReader::Row> rows = TableReader(sources, diagnostics).read(root);
  for (const TableReader::Row& row : rows) {
    if (row.name.empty() || row.max || is_known(row.name)) continue;
    std::vector<std::string_view> names;
    for (const ScoreControl& one : controls_)
      names.push_back(one.name);
    const std::optional<std::string_view> near = closest(row.name, names);
    diagnostics.push_back(
        {Severity::Error, "POS0080",
         fmt::format("a new control has no max, so it counts nothing: {}", row.name),
         sources.where(row.node->place()),
         near ? fmt::format("did you mean {}?", *near) : "say how many points it gives: `max: 4`"});
  }
  if (!diagnostics.empty()) return diagnostics;
  for (const TableReader::Row& row : rows) {
    const std::size_t control = control_named(row.name);
    if (row.max) controls_[control].max = *row.max;
    for (std::size_t i = 0; i < row.checks.size(); ++i) {
      checks_.insert_or_assign(lower(row.checks[i]), control);
      named_.push_back({row.checks[i], row.places[i]});
    }
    for (const std::string& phrase : row.titles)
      titles_.push_back({phrase, control});
  }
  std::stable_sort(titles_.begin(), titles_.end(), [](const Title& left, const Title& right) {
    return left.phrase.size() > right.phrase.size();
  });
  return diagnostics;
}

std::optional<std::size_t> ScoreControls::find(const policy::Definition& definition) const {
  if (const auto found = checks_.find(lower(definition.name)); found != checks_.end()) return found->second;
  if (!equal_any_case(definition.policy_type, "BuiltIn")) return std::nullopt;
  for (const Title& title : titles_)
    if (find_ignore_case(definition.display_name, title.phrase) != std::string::npos) return title.control;
  return std::nullopt;
}

std::vector<Diagnostic> ScoreControls::lacking(std::span<const std::string_view> names) const {
  std::set<std::string> known;
  for (const std::string_view name : names)
    known.insert(lower(name));
  std::vector<Diagnostic> out;
  for (const NamedCheck& check : named_) {
    if (known.contains(lower(check.name)) || shipped_.contains(lower(check.name))) continue;
    const std::optional<std::string_view> near = closest(check.name, names);
    out.push_back({Severity::Warning, "POS0084",
                   fmt::format("no policy of this scan is called {}", check.name), check.where,
                   near ? fmt::format("did you mean {}?", *near) : "give its definition with --policy"});
  }
  return out;
}

bool is_preview(const policy::Definition& definition) {
  return starts_with_any_case(definition.display_name, "[Preview]") ||
         ends_with_any_case(definition.version, "-preview");
}

}  // namespace redoubt::posture
