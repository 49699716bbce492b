#include "core/time_zone.h"

#include "kql/detail/evaluation.h"
#include "kql/json_text.h"

namespace redoubt::kql::detail {

namespace {

/// Calls `with` with the zones of the context, or the system's.
template <class With>
Result<Value> with_zones(const Call& call, With with) {
  std::optional<TimeZones> own;
  TimeZones& zones = call.context.zones != nullptr ? *call.context.zones : own.emplace();
  if (!zones.available())
    return fail(Error::Kind::NotFound, "KQL0408",
                "no time zones here: " + std::string(call.function.name) + " needs the package tzdata");
  return with(zones);
}

/// Null for a zone that nobody knows.
template <Result<Instant> (TimeZone::*function)(Instant) const>
Result<Value> shifted(const Call& call) {
  const Value from = convert(call[0], Type::DateTime);
  return with_zones(call, [&](TimeZones& zones) -> Result<Value> {
    const TimeZone* const zone = zones.find(call.text(1));
    if (zone == nullptr || from.is_null()) return Value::null(Type::DateTime);
    const Result<Instant> out = (zone->*function)(Instant{from.ticks()});
    return out ? Value::of_datetime(out->ticks) : Value::null(Type::DateTime);
  });
}

Result<Value> list(const Call& call) {
  return with_zones(call, [&call](TimeZones& zones) -> Result<Value> {
    std::string out = "[";
    for (const std::string& name : zones.names())
      out.append(out.size() > 1 ? "," : "").append(json_of_text(name));
    return dynamic_result(call, out + "]");
  });
}

constexpr EvaluationRow kRows[] = {{"datetime_list_timezones", list, 0, 0},
                                   {"datetime_local_to_utc", shifted<&TimeZone::to_utc>, 2, 2},
                                   {"datetime_utc_to_local", shifted<&TimeZone::to_local>, 2, 2}};

}  // namespace

EvaluationRows time_zone_evaluations() { return kRows; }

}  // namespace redoubt::kql::detail
