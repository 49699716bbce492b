#include "cli/deployment_options.h"

#include <fmt/format.h>

namespace redoubt::cli {

std::vector<Option> deployment_options() {
  return {
      {.flags = "--scope",
       .value = "ID",
       .text = "where it is deployed: /subscriptions/S/resourceGroups/G, /subscriptions/S, a management "
               "group's id, or /"},
      {.flags = "--location", .value = "REGION", .text = "location of the resource group or the deployment"},
      {.flags = "--tenant", .value = "ID", .text = "tenant id"},
      {.flags = "--now",
       .value = "TIME",
       .text = "the time, as 2026-01-31T12:00:00Z: what utcNow() gives, and which exemptions and baseline "
               "entries have ended"},
  };
}

Result<std::optional<Instant>> read_now(const Arguments& arguments) {
  if (!arguments.given("--now")) return std::optional<Instant>();
  const Result<ZonedTime> time = parse_time(arguments.text("--now"));
  if (!time)
    return fail(Error::Kind::Usage, "CLI0020", fmt::format("--now is no time: {}", arguments.text("--now")),
                {}, "write it as 2026-01-31T12:00:00Z");
  return std::optional<Instant>(time->instant);
}

Result<arm::ExpandOptions> read_deployment_options(const Arguments& arguments) {
  arm::ExpandOptions options;
  if (arguments.given("--scope")) {
    options.scope = arm::Scope::parse(arguments.text("--scope"));
    if (!options.scope)
      return fail(Error::Kind::Usage, "CLI0020",
                  fmt::format("this is no id of a scope: {}", arguments.text("--scope")), {},
                  "write /subscriptions/S/resourceGroups/G, /subscriptions/S, "
                  "/providers/Microsoft.Management/managementGroups/M or /");
  }
  options.location = arguments.text("--location");
  options.tenant = arguments.text("--tenant");
  options.now = RD_TRY(read_now(arguments));
  return options;
}

}  // namespace redoubt::cli
