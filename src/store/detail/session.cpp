#include "store/detail/session.h"

#include <vector>

#include "store/detail/engine_error.h"

namespace redoubt::store::detail {

namespace {

constexpr std::string_view kFormat = "Native";

}  // namespace

std::string_view Answer::bytes() const {
  const char* buffer = library_->buffer(get());
  return buffer == nullptr ? std::string_view() : std::string_view(buffer, library_->length(get()));
}

Result<void> Answer::check() const {
  const char* error = library_->error(get());
  if (error == nullptr) return {};
  return tl::unexpected(engine_error(error));
}

void Answer::add_to(QueryStatistics& statistics) const {
  statistics.rows_read += library_->storage_rows_read(get());
  statistics.bytes_read += library_->storage_bytes_read(get());
}

Result<Session> Session::open(const Library& library, std::span<const std::string> arguments) {
  std::vector<char*> values;
  values.reserve(arguments.size());
  // The library takes what main() gets, and changes none of it.
  for (const std::string& argument : arguments)
    values.push_back(const_cast<char*>(argument.c_str()));
  Connection* connection = library.connect(static_cast<int>(values.size()), values.data());
  if (connection == nullptr)
    return fail(
        Error::Kind::Io, "STO0004", "the event engine does not start", {},
        "see that there is memory, and room where the events are; a process has one folder of events");
  return Session(library, connection);
}

Result<Answer> Session::checked(chdb_result_* result) const {
  RD_CHECK(result != nullptr);
  Answer out(*library_, result);
  RD_TRY(out.check());
  return out;
}

Result<Answer> Session::run(std::string_view sql) {
  return checked(library_->query(connection(), sql.data(), sql.size(), kFormat.data(), kFormat.size()));
}

Result<Answer> Session::stream(std::string_view sql) {
  return checked(
      library_->stream_query(connection(), sql.data(), sql.size(), kFormat.data(), kFormat.size()));
}

Result<Answer> Session::fetch(const Answer& stream) {
  return checked(library_->stream_fetch(connection(), stream.get()));
}

void Session::cancel(const Answer& stream) { library_->stream_cancel(connection(), stream.get()); }

}  // namespace redoubt::store::detail
