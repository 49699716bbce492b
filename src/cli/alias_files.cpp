#include "cli/alias_files.h"

#include "cli/option_file.h"
#include "policy/alias_overlay.h"
#include "policy/built_in.h"

namespace redoubt::cli {

Result<policy::AliasCatalogue> AliasFiles::load(const Arguments& arguments, doc::Sources& sources,
                                                Context& context) {
  policy::AliasCatalogue aliases(policy::built_in_aliases());
  for (const std::string& file : arguments.values("--aliases")) {
    Reading<doc::Document> document = RD_TRY(read_option_file(sources, file));
    documents_.push_back(std::move(document.value));
    Reading<std::vector<policy::ListedAlias>> listed = policy::read_aliases(documents_.back().root, sources);
    if (listed.value.empty() && listed.has_errors()) {
      const Diagnostic& first = listed.diagnostics.front();
      return fail(Error::Kind::Usage, first.code, first.message, first.where, first.hint);
    }
    for (const Diagnostic& diagnostic : listed.diagnostics)
      context.tell(diagnostic);
    aliases.add(std::move(listed.value));
  }
  return aliases;
}

}  // namespace redoubt::cli
