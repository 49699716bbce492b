#pragma once

#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "kql/completion.h"
#include "kql/functions.h"

namespace redoubt::kql::detail {

/// Gathers items in their order of rank; a label stands once a kind.
class CompletionList {
 public:
  /// `quote`: of the brackets that the word stands in; only names are kept. 0: it stands in none.
  explicit CompletionList(std::string_view word, char quote = 0) : word_(word), quote_(quote) {}

  void add(CompletionKind kind, std::string_view label, std::string detail, std::string insert = {});
  /// A name, in brackets where it can't stand by itself.
  void add_name(CompletionKind kind, std::string_view name, std::string detail);
  void add_functions(FunctionKind kind);
  void add_types();

  /// Those that begin as the word does first.
  std::vector<CompletionItem> take();

 private:
  struct Ranked {
    int distance = 0;
    CompletionItem item;
  };
  std::string_view word_;
  char quote_;
  std::vector<Ranked> items_;
  std::unordered_set<std::string> seen_;
};

}  // namespace redoubt::kql::detail
