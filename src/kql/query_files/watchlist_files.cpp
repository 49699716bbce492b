#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <optional>
#include <utility>

#include "core/text.h"
#include "doc/json.h"
#include "kql/detail/folder_walk.h"
#include "kql/detail/query_forms.h"
#include "kql/watchlist_items.h"

namespace redoubt::kql {

namespace {

namespace fs = std::filesystem;

/// A header is at most this long; files may be far longer.
constexpr std::size_t kMostHeader = std::size_t{256} << 10;
constexpr std::size_t kMostColumns = 10'000;
constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
constexpr std::string_view kResource = "watchlists";

enum class Form : std::uint8_t { Csv, Tsv, Json };
struct Ending {
  std::string_view text;
  Form form;
};
constexpr std::array kEndings = {Ending{".csv", Form::Csv}, Ending{".tsv", Form::Tsv},
                                 Ending{".json", Form::Json}};

std::optional<Form> form_of(std::string_view name) {
  const auto* const found = std::ranges::find_if(
      kEndings, [name](const Ending& ending) { return ends_with_any_case(name, ending.text); });
  return found == kEndings.end() ? std::nullopt : std::optional(found->form);
}

std::string_view behind_lines(std::string_view text, std::int64_t skipped) {
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  for (; skipped > 0 && !text.empty(); --skipped)
    text.remove_prefix(std::min(text.find('\n'), text.size() - 1) + 1);
  return text;
}

/// The fields of the first record (RFC 4180) behind `skipped` lines. An empty name is no column.
std::vector<std::string> header_of(std::string_view text, char separator, std::int64_t skipped) {
  text = behind_lines(text, skipped);
  std::vector<std::string> out;
  std::string field;
  bool quoted = false;
  const auto close = [&] {
    if (const std::string_view name = trim(field); !name.empty() && out.size() < kMostColumns)
      if (std::ranges::find(out, name) == out.end()) out.emplace_back(name);
    field.clear();
  };
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '"') {
      if (quoted && at + 1 < text.size() && text[at + 1] == '"')
        field += text[at++];
      else
        quoted = !quoted;
    } else if (!quoted && c == separator) {
      close();
    } else if (!quoted && (c == '\n' || c == '\r')) {
      break;
    } else {
      field += c;
    }
  }
  close();
  return out;
}

/// What a text of a template is when it is deployed, as far as that can be told without deploying it: the
/// default of a parameter, a variable, the last part of a concat().
class TemplateTexts {
 public:
  explicit TemplateTexts(const doc::Value& root) : root_(root) {}

  std::optional<std::string_view> known(std::string_view text) const {
    if (!detail::is_arm_expression(text)) return text;
    std::string_view inside = trim(text.substr(1, text.size() - 2));
    if (inside.starts_with("concat(") && inside.ends_with(')'))
      inside = last_part(inside.substr(7, inside.size() - 8));
    if (inside.size() >= 2 && inside.front() == '\'' && inside.back() == '\'')
      return inside.substr(1, inside.size() - 2);
    for (const auto& [call, section, member] : kReferences)
      if (const auto name = argument(inside, call)) return text_of(section, *name, member);
    return std::nullopt;
  }

 private:
  struct Reference {
    std::string_view call;
    const char* section;
    const char* member;
  };
  static constexpr Reference kReferences[] = {{"parameters(", "parameters", "defaultValue"},
                                              {"variables(", "variables", nullptr}};

  /// Behind the last comma outside of brackets and texts.
  static std::string_view last_part(std::string_view list) {
    std::size_t begin = 0;
    int depth = 0;
    bool in_text = false;
    for (std::size_t at = 0; at < list.size(); ++at) {
      const char c = list[at];
      if (c == '\'') in_text = !in_text;
      if (in_text) continue;
      depth += c == '(' ? 1 : c == ')' ? -1 : 0;
      if (c == ',' && depth == 0) begin = at + 1;
    }
    return trim(list.substr(begin));
  }

  static std::optional<std::string_view> argument(std::string_view call, std::string_view begin) {
    if (!call.starts_with(begin) || !call.ends_with("')") || call.size() < begin.size() + 3)
      return std::nullopt;
    return call.substr(begin.size() + 1, call.size() - begin.size() - 3);
  }

  std::optional<std::string_view> text_of(const char* section, std::string_view name,
                                          const char* member) const {
    const doc::Value* const values = root_.find(section);
    const doc::Value* value = values == nullptr ? nullptr : values->find_any_case(name);
    if (value != nullptr && member != nullptr) value = value->find(member);
    if (value == nullptr || !value->is_string() || detail::is_arm_expression(value->as_string()))
      return std::nullopt;
    return value->as_string();
  }

  const doc::Value& root_;
};

/// Looks through a tree for resources.
class WatchlistTree {
 public:
  WatchlistTree(const doc::Value& root, const doc::Sources& sources, Reading<std::vector<Watchlist>>& out)
      : texts_(root), sources_(sources), out_(out) {}

  void visit(const doc::Value& value) {
    if (value.is_array())
      for (const doc::Value& item : value.items())
        visit(item);
    if (!value.is_object()) return;
    const doc::Value* const properties = value.find("properties");
    const std::string type = lower(value.text_of("type").value_or(""));
    const std::string_view last = std::string_view(type).substr(type.rfind('/') + 1);
    if (last == kResource && properties != nullptr && properties->is_object())
      return take(value, *properties);
    for (const doc::Member& member : value.members())
      visit(member.value);
  }

  /// The items of a watchlist, where it has its content with it.
  std::optional<WatchlistItems> items_of(const Watchlist& list, const doc::Value& root) {
    sought_ = &list;
    visit(root);
    return std::move(items_);
  }

 private:
  void warn(std::string_view code, std::string message, const doc::Value& at, std::string hint) {
    out_.diagnostics.push_back({Severity::Warning, std::string(code), std::move(message),
                                sources_.where(at.place()), std::move(hint)});
  }

  std::optional<std::string_view> text_in(const doc::Value& object, std::string_view name) const {
    const doc::Value* const value = object.find_any_case(name);
    return value == nullptr || !value->is_string() ? std::nullopt : texts_.known(value->as_string());
  }

  void take(const doc::Value& resource, const doc::Value& properties) {
    std::string_view alias = text_in(properties, "watchlistAlias").value_or("");
    if (alias.empty()) alias = text_in(resource, "name").value_or("");
    alias = alias.substr(alias.rfind('/') + 1);
    if (alias.empty())
      return warn("KQL0505", "a watchlist whose alias the template works out is not known", resource,
                  "give it the property watchlistAlias, as a text");
    Watchlist made{std::string(alias), {}, true, sources_.where(resource.place())};
    if (const auto content = text_in(properties, "rawContent")) {
      made.columns = header_of(*content, separator_of(properties), lines_to_skip(properties));
      made.open = false;
    } else if (properties.find_any_case("rawContent") != nullptr) {
      warn("KQL0505",
           fmt::format("the columns of the watchlist {} are not known: the template works them out", alias),
           properties, "expand the template");
    }
    check_key(made, properties);
    if (sought_ != nullptr && equal_any_case(sought_->alias, alias) && !made.open)
      items_ = WatchlistItems{
          .content = std::string(behind_lines(*text_in(properties, "rawContent"), lines_to_skip(properties))),
          .separator = separator_of(properties),
          .search_key = std::string(text_in(properties, "itemsSearchKey").value_or(""))};
    out_.value.push_back(std::move(made));
  }

  void check_key(const Watchlist& made, const doc::Value& properties) {
    const std::optional<std::string_view> key = text_in(properties, "itemsSearchKey");
    if (made.open || !key || key->empty() || std::ranges::find(made.columns, *key) != made.columns.end())
      return;
    const std::vector<std::string_view> names(made.columns.begin(), made.columns.end());
    const std::optional<std::string_view> meant = closest(*key, names);
    warn("KQL0506",
         fmt::format("the watchlist {} has no column {}, which is its search key", made.alias, *key),
         properties, meant ? fmt::format("did you mean {}?", *meant) : std::string());
  }

  char separator_of(const doc::Value& properties) const {
    return equal_any_case(text_in(properties, "contentType").value_or(""), "text/tsv") ? '\t' : ',';
  }

  static std::int64_t lines_to_skip(const doc::Value& properties) {
    const doc::Value* const lines = properties.find_any_case("numberOfLinesToSkip");
    if (lines == nullptr) return 0;
    if (lines->is_int()) return lines->as_int();
    return lines->is_string() ? std::atoll(std::string(lines->as_string()).c_str()) : 0;
  }

  TemplateTexts texts_;
  const doc::Sources& sources_;
  Reading<std::vector<Watchlist>>& out_;
  const Watchlist* sought_ = nullptr;
  std::optional<WatchlistItems> items_;
};

class WatchlistSearch {
 public:
  explicit WatchlistSearch(const QueryFileLimits& limits) : limits_(limits) {}

  void find_in_path(const std::string& path) {
    std::error_code error;
    if (!fs::is_directory(path, error)) return find_in_file(path);
    detail::FolderWalk(limits_, counts_, out_.diagnostics)
        .run(
            path, [](const std::string& file) { return form_of(file).has_value(); },
            [this](const std::string& file) { find_in_file(file); });
  }

  void find_in_text(std::string name, std::string text) {
    const Form form = form_of(name).value_or(Form::Csv);
    if (text.find('\0') != std::string::npos || !valid_utf8(text)) {
      out_.diagnostics.push_back({Severity::Error, "KQL0020", "the file is no text in UTF-8",
                                  Where{std::move(name), 0, 0, {}}, "save it as UTF-8"});
      return;
    }
    if (form == Form::Json) return find_in_json(std::move(name), std::move(text));
    Watchlist made{fs::path(name).stem().string(), header_of(text, form == Form::Tsv ? '\t' : ',', 0), false,
                   Where{name, 1, 1, {}}};
    if (!made.alias.empty() && !made.columns.empty()) out_.value.push_back(std::move(made));
  }

  Reading<std::vector<Watchlist>> take() { return std::move(out_); }

 private:
  void find_in_file(const std::string& path) {
    ++counts_.files;
    Result<std::string> text =
        form_of(path) == Form::Json ? doc::read_text_file(path, limits_.max_bytes) : head_of(path);
    if (!text)
      out_.diagnostics.push_back(to_diagnostic(std::move(text).error()));
    else
      find_in_text(path, *std::move(text));
  }

  /// Of a long file whole lines, so that no character is cut.
  static Result<std::string> head_of(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file || fs::is_directory(path))
      return fail(Error::Kind::NotFound, "DOC0001", "the file can't be read", Where{path, 0, 0, {}},
                  "check path and permissions");
    std::string text(kMostHeader, '\0');
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(file.gcount()));
    if (text.size() == kMostHeader) text.resize(text.rfind('\n') + 1);
    return text;
  }

  void find_in_json(std::string name, std::string text) {
    if (lower(text).find(kResource) == std::string::npos) return;
    const doc::JsonLimits limits{
        .max_bytes = limits_.max_bytes, .max_depth = limits_.max_depth, .max_nodes = limits_.max_nodes};
    doc::Sources sources;
    const Result<Reading<doc::Document>> read =
        doc::read_json(sources, std::move(name), std::move(text), limits);
    if (!read) {
      out_.diagnostics.push_back(to_diagnostic(read.error()));
      return;
    }
    WatchlistTree(read->value.root, sources, out_).visit(read->value.root);
  }

  QueryFileLimits limits_;
  QueryFileCounts counts_;
  Reading<std::vector<Watchlist>> out_;
};

}  // namespace

Reading<std::vector<Watchlist>> find_watchlists(const std::string& path, const QueryFileLimits& limits) {
  WatchlistSearch search(limits);
  search.find_in_path(path);
  return search.take();
}

Reading<std::vector<Watchlist>> find_watchlists_in_text(std::string name, std::string text,
                                                        const QueryFileLimits& limits) {
  WatchlistSearch search(limits);
  search.find_in_text(std::move(name), std::move(text));
  return search.take();
}

Result<WatchlistItems> find_watchlist_items(const Watchlist& list) {
  const std::string& file = list.where.file;
  const Form form = form_of(file).value_or(Form::Csv);
  if (form != Form::Json)
    return WatchlistItems{.content = {}, .separator = form == Form::Tsv ? '\t' : ',', .search_key = {}};
  const QueryFileLimits limits;
  std::string text = RD_TRY(doc::read_text_file(file, limits.max_bytes));
  const doc::JsonLimits json{
      .max_bytes = limits.max_bytes, .max_depth = limits.max_depth, .max_nodes = limits.max_nodes};
  doc::Sources sources;
  const Reading<doc::Document> read = RD_TRY(doc::read_json(sources, file, std::move(text), json));
  Reading<std::vector<Watchlist>> found;
  std::optional<WatchlistItems> items =
      WatchlistTree(read.value.root, sources, found).items_of(list, read.value.root);
  if (!items)
    return fail(Error::Kind::NotFound, "KQL0508",
                fmt::format("the items of the watchlist {} are not in its resource", list.alias), list.where,
                "give rawContent as a text, or the list as a file: ALIAS.csv");
  return *std::move(items);
}

}  // namespace redoubt::kql
