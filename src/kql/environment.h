#pragma once

namespace redoubt::kql {

class Schemas;
class SavedFunctions;
class Watchlists;

/// What there is besides the language, when queries are bound. All of it must outlive what is made with it.
struct Environment {
  /// Tables alone.
  Environment(const Schemas& known) : tables(&known) {}  // NOLINT(google-explicit-constructor)

  const Schemas* tables;
  const SavedFunctions* functions = nullptr;
  const Watchlists* watchlists = nullptr;  ///< null: nothing is known of any
};

}  // namespace redoubt::kql
