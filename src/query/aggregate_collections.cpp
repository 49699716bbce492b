#include <algorithm>
#include <string>
#include <unordered_set>

#include "kql/json_text.h"
#include "query/detail/aggregate.h"

namespace redoubt::query::detail {

// Elements come in the order of the rows. Of nothing an array is [], a bag {}.
// Source: Kusto Query Language reference, the page of each function; the deprecated names take 128 elements
// unless they are told how many.

namespace {

using kql::Type;
using kql::Value;

using Values = std::vector<Value>;

constexpr std::int64_t kMaxElements = 1'048'576;
constexpr std::int64_t kMaxElementsOfOldNames = 128;

/// How many elements a call takes: its second argument.
std::size_t most_elements(const AggregateCall& call, std::int64_t otherwise) {
  const auto limit = static_cast<std::int64_t>(call.limits().max_elements);
  return static_cast<std::size_t>(
      std::clamp<std::int64_t>(call.whole(1, otherwise), 0, std::min(limit, kMaxElements)));
}

/// JSON of an array or a bag under way.
class JsonParts {
 public:
  JsonParts(const AggregateCall& call, std::int64_t otherwise)
      : call_(call), most_(most_elements(call, otherwise)) {}

  bool full() const { return count_ >= most_; }
  Result<void> add(std::string_view part) {
    if (count_ != 0) json_ += ',';
    json_ += part;
    ++count_;
    if (json_.size() > call_.limits().max_bytes) return call_.too_large();
    return {};
  }
  Values results(char open, char close) {
    json_.insert(json_.begin(), open);
    json_ += close;
    return Values{Value::of_dynamic(std::move(json_))};
  }

 private:
  const AggregateCall& call_;
  std::size_t most_;
  std::size_t count_ = 0;
  std::string json_;
};

/// The JSON of a value, which may be made in `own`.
std::string_view json_of(const Value& value, std::string& own) {
  if (value.is(Type::Dynamic) && !value.is_null()) return value.json();
  own = kql::to_json(value);
  return own;
}

template <bool with_nulls, std::int64_t otherwise = kMaxElements>
class List : public Aggregate {
 public:
  explicit List(const AggregateCall& call) : parts_(call, otherwise) {}

  Result<void> add(Arguments arguments) override {
    if (parts_.full() || (!with_nulls && arguments[0].is_null())) return {};
    return parts_.add(json_of(arguments[0], own_));
  }
  Result<Values> results() override { return parts_.results('[', ']'); }

 private:
  JsonParts parts_;
  std::string own_;
};

/// Arrays count for what is in them.
template <std::int64_t otherwise = kMaxElements>
class Set : public Aggregate {
 public:
  explicit Set(const AggregateCall& call) : parts_(call, otherwise) {}

  Result<void> add(Arguments arguments) override {
    const Value& value = arguments[0];
    if (parts_.full() || value.is_null()) return {};
    const std::string_view json = json_of(value, own_);
    if (!value.is(Type::Dynamic) || kql::json_kind(json) != kql::JsonKind::Array) return add(json);
    for (const std::string_view element : kql::json_elements(json))
      if (!parts_.full() && kql::json_kind(element) != kql::JsonKind::Null) RD_TRY(add(element));
    return {};
  }
  Result<Values> results() override { return parts_.results('[', ']'); }

 private:
  Result<void> add(std::string_view json) {
    key_ = json;
    return seen_.insert(key_).second ? parts_.add(json) : Result<void>();
  }

  JsonParts parts_;
  std::string own_;
  std::string key_;
  std::unordered_set<std::string> seen_;
};

/// Of equal keys the first counts; what is no bag is passed over.
template <std::int64_t otherwise = kMaxElements>
class Bag : public Aggregate {
 public:
  explicit Bag(const AggregateCall& call) : parts_(call, otherwise) {}

  Result<void> add(Arguments arguments) override {
    const Value& value = arguments[0];
    if (!value.is(Type::Dynamic) || value.is_null() || kql::json_kind(value.json()) != kql::JsonKind::Bag)
      return {};
    for (const auto& [name, member] : kql::json_members(value.json())) {
      if (parts_.full()) return {};
      key_ = name;
      if (!seen_.insert(key_).second) continue;
      key_.append(":").append(member);
      RD_TRY(parts_.add(key_));
    }
    return {};
  }
  Result<Values> results() override { return parts_.results('{', '}'); }

 private:
  JsonParts parts_;
  std::string key_;
  std::unordered_set<std::string> seen_;
};

constexpr AggregateRow kRows[] = {{"make_bag", make_aggregate<Bag<>>},
                                  {"make_bag_if", make_aggregate<Bag<>>, 1},
                                  {"make_dictionary", make_aggregate<Bag<kMaxElementsOfOldNames>>},
                                  {"make_list", make_aggregate<List<false>>},
                                  {"make_list_if", make_aggregate<List<false>>, 1},
                                  {"make_list_with_nulls", make_aggregate<List<true>>},
                                  {"make_set", make_aggregate<Set<>>},
                                  {"make_set_if", make_aggregate<Set<>>, 1},
                                  {"makelist", make_aggregate<List<false, kMaxElementsOfOldNames>>},
                                  {"makeset", make_aggregate<Set<kMaxElementsOfOldNames>>}};

}  // namespace

AggregateRows collection_aggregates() { return kRows; }

}  // namespace redoubt::query::detail
