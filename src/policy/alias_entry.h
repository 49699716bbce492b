#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace redoubt::policy {

/// Whether the modify effect may change what an alias means; Azure says so alias by alias.
enum class Modifiable : std::uint8_t { NotKnown, No, Yes };

/// An alias whose value is a part of the text at its path, as the publisher in the id of a marketplace image.
/// `phrase` is the text with `{variables}`, such as `/Publishers/{publisher}/Offers/{offer}`.
struct AliasPattern {
  std::string phrase;
  std::string variable;

  bool operator==(const AliasPattern&) const = default;
};

/// The part of the text that the pattern's variable stands for, or nothing where the text is no such phrase.
/// Case is ignored; a variable stands for everything up to the next slash.
std::optional<std::string> extract(const AliasPattern& pattern, std::string_view text);

/// Where the value is for one resource type or some api versions.
struct AliasPath {
  std::string path;
  std::string resource_type;              ///< empty: any
  std::vector<std::string> api_versions;  ///< empty: any
  Modifiable modifiable = Modifiable::NotKnown;
  std::optional<AliasPattern> pattern;

  bool operator==(const AliasPath&) const = default;
};

/// How the path of a built-in alias is known.
enum class Provenance : std::uint8_t {
  Azure,           ///< Azure's own list
  TypeSchema,      ///< derived from the type's schema
  DataPlaneRule,   ///< the short name is the path
  PropertiesRule,  ///< `properties.` and the short name
};

struct AliasEntry {
  std::string name;
  std::string path;  ///< where none of `variants` fits better
  Modifiable modifiable = Modifiable::NotKnown;
  std::optional<AliasPattern> pattern;
  Provenance provenance = Provenance::Azure;
  std::vector<AliasPath> variants;

  /// The variant for this type (in any case) and api version: one for the very type before one for any type,
  /// then one that names the api version before one for any; null where the entry's own path holds.
  /// An empty type or version is one that is not known.
  const AliasPath* variant_for(std::string_view resource_type, std::string_view api_version) const;
};

}  // namespace redoubt::policy
