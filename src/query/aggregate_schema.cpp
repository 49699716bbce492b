#include <array>
#include <string>
#include <unordered_map>

#include "kql/json_text.h"
#include "query/detail/aggregate.h"

namespace redoubt::query::detail {

namespace {

using kql::JsonKind;
using kql::Value;

using Values = std::vector<Value>;

/// The scalar types that a schema tells apart, in the order in which it names them.
constexpr std::array<std::pair<JsonKind, std::string_view>, 4> kScalars = {{{JsonKind::Bool, "bool"},
                                                                            {JsonKind::Real, "double"},
                                                                            {JsonKind::Long, "long"},
                                                                            {JsonKind::String, "string"}}};

constexpr std::string_view kIndexer = "\"`indexer`\"";

/// The least type that admits all values that it has seen.
class Schema {
 public:
  /// No deeper than JSON that was read may be.
  void admit(std::string_view json) {
    const JsonKind kind = kql::json_kind(json);
    for (std::size_t i = 0; i < kScalars.size(); ++i)
      if (kScalars[i].first == kind) scalars_[i] = true;
    if (kind == JsonKind::Bag) {
      container_ = true;
      for (const auto& [name, member] : kql::json_members(json))
        member_of(name).admit(member);
    }
    if (kind == JsonKind::Array) {
      container_ = true;
      Schema& indexer = member_of(kIndexer);
      for (const std::string_view element : kql::json_elements(json))
        indexer.admit(element);
    }
  }

  /// One type alone, or an array of those that it may be.
  std::string json() const {
    std::vector<std::string> types;
    if (container_) types.push_back(container_json());
    for (std::size_t i = 0; i < kScalars.size(); ++i)
      if (scalars_[i]) types.push_back(kql::json_of_text(kScalars[i].second));
    if (types.size() == 1) return types.front();
    return kql::json_array({types.begin(), types.end()});
  }

 private:
  Schema& member_of(std::string_view name) {
    const auto [at, added] = places_.try_emplace(std::string(name), members_.size());
    if (added) members_.emplace_back(name, std::make_unique<Schema>());
    return *members_[at->second].second;
  }
  std::string container_json() const {
    std::string out = "{";
    for (const auto& [name, schema] : members_)
      out.append(out.size() > 1 ? "," : "").append(name).append(":").append(schema->json());
    return out + "}";
  }

  std::array<bool, kScalars.size()> scalars_{};
  bool container_ = false;
  std::vector<std::pair<std::string, std::unique_ptr<Schema>>> members_;
  std::unordered_map<std::string, std::size_t> places_;
};

/// Source: Kusto Query Language reference, "buildschema() (aggregation function)".
class BuildSchema : public Aggregate {
 public:
  explicit BuildSchema(const AggregateCall& call) : call_(call) {}

  Result<void> add(Arguments arguments) override {
    if (arguments[0].is_null()) return {};
    const Value value = kql::convert(arguments[0], kql::Type::Dynamic);
    schema_.admit(value.json());
    any_ = true;
    return {};
  }
  Result<Values> results() override {
    if (!any_) return Values{Value::null(kql::Type::Dynamic)};
    std::string json = schema_.json();
    if (json.size() > call_.limits().max_bytes) return call_.too_large();
    return Values{Value::of_dynamic(std::move(json))};
  }

 private:
  const AggregateCall& call_;
  Schema schema_;
  bool any_ = false;
};

constexpr AggregateRow kRows[] = {{"buildschema", make_aggregate<BuildSchema>}};

}  // namespace

AggregateRows schema_aggregates() { return kRows; }

}  // namespace redoubt::query::detail
