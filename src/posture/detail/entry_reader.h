#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "doc/sources.h"
#include "doc/value.h"
#include "posture/frameworks.h"

namespace redoubt::posture::detail {

/// Reads files that people write about controls: {schema, <list>: entries}. Every mistake is a diagnostic at
/// its place, and the other entries are still read.
///
/// Errors: POS0060 no such framework, POS0061 the form, POS0062 no such control, POS0064 a member is missing.
class EntryReader {
 public:
  EntryReader(const Frameworks& frameworks, const doc::Sources& sources, std::vector<Diagnostic>& out)
      : frameworks_(frameworks), sources_(sources), out_(out) {}

  /// The entries under `list`; null when there are none to read. Other members than `keys` are mistakes.
  const doc::Value* entries(const doc::Value& root, std::string_view schema, std::string_view list,
                            std::initializer_list<std::string_view> keys);
  /// Whether it is a mapping that has no other members.
  bool has_form(const doc::Value& entry, std::string_view what, std::initializer_list<std::string_view> keys);
  /// Text or a number as it is written, trimmed; empty when it is not there, is null or has another type.
  std::string text(const doc::Value& entry, std::string_view key);
  /// The same, and POS0064 when there is none.
  std::string needed(const doc::Value& entry, std::string_view key, std::string_view hint);

  std::optional<std::size_t> framework(const doc::Value& entry);
  std::optional<std::size_t> control(const doc::Value& entry, const Framework& framework);

  void tell(std::string_view code, std::string message, const doc::Value& node, std::string hint = {},
            Severity severity = Severity::Error);
  Where where(const doc::Value& node) const { return sources_.where(node.place()); }

 private:
  const Frameworks& frameworks_;
  const doc::Sources& sources_;
  std::vector<Diagnostic>& out_;
};

}  // namespace redoubt::posture::detail
