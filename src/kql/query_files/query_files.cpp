#include "kql/query_files.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <optional>
#include <utility>

#include "core/text.h"
#include "core/utf8.h"
#include "doc/json.h"
#include "kql/detail/folder_walk.h"
#include "kql/detail/query_file.h"

namespace redoubt::kql {

namespace {

namespace fs = std::filesystem;
using detail::QueryFile;

using Find = void (*)(QueryFile&);

struct Ending {
  std::string_view text;
  Find find;
};
constexpr std::array kEndings = {
    Ending{".kql", detail::find_in_query},   Ending{".csl", detail::find_in_query},
    Ending{".kusto", detail::find_in_query}, Ending{".txt", detail::find_in_query},
    Ending{".yaml", detail::find_in_yaml},   Ending{".yml", detail::find_in_yaml},
    Ending{".json", detail::find_in_json},   Ending{".workbook", detail::find_in_json},
    Ending{".md", detail::find_in_markdown}, Ending{".markdown", detail::find_in_markdown},
};

/// Null: a file of another kind.
Find finder_of(std::string_view name) {
  const auto* found = std::ranges::find_if(
      kEndings, [name](const Ending& ending) { return ends_with_any_case(name, ending.text); });
  return found == kEndings.end() ? nullptr : found->find;
}

bool is_values(Find find) { return find == detail::find_in_json || find == detail::find_in_yaml; }

bool begins_json(std::string_view text) {
  const std::size_t first = text.find_first_not_of("\xef\xbb\xbf \t\r\n");
  return first != std::string_view::npos && text[first] == '{';
}

/// What it is instead of UTF-8; empty when it is.
std::string_view not_utf8(std::string_view text) {
  if (text.starts_with("\xff\xfe") || text.starts_with("\xfe\xff")) return "UTF-16";
  if (text.substr(0, 8'192).find('\0') != std::string_view::npos) return "binary";
  return valid_utf8(text) ? "" : "another encoding";
}

/// Of the first byte that is no UTF-8; the name alone where the first line is wrong already.
Where place_of(std::string_view text, std::string name) {
  const std::string_view good = text.substr(0, first_invalid_utf8(text));
  const std::size_t line = good.rfind('\n');
  if (line == std::string_view::npos || good.size() == text.size()) return {std::move(name), 0, 0, {}};
  return {std::move(name),
          static_cast<std::uint32_t>(std::ranges::count(good, '\n') + 1),
          static_cast<std::uint32_t>(count_characters(good.substr(line + 1))) + 1,
          {}};
}

bool mentions_query(std::string_view text) {
  constexpr std::string_view kWord = "query";
  for (std::size_t at = 0; at + kWord.size() <= text.size(); ++at)
    if ((text[at] == 'q' || text[at] == 'Q') && equal_any_case(text.substr(at, kWord.size()), kWord))
      return true;
  return false;
}

class Search {
 public:
  Search(doc::Sources& sources, const QueryFileLimits& limits) : sources_(sources), limits_(limits) {}

  void find_in_path(const std::string& path) {
    std::error_code error;
    if (!fs::is_directory(path, error)) return find_in_file(path);
    detail::FolderWalk(limits_, counts(), out_.diagnostics)
        .run(
            path, [](const std::string& file) { return finder_of(file) != nullptr; },
            [this](const std::string& file) { find_in_listed_file(file, finder_of(file)); });
  }

  void find_in_text(std::string name, std::string text) {
    Find find = finder_of(name);
    if (find == nullptr) find = begins_json(text) ? detail::find_in_json : detail::find_in_query;
    find_in(std::move(name), std::move(text), find);
  }

  Reading<FoundQueries> take() { return std::move(out_); }

 private:
  QueryFileCounts& counts() { return out_.value.counts; }
  void tell(Severity severity, std::string_view code, std::string message, Where where, std::string hint) {
    out_.diagnostics.push_back(
        {severity, std::string(code), std::move(message), std::move(where), std::move(hint)});
  }

  void find_in_listed_file(const std::string& path, Find find) {
    std::optional<std::string> text = read(path);
    if (!text) return;
    const bool passing = ends_with_any_case(path, ".txt") ? !detail::looks_like_query(*text)
                                                          : is_values(find) && !mentions_query(*text);
    if (passing && not_utf8(*text).empty()) {
      ++counts().files;
      ++counts().without;
      return;
    }
    const std::size_t told = out_.diagnostics.size();
    const bool certain = is_values(find) ? detail::mentions_queries(*text) || detail::looks_like_query(*text)
                                         : !ends_with_any_case(path, ".txt");
    find_in(path, *std::move(text), find);
    // Templates of YAML and the like: people have files that no reader of ours has to understand.
    for (std::size_t i = told; !certain && i < out_.diagnostics.size(); ++i)
      if (Severity& severity = out_.diagnostics[i].severity; severity == Severity::Error)
        severity = Severity::Warning;
  }

  void find_in_file(const std::string& path) {
    std::optional<std::string> text = read(path);
    if (text) find_in_text(path, *std::move(text));
  }

  std::optional<std::string> read(const std::string& path) {
    Result<std::string> text = doc::read_text_file(path, limits_.max_bytes);
    if (text) return *std::move(text);
    const bool large = text.error().kind == Error::Kind::Limit;
    ++(large ? counts().too_large : counts().unreadable);
    out_.diagnostics.push_back(to_diagnostic(std::move(text).error()));
    if (large) out_.diagnostics.back().severity = Severity::Warning;
    return std::nullopt;
  }

  void find_in(std::string name, std::string text, Find find) {
    if (text.size() > limits_.max_bytes) {
      ++counts().too_large;
      return tell(Severity::Warning, "KQL0024",
                  "the text is larger than " + std::to_string(limits_.max_bytes) + " bytes",
                  Where{std::move(name), 0, 0, {}}, "give each query a file of its own");
    }
    if (Result<void> checked = check_encoding(name, text); !checked) {
      ++(not_utf8(text) == "binary" ? counts().binary : counts().unreadable);
      out_.diagnostics.push_back(to_diagnostic(std::move(checked).error()));
      return;
    }
    QueryFile file(std::move(name), std::move(text), limits_);
    find(file);
    file.finish(sources_, out_);
  }

  doc::Sources& sources_;
  QueryFileLimits limits_;
  Reading<FoundQueries> out_;
};

}  // namespace

Reading<FoundQueries> find_queries(doc::Sources& sources, const std::string& path,
                                   const QueryFileLimits& limits) {
  Search search(sources, limits);
  search.find_in_path(path);
  return search.take();
}

Reading<FoundQueries> find_queries_in_text(doc::Sources& sources, std::string name, std::string text,
                                           const QueryFileLimits& limits) {
  Search search(sources, limits);
  search.find_in_text(std::move(name), std::move(text));
  return search.take();
}

Reading<std::vector<std::string>> list_query_files(const std::string& folder, const QueryFileLimits& limits) {
  Reading<std::vector<std::string>> out;
  QueryFileCounts counts;
  detail::FolderWalk(limits, counts, out.diagnostics)
      .run(
          folder,
          [](const std::string& file) {
            return finder_of(file) == detail::find_in_query && !ends_with_any_case(file, ".txt");
          },
          [&](const std::string& file) {
            ++counts.files;
            out.value.push_back(file);
          });
  return out;
}

Result<void> check_encoding(const std::string& name, std::string_view text) {
  const std::string_view what = not_utf8(text);
  if (what.empty()) return {};
  return fail(Error::Kind::InvalidInput, "KQL0020", "the file is no text in UTF-8 but " + std::string(what),
              place_of(text, name), "save it as UTF-8");
}

void QueryFileCounts::add(const QueryFileCounts& more) {
  files += more.files;
  without += more.without;
  other += more.other;
  binary += more.binary;
  too_large += more.too_large;
  unreadable += more.unreadable;
  folders += more.folders;
  open_queries += more.open_queries;
}

}  // namespace redoubt::kql
