#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/result.h"

struct ArrowArrayStream;

// Handles of libchdb, which has no header in its package. Source: chdb.h of chdb-io/chdb-core, 26.7.
struct chdb_connection_;
struct chdb_result_;

namespace redoubt::store::detail {

using Connection = chdb_connection_*;

/// Whether libchdb can run in this build: not beside the memory of a sanitizer.
bool library_can_run();

/// Whether it is at least the version that this was tested with: `26.7.3`, whatever follows.
bool is_tested_version(std::string_view version);

/// What we call of libchdb. Loaded once and never unloaded: its threads outlive its connections.
struct Library {
  /// Loads the file. Errors: STO0002 (Unsupported) it can't be loaded, lacks a function, or is older than
  /// what this was tested with; this is a build with sanitizers, in which it can't run.
  static Result<Library> load(const std::string& path);

  const char* (*version)() = nullptr;
  Connection* (*connect)(int argc, char** argv) = nullptr;  ///< null where it fails, without a reason
  void (*close)(Connection* connection) = nullptr;
  void (*set_signal_handlers_enabled)(int enabled) = nullptr;

  chdb_result_* (*query)(Connection connection, const char* sql, std::size_t sql_size, const char* format,
                         std::size_t format_size) = nullptr;
  chdb_result_* (*stream_query)(Connection connection, const char* sql, std::size_t sql_size,
                                const char* format, std::size_t format_size) = nullptr;
  chdb_result_* (*stream_fetch)(Connection connection, chdb_result_* stream) = nullptr;
  void (*stream_cancel)(Connection connection, chdb_result_* stream) = nullptr;
  void (*destroy)(chdb_result_* result) = nullptr;

  char* (*buffer)(chdb_result_* result) = nullptr;
  std::size_t (*length)(chdb_result_* result) = nullptr;
  const char* (*error)(chdb_result_* result) = nullptr;
  std::uint64_t (*storage_rows_read)(chdb_result_* result) = nullptr;
  std::uint64_t (*storage_bytes_read)(chdb_result_* result) = nullptr;

  int (*arrow_scan)(Connection connection, const char* name, ArrowArrayStream* stream) = nullptr;
  int (*arrow_unregister)(Connection connection, const char* name) = nullptr;
};

}  // namespace redoubt::store::detail
