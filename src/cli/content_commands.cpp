#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/context.h"
#include "cli/data_option.h"
#include "cli/deployment_options.h"
#include "cli/fail_on.h"
#include "content/add.h"
#include "content/store.h"
#include "content/sync.h"
#include "content/verify.h"
#include "core/text.h"
#include "report/diagnostic_json.h"
#include "report/table.h"

namespace redoubt::cli {

namespace {

using content::Manifest;

constexpr int kLongestWait = 3'600;  // seconds

Option name_option() { return {.flags = "--name", .value = "NAME", .text = "what the pack is called"}; }

Option now_option() {
  return {.flags = "--now", .value = "TIME", .text = "the time to note, instead of the clock's"};
}

Result<Instant> time_of(const Arguments& arguments) {
  const std::optional<Instant> given = RD_TRY(read_now(arguments));
  return given ? *given : now();
}

/// What the pack holds, in words.
std::string contents_of(const Manifest& manifest) {
  std::string out =
      counted(manifest.definitions, "definition") + ", " + counted(manifest.initiatives, "initiative");
  const std::size_t libraries = manifest.alz_libraries.size();
  if (libraries != 0) out += ", " + counted(libraries, "landing zone library", "landing zone libraries");
  return out;
}

/// Says what was added. Files that could not be read make the command unfinished: the pack lacks them.
Exit tell_added(const Reading<Manifest>& added, Context& context) {
  const Manifest& manifest = added.value;
  for (const Diagnostic& diagnostic : added.diagnostics)
    context.tell(diagnostic);
  if (context.format == "json") {
    doc::JsonWriter json(true);
    content::write_json(json, manifest);
    context.output.write(json.take() + "\n");
  } else {
    context.output.write(fmt::format("{}: {}\n", manifest.name, contents_of(manifest)));
    if (manifest.passed_over != 0)
      context.output.write(fmt::format("passed over: {}\n", counted(manifest.passed_over, "JSON file")));
    if (manifest.unread != 0)
      context.output.write(fmt::format("could not be read: {}\n", counted(manifest.unread, "file")));
    if (manifest.initiatives != 0)
      context.output.write("next: redoubt posture scan PATH --initiative NAME\n");
  }
  return manifest.unread == 0 ? Exit::Done : Exit::Unfinished;
}

Result<Exit> run_content_add(const Arguments& arguments, Context& context) {
  content::AddRequest request;
  request.path = arguments.text("PATH");
  request.name = arguments.text("--name");
  request.now = RD_TRY(time_of(arguments));
  request.progress = context.progress.callback();
  const Reading<Manifest> added = RD_TRY(content::add(data_directory(arguments), request));
  return tell_added(added, context);
}

Result<std::chrono::seconds> read_timeout(const Arguments& arguments) {
  const std::string& text = arguments.text("--timeout");
  int seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (error != std::errc() || end != text.data() + text.size() || seconds < 1 || seconds > kLongestWait)
    return fail(Error::Kind::Usage, "CLI0050", fmt::format("--timeout is no number of seconds: {}", text), {},
                fmt::format("give a number from 1 to {}", kLongestWait));
  return std::chrono::seconds(seconds);
}

Result<Exit> run_content_sync(const Arguments& arguments, Context& context) {
  content::SyncRequest request;
  request.url = arguments.text("URL");
  request.commit = arguments.text("--commit");
  request.name = arguments.text("--name");
  request.now = RD_TRY(time_of(arguments));
  request.download.stall = RD_TRY(read_timeout(arguments));
  request.download.ca_file = arguments.text("--ca");
  request.download.plain_local = arguments.given("--insecure-local");
  request.download.progress = context.progress.callback();
  if (request.commit.empty())
    return fail(Error::Kind::Usage, "CLI0005", "--commit is missing", {},
                "content is pinned: give the commit's 40 digits");
  const content::Synced synced = RD_TRY(content::sync(data_directory(arguments), request));
  std::string fetched = counted(synced.download.bytes, "byte");
  if (synced.download.resumed != 0)
    fetched += fmt::format(", of which {} were there from an earlier try", synced.download.resumed);
  context.note("fetched " + fetched);
  return tell_added(synced.added, context);
}

void write_packs_json(const std::string& data, const std::vector<Manifest>& packs, Context& context) {
  doc::JsonWriter json(true);
  json.begin_object().key("schema").text("redoubt.content-list/1").key("data").text(data);
  json.key("packs").begin_array();
  for (const Manifest& manifest : packs)
    content::write_json(json, manifest);
  json.end_array().end_object();
  context.output.write(json.take() + "\n");
}

Result<Exit> run_content_list(const Arguments& arguments, Context& context) {
  content::Store store = content::Store::open(data_directory(arguments));
  const std::vector<Diagnostic> diagnostics = store.take_diagnostics();
  for (const Diagnostic& diagnostic : diagnostics)
    context.tell(diagnostic);
  const Exit exit = diagnostics.empty() ? Exit::Done : Exit::Unfinished;
  if (context.format == "json") {
    write_packs_json(data_directory(arguments), store.packs(), context);
    return exit;
  }
  if (store.packs().empty()) {
    context.output.write(fmt::format("no content in {}\n", data_directory(arguments)));
    context.output.write("next: redoubt content add PATH\n");
    return exit;
  }
  report::Table table{
      .columns =
          {{"name"}, {"definitions", true}, {"initiatives", true}, {"libraries", true}, {"added"}, {"from"}},
      .groups = {{}}};
  for (const Manifest& pack : store.packs()) {
    report::Row row;
    row.cells = {{pack.name},
                 {std::to_string(pack.definitions)},
                 {std::to_string(pack.initiatives)},
                 {std::to_string(pack.alz_libraries.size())},
                 {to_text(from_epoch_seconds(to_epoch_seconds(pack.added)))},
                 {pack.origin.place}};
    table.groups.front().rows.push_back(std::move(row));
  }
  report::make_room(table, table.columns.size() - 1, "from ", context.style);
  context.output.write(report::to_text(table, context.style));
  return exit;
}

void write_verified_json(const Reading<std::vector<content::Verified>>& found, Context& context) {
  doc::JsonWriter json(true);
  json.begin_object().key("schema").text("redoubt.content-verify/1").key("packs").begin_array();
  for (const content::Verified& pack : found.value) {
    json.begin_object().key("name").text(pack.pack).key("sound").boolean(pack.sound);
    json.key("files").integer(static_cast<std::int64_t>(pack.files));
    json.key("rows").integer(static_cast<std::int64_t>(pack.rows)).end_object();
  }
  json.end_array().key("diagnostics").begin_array();
  for (const Diagnostic& diagnostic : found.diagnostics)
    report::write_json(json, diagnostic);
  json.end_array().end_object();
  context.output.write(json.take() + "\n");
}

Result<Exit> run_content_verify(const Arguments& arguments, Context& context) {
  const Reading<std::vector<content::Verified>> found =
      RD_TRY(content::verify(data_directory(arguments), arguments.text("NAME"), context.progress.callback()));
  if (context.format == "json") {
    write_verified_json(found, context);
  } else {
    for (const Diagnostic& diagnostic : found.diagnostics)
      context.output.write(diagnostic.text() + "\n");
    for (const content::Verified& pack : found.value)
      context.output.write(fmt::format("{}: {}, {} and {} verified\n", pack.pack,
                                       pack.sound ? "sound" : "NOT sound", counted(pack.files, "file"),
                                       counted(pack.rows, "row")));
    if (found.value.empty())
      context.output.write(fmt::format("no content in {}\n", data_directory(arguments)));
  }
  Level worst = Level::None;
  for (const Diagnostic& diagnostic : found.diagnostics)
    worst = std::max(worst, level_of(diagnostic.severity));
  return exit_for(worst, fail_on(arguments));
}

Command add_command() {
  return {.name = "content add",
          .summary = "Keep policies and landing zone libraries in the data directory",
          .examples = {"redoubt content add azure-policy/",
                       "redoubt content add azure-policy-main.zip --name azure-policy",
                       "redoubt content add Azure-Landing-Zones-Library/platform/alz --name alz"},
          .description =
              "PATH is a clone of Azure/azure-policy, an Azure Landing Zones library, policy JSON or JSON "
              "Lines, a folder of such, or a .zip or .tar.gz of it. A pack of the same name is replaced in "
              "one step. Later commands find what is in a pack by name.",
          .positionals = {{.name = "PATH", .text = "a folder, a JSON file or an archive"}},
          .options = {name_option(), data_option(), now_option()},
          .formats = {"table", "json"},
          .run = run_content_add};
}

Command sync_command() {
  return {
      .name = "content sync",
      .summary = "Fetch a repository at a commit and keep its policies",
      .examples = {"redoubt content sync https://github.com/Azure/azure-policy --commit "
                   "f4a50bacae07ddb096943c597669bcae494a6e29"},
      .description =
          "The archive of a public GitHub repository, or of any URL that holds {commit}, is fetched over "
          "HTTPS and added as `content add` does. When the connection breaks, the next call goes on "
          "where it broke off. Nothing is replaced before the archive is whole and carries the commit.",
      .positionals = {{.name = "URL", .text = "https://github.com/OWNER/REPO, or a URL with {commit} in it"}},
      .options = {{.flags = "--commit", .value = "SHA", .text = "all 40 digits of the commit"},
                  name_option(),
                  data_option(),
                  {.flags = "--ca",
                   .value = "FILE",
                   .text = "certificates of the only authorities that count, PEM"},
                  {.flags = "--timeout",
                   .value = "SECONDS",
                   .text = "longest time in which the server sends nothing",
                   .fallback = "30"},
                  {.flags = "--insecure-local", .text = "allow plain http with this machine"},
                  now_option()},
      .formats = {"table", "json"},
      .run = run_content_sync};
}

}  // namespace

std::vector<Command> content_commands() {
  return {add_command(),
          {.name = "content list",
           .summary = "List what the data directory keeps",
           .examples = {"redoubt content list", "redoubt content list -f json"},
           .options = {data_option()},
           .formats = {"table", "json"},
           .run = run_content_list},
          {.name = "content verify",
           .summary = "Check kept content against its hashes and index",
           .examples = {"redoubt content verify", "redoubt content verify azure-policy --fail-on medium"},
           .positionals = {{.name = "NAME", .text = "a pack; all without", .required = false}},
           .options = {data_option(), fail_on_diagnostic_option()},
           .formats = {"table", "json"},
           .run = run_content_verify},
          sync_command()};
}

}  // namespace redoubt::cli
