#include <sqlite3.h>

#include "state/database.h"
#include "state/detail/sqlite_error.h"

namespace redoubt::state {

namespace {

/// Binds one value; text is not copied, run() and each() are over before it goes.
struct Binder {
  sqlite3_stmt* statement;
  int index;

  int operator()(std::nullptr_t) const { return sqlite3_bind_null(statement, index); }
  int operator()(std::int64_t value) const { return sqlite3_bind_int64(statement, index, value); }
  int operator()(double value) const { return sqlite3_bind_double(statement, index, value); }
  int operator()(std::string_view value) const {
    return sqlite3_bind_text64(statement, index, value.data() == nullptr ? "" : value.data(), value.size(),
                               SQLITE_STATIC, SQLITE_UTF8);
  }
};

}  // namespace

void Statement::Close::operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }

Statement::Statement(sqlite3* connection, sqlite3_stmt* statement, const std::string& path)
    : connection_(connection), statement_(statement), path_(&path) {}

Result<void> Statement::bind(std::initializer_list<Parameter> parameters) {
  RD_CHECK(parameters.size() == static_cast<std::size_t>(sqlite3_bind_parameter_count(statement_.get())));
  int index = 0;
  for (const Parameter& parameter : parameters) {
    const int code = std::visit(Binder{statement_.get(), ++index}, parameter);
    if (code != SQLITE_OK) return detail::sqlite_error(connection_, code, *path_);
  }
  return {};
}

Result<void> Statement::run(std::initializer_list<Parameter> parameters) { return each(parameters, {}); }

Result<void> Statement::each(std::initializer_list<Parameter> parameters,
                             const std::function<void(const Statement&)>& take) {
  RD_TRY(bind(parameters));
  int code = SQLITE_ROW;
  while ((code = sqlite3_step(statement_.get())) == SQLITE_ROW)
    if (take) take(*this);
  Result<void> out;
  if (code != SQLITE_DONE) out = detail::sqlite_error(connection_, code, *path_);
  sqlite3_reset(statement_.get());
  return out;
}

std::int64_t Statement::integer(int column) const { return sqlite3_column_int64(statement_.get(), column); }

double Statement::real(int column) const { return sqlite3_column_double(statement_.get(), column); }

std::string Statement::text(int column) const {
  const unsigned char* const text = sqlite3_column_text(statement_.get(), column);
  if (text == nullptr) return {};
  const int size = sqlite3_column_bytes(statement_.get(), column);
  return {reinterpret_cast<const char*>(text), static_cast<std::size_t>(size)};
}

bool Statement::is_null(int column) const {
  return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL;
}

}  // namespace redoubt::state
