#include "cli/event_place.h"

#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "core/hash.h"
#include "core/text.h"

namespace redoubt::cli {

namespace {

constexpr const char* kUser = "REDOUBT_CLICKHOUSE_USER";
constexpr const char* kPassword = "REDOUBT_CLICKHOUSE_PASSWORD";

std::string variable(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? std::string() : value;
}

/// Of a server, without settings.
std::string address_of(const net::Url& url) {
  const std::string text = url.text();
  return text.substr(0, text.find('?'));
}

Result<std::string> read_password(const Arguments& arguments) {
  if (!arguments.given("--db-password-file")) return variable(kPassword);
  const std::string& path = arguments.text("--db-password-file");
  std::ifstream file(path, std::ios::binary);
  std::string out{std::istreambuf_iterator<char>(file), {}};
  if (!file || out.empty())
    return fail(Error::Kind::Usage, "CLI0091", "the file of the password can't be read, or is empty",
                Where{path, 0, 0, {}});
  while (out.ends_with('\n') || out.ends_with('\r'))
    out.pop_back();
  return out;
}

Result<store::RemoteOptions> server_of(const Arguments& arguments, Context& context) {
  store::RemoteOptions out = RD_TRY(store::remote_options(arguments.text("--db")));
  out.user = arguments.given("--db-user") ? arguments.text("--db-user") : variable(kUser);
  out.password = RD_TRY(read_password(arguments));
  out.ca_file = arguments.text("--ca");
  if (!out.url.secure && !out.url.is_local() && !out.password.empty())
    context.tell(Diagnostic{Severity::Warning, "STO0035", "the password goes to the server unencrypted",
                            Where{address_of(out.url), 0, 0, {}}, "use https where others can listen"});
  return out;
}

/// Of `events`, `events/`, `.` and `..`, too.
std::string folder_around(const std::filesystem::path& folder) {
  std::filesystem::path named = folder.has_filename() ? folder : folder.parent_path();
  std::error_code error;
  if (named.filename() == "." || named.filename() == "..")
    named = std::filesystem::absolute(folder, error).lexically_normal();
  if (!named.has_filename()) named = named.parent_path();
  return named.has_parent_path() ? named.parent_path().string() : ".";
}

}  // namespace

std::vector<Option> place_options(std::string_view otherwise) {
  return {
      {.flags = "--db",
       .value = "DIR|URL",
       .text =
           fmt::format("the folder of events, the data directory that it is in, or the URL of a ClickHouse "
                       "server (https://host:8443); {}",
                       otherwise)},
      {.flags = "--ca", .value = "FILE", .text = "the authorities that a server's certificate is of, as PEM"},
      {.flags = "--db-user",
       .value = "NAME",
       .text = "the server's account; otherwise REDOUBT_CLICKHOUSE_USER"},
      {.flags = "--db-password-file",
       .value = "FILE",
       .text = "its password is in this file; otherwise REDOUBT_CLICKHOUSE_PASSWORD"}};
}

Where EventPlace::where() const { return {server ? address_of(server->url) : folder, 0, 0, {}}; }

Result<EventPlace> event_place(const Arguments& arguments, std::string_view data_directory,
                               Context& context) {
  const std::filesystem::path data(data_directory);
  EventPlace out{.folder = (data / "events").string(), .server = {}, .ledger = data.string()};
  if (!arguments.given("--db")) return out;
  const std::string& named = arguments.text("--db");
  if (!store::is_server_url(named)) {
    std::error_code error;
    const std::filesystem::path inside = std::filesystem::path(named) / "events";
    const bool is_data = std::filesystem::is_directory(inside, error);  // the data directory of the events
    out.folder = is_data ? inside.string() : named;
    out.ledger = folder_around(out.folder);
    return out;
  }
  out.server = RD_TRY(server_of(arguments, context));
  out.ledger = (data / "servers" / sha1_hex(address_of(out.server->url))).string();
  return out;
}

Result<std::optional<EventPlace>> events_to_ask(const Arguments& arguments, bool has_other_tables,
                                                Context& context) {
  EventPlace place = RD_TRY(event_place(arguments, kDataHere, context));
  if (arguments.given("--db")) return place;
  std::error_code error;
  if (has_other_tables || !std::filesystem::is_directory(place.folder, error)) return std::nullopt;
  return place;
}

}  // namespace redoubt::cli
