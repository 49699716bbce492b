#include "kql/detail/sample_tables.h"

#include "kql/schemas.h"

namespace redoubt::kql::detail {

namespace {

Schemas make_sample_tables() {
  Schemas out;
  out.add_table("StormEvents", {{"StartTime", Type::DateTime},    {"EndTime", Type::DateTime},
                                {"EpisodeId", Type::Int},         {"EventId", Type::Int},
                                {"State", Type::String},          {"EventType", Type::String},
                                {"InjuriesDirect", Type::Int},    {"InjuriesIndirect", Type::Int},
                                {"DeathsDirect", Type::Int},      {"DeathsIndirect", Type::Int},
                                {"DamageProperty", Type::Int},    {"DamageCrops", Type::Int},
                                {"Source", Type::String},         {"BeginLocation", Type::String},
                                {"EndLocation", Type::String},    {"BeginLat", Type::Real},
                                {"BeginLon", Type::Real},         {"EndLat", Type::Real},
                                {"EndLon", Type::Real},           {"EpisodeNarrative", Type::String},
                                {"EventNarrative", Type::String}, {"StormSummary", Type::Dynamic}});
  out.add_table("PopulationData", {{"State", Type::String}, {"Population", Type::Long}});
  out.add_table("TransformedSensorsData", {{"Timestamp", Type::DateTime},
                                           {"SensorName", Type::String},
                                           {"Value", Type::Real},
                                           {"PublisherId", Type::String},
                                           {"MachineId", Type::String}});
  return out;
}

const Schemas& samples() {
  static const Schemas tables = make_sample_tables();
  return tables;
}

}  // namespace

const Relation* find_sample_table(std::string_view name) { return samples().find(name); }

std::vector<const Relation*> sample_tables() {
  std::vector<const Relation*> out;
  for (const std::string_view name : {"StormEvents", "PopulationData", "TransformedSensorsData"})
    out.push_back(samples().find(name));
  return out;
}

}  // namespace redoubt::kql::detail
