#pragma once

#include <cstdint>
#include <string>

#include "doc/json.h"

namespace redoubt::doc {

/// What a reader of untrusted YAML accepts.
struct YamlLimits {
  std::size_t max_bytes = std::size_t{4'000} << 20;  ///< places have 32 bits
  std::uint32_t max_depth = 512;                     ///< aliases counted as what they stand for
  std::uint32_t max_nodes = 100'000'000;             ///< as written: an alias is one
  std::uint32_t max_alias_nodes = 1'000'000;         ///< what aliases stand for, in all
  std::uint32_t max_blanks = 16'384;                 ///< blanks and line breaks in a row
  std::uint32_t max_tag_directives = 64;             ///< lines that begin with %TAG; 1,024 bytes each
};

/// Reads one document of YAML 1.2 (core schema): UTF-8 with or without a byte order mark. Time is linear in
/// the text. Iterative: depth ends in an error, not in a crash.
///
/// Plain scalars: null, ~ and nothing are Null; true and false Bool; decimal, 0x and 0o integers within 64
/// bits Int; other numbers, .inf and .nan Real. yes, no, on, off and times stay text, as quoted and block
/// scalars always do. The tags !!str, !!null, !!bool, !!int, !!float, !!seq and !!map hold; no tag ever runs
/// anything. Scalar keys become their text. `<<` merges a mapping or a list of mappings: written members win,
/// then the earlier mapping of a list, then the later `<<`. A text without document is Null.
///
/// As in YAML 1.1, U+0085, U+2028 and U+2029 end a line, and blanks around them are lost; escaped they are
/// kept.
///
/// The place of a node is its first byte: the quote, the `|` of a block scalar, the bracket or first key of a
/// mapping, the anchor or tag where it has one. The text in Sources stays as it was read. An alias shares the
/// value of its anchor: its own place is the alias, its value_place() the anchored value; places inside are
/// those of the anchored value.
///
/// Warnings: DOC0104 a member stands twice (the last one counts), DOC0206 a tag that is not known (the value
/// is read without it), DOC0207 a tag that does not fit (a scalar stays text); at most a hundred of members,
/// a hundred of tags. Errors: DOC0102 not UTF-8, DOC0103 a limit was met, DOC0201 not YAML (place of the
/// first mistake), DOC0202 a second document, DOC0203 a key that is no scalar, DOC0204 an alias without
/// anchor or inside its own, DOC0205
/// `<<` of something else than mappings.
/// Source: YAML 1.2.2, 10.3 "Core Schema"; YAML 1.1 "Merge Key Language-Independent Type".
Result<Reading<Document>> read_yaml(Sources& sources, std::string name, std::string text,
                                    const YamlLimits& limits = {});

/// The file's content as one document; DOC0001 when it can't be read.
Result<Reading<Document>> read_yaml_file(Sources& sources, const std::string& path,
                                         const YamlLimits& limits = {});

}  // namespace redoubt::doc
