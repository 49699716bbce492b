#pragma once

#include <deque>

#include "cli/arguments.h"
#include "cli/context.h"
#include "core/result.h"
#include "doc/json.h"
#include "policy/alias_catalogue.h"

namespace redoubt::cli {

/// `--aliases FILE`: lists of the user's that go before the built-in one. Owns what the catalogue refers to.
class AliasFiles {
 public:
  /// The catalogue of all. Errors: those of reading a file; what is odd in one is told and passed over.
  Result<policy::AliasCatalogue> load(const Arguments& arguments, doc::Sources& sources, Context& context);

 private:
  std::deque<doc::Document> documents_;
};

}  // namespace redoubt::cli
