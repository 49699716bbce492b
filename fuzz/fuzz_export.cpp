#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "arm/origins.h"
#include "core/result.h"
#include "doc/json.h"
#include "estate/estate.h"
#include "estate/load_export.h"

// Any JSON as an export, and any lines as rows: each resource is found by its id, stands in the lists of its
// type and of its group, and below its parent; no row becomes two resources.

namespace {

using namespace redoubt;

bool holds(estate::Estate::List list, const estate::Resource* resource) {
  return std::find(list.begin(), list.end(), resource) != list.end();
}

void check(const estate::Estate& estate, std::size_t rows) {
  RD_CHECK(estate.resources().size() <= rows);
  std::size_t typed = 0;
  for (const auto& [type, count] : estate.types())
    typed += count;
  RD_CHECK(typed == estate.resources().size());
  std::size_t left = 64;
  for (const estate::Resource* resource : estate.resources()) {
    if (left-- == 0) break;
    RD_CHECK(resource->body.is_object() && !resource->id.empty() && !resource->type.empty());
    RD_CHECK(estate.find(resource->id) == resource);
    RD_CHECK(holds(estate.of_type(resource->type), resource));
    const auto group = resource->resource_group;
    RD_CHECK(holds(estate.of_type_in(resource->type, resource->subscription, group), resource));
    RD_CHECK(holds(estate.inside(resource->subscription, group), resource));
    RD_CHECK(estate.completeness().complete_for(resource->type) ||
             !estate.completeness().cut_exports().empty());
    for (const estate::Resource* child : estate.children(resource->id))
      RD_CHECK(child->id.size() > resource->id.size());
  }
}

void load(std::string_view text, bool lines) {
  doc::Sources sources;
  arm::Origins origins;
  estate::Estate estate;
  estate::ExportLoader loader(estate, origins, sources);
  doc::JsonLimits limits;
  limits.max_depth = 64;
  Reading<doc::LineDocument> rows;
  Result<Reading<doc::Document>> document;
  if (lines) {
    rows = doc::read_json_lines(sources, "rows", std::string(text), limits);
    loader.add_rows(rows.value.rows);
  } else {
    document = doc::read_json(sources, "export", std::string(text), limits);
    if (!document || !estate::is_export(document->value.root)) return;
    loader.add(document->value.root);
  }
  const std::vector<Diagnostic> diagnostics = loader.finish();
  RD_CHECK(diagnostics.size() < 200 + text.size());
  const std::vector<Diagnostic> settled = estate.finish(sources);
  RD_CHECK(settled.size() < 32);
  check(estate, loader.rows_read());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  load(text, false);
  load(text, true);
  return 0;
}
