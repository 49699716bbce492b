#include "query/sql/select.h"

#include <fmt/format.h>

namespace redoubt::query::sql {

std::size_t Select::text_size() const {
  std::size_t out = from.size() + tail.size();
  for (const std::vector<std::string>* const parts : {&with, &where, &array_join})
    for (const std::string& one : *parts)
      out += one.size();
  return out;
}

std::string Select::text(const std::string& list) const {
  std::string out;
  if (!with.empty()) out = fmt::format("WITH {} ", fmt::join(with, ", "));
  out += fmt::format("SELECT {}{} FROM {}", distinct ? "DISTINCT " : "", list, from);
  if (!array_join.empty()) out += fmt::format(" ARRAY JOIN {}", fmt::join(array_join, ", "));
  if (!where.empty()) out += fmt::format(" WHERE {}", fmt::join(where, " AND "));
  for (std::size_t i = 0; i < windows.size(); ++i)
    out += fmt::format("{} {} AS ({}{}{})", i == 0 ? " WINDOW" : ",", windows[i].name, windows[i].partition,
                       windows[i].partition.empty() || windows[i].order.empty() ? "" : " ", windows[i].order);
  for (std::size_t i = 0; i < order.size(); ++i)
    out += fmt::format("{}{} {} NULLS {}", i == 0 ? " ORDER BY " : ", ", order[i].value.text,
                       order[i].descending ? "DESC" : "ASC", order[i].nulls_first ? "FIRST" : "LAST");
  if (!tail.empty()) out += " " + tail;
  return out;
}

}  // namespace redoubt::query::sql
