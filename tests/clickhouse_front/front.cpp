#include "front.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <thread>

#include "core/compression.h"
#include "core/text.h"
#include "form.h"
#include "store/detail/arrow_export.h"
#include "store/detail/engine_settings.h"
#include "store/embedded.h"
#include "store/native.h"
#include "store/sql_text.h"

namespace redoubt::front {

namespace {

using store::detail::Library;
using store::detail::Session;

constexpr std::string_view kTag = "redoubtredoubtrd";
constexpr std::string_view kNative = "Native";
constexpr std::string_view kTabs = "TabSeparated";

/// Parameters that are no settings. Source: HTTPHandler.cpp of ClickHouse.
constexpr std::string_view kReserved[] = {"query",
                                          "query_id",
                                          "database",
                                          "default_format",
                                          "wait_end_of_query",
                                          "buffer_size",
                                          "compress",
                                          "decompress",
                                          "session_id",
                                          "session_timeout",
                                          "session_check",
                                          "stacktrace",
                                          "close_session",
                                          "client_protocol_version"};
constexpr std::string_view kReservedEnds[] = {"_format", "_types", "_structure"};

struct StatusRow {
  int code;
  std::string_view status;
};
constexpr StatusRow kStatuses[] = {
    {516, "403 Forbidden"},      {62, "400 Bad Request"},      {43, "400 Bad Request"},
    {53, "400 Bad Request"},     {60, "404 Not Found"},        {46, "404 Not Found"},
    {47, "404 Not Found"},       {81, "404 Not Found"},        {115, "404 Not Found"},
    {48, "501 Not Implemented"}, {159, "408 Request Time-out"}};

int code_in(std::string_view text) {
  constexpr std::string_view kPrefix = "Code: ";
  int out = 0;
  if (text.starts_with(kPrefix))
    std::from_chars(text.data() + kPrefix.size(), text.data() + text.size(), out);
  return out;
}

std::string_view status_of(int code) {
  const auto* const row = std::ranges::find(kStatuses, code, &StatusRow::code);
  return row == std::end(kStatuses) ? "500 Internal Server Error" : row->status;
}

using OwnedResult = std::unique_ptr<chdb_result_, void (*)(chdb_result_*)>;

OwnedResult owned(const Library& library, chdb_result_* result) { return {result, library.destroy}; }

std::string_view bytes_of(const Library& library, const OwnedResult& result) {
  const char* const bytes = library.buffer(result.get());
  return bytes == nullptr ? std::string_view() : std::string_view(bytes, library.length(result.get()));
}

std::string error_of(const Library& library, const OwnedResult& result) {
  const char* const text = library.error(result.get());
  return text == nullptr ? std::string() : text;
}

/// Runs a statement to its end; `error` is what the engine says.
std::string run(const Session& session, std::string_view sql, std::string_view format, std::string& error) {
  const Library& library = session.library();
  const OwnedResult result = owned(
      library, library.query(session.connection(), sql.data(), sql.size(), format.data(), format.size()));
  error = error_of(library, result);
  return std::string(bytes_of(library, result));
}

bool begins_with_word(std::string_view sql, std::string_view word) {
  while (!sql.empty() && (sql.front() == '(' || sql.front() == '\n' || sql.front() == ' '))
    sql.remove_prefix(1);
  return starts_with_any_case(sql, word);
}

/// What comes as a stream.
bool has_rows(std::string_view sql) {
  constexpr std::string_view kWords[] = {"SELECT", "WITH"};
  return std::ranges::any_of(kWords, [&](std::string_view word) { return begins_with_word(sql, word); });
}

std::string replaced(std::string text, std::string_view what, std::string_view with) {
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size()))
    text.replace(at, what.size(), with);
  return text;
}

/// The format that a statement ends with.
std::string format_of(std::string_view sql) {
  const std::size_t at = sql.rfind("FORMAT ");
  return at == std::string_view::npos ? std::string() : std::string(trim(sql.substr(at + 7)));
}

}  // namespace

struct ClickHouseFront::Asked {
  Fields parameters;  // of the URL and the form
  std::vector<FormFile> files;
  std::string sql;
  std::string format;
  bool is_packed = false;
};

namespace {

/// Sends an answer, packed where it was asked for.
class Answer {
 public:
  Answer(Connection& connection, Faults& faults, bool is_packed)
      : connection_(connection), faults_(faults), is_packed_(is_packed) {
    if (faults_.cut > 0) {
      --faults_.cut;
      left_ = faults_.cut_at.load();
    }
  }

  bool has_begun() const { return has_begun_; }

  void begin(std::string_view status, const Fields& fields) {
    std::string head =
        fmt::format("HTTP/1.1 {}\r\nTransfer-Encoding: chunked\r\nConnection: Close\r\n", status);
    for (const auto& [name, value] : fields)
      head += fmt::format("{}: {}\r\n", name, value);
    if (is_packed_) head += "Content-Encoding: gzip\r\n";
    is_open_ = connection_.write(head + "\r\n");
    has_begun_ = true;
  }

  /// False: nobody reads any more.
  bool add(std::string_view bytes) {
    if (is_packed_) {
      pending_ += bytes;
      return is_open_;
    }
    return send(bytes);
  }

  void end() {
    if (is_packed_) send(compress(pending_, Packing::Gzip));
    if (is_open_) connection_.write("0\r\n\r\n");
  }
  /// What was added is sent, the answer is not ended.
  void break_off() {
    if (is_packed_) send(compress(pending_, Packing::Gzip));
    connection_.shut();
  }

 private:
  bool send(std::string_view bytes) {
    const bool is_last = left_ && bytes.size() >= *left_;
    if (is_last) bytes = bytes.substr(0, *left_);
    if (left_) *left_ -= bytes.size();
    if (is_open_ && !bytes.empty())
      is_open_ = connection_.write(fmt::format("{:x}\r\n", bytes.size())) && connection_.write(bytes) &&
                 connection_.write("\r\n");
    if (is_last) {
      connection_.shut();
      is_open_ = false;
    }
    return is_open_;
  }

  Connection& connection_;
  Faults& faults_;
  bool is_packed_;
  bool is_open_ = true;
  bool has_begun_ = false;
  std::string pending_;
  std::optional<std::size_t> left_;
};

void send_error(Answer& answer, const std::string& text) {
  const int code = code_in(text);
  Fields fields = {{"X-ClickHouse-Exception-Code", std::to_string(code)}};
  answer.begin(status_of(code), fields);
  answer.add(text + "\n");
  answer.end();
}

/// Behind the first rows.
void send_breaking(Answer& answer, const std::string& text, Breaking breaking) {
  if (breaking == Breaking::Plain) {
    answer.add(text + "\n");
    return answer.end();
  }
  if (breaking == Breaking::Marked)
    answer.add(fmt::format("__exception__\r\n{}\n", text));
  else
    answer.add(fmt::format("\r\n__exception__\r\n{0}\r\n{1}\n{2} {0}\r\n__exception__\r\n", kTag, text,
                           text.size()));
  answer.break_off();
}

}  // namespace

Result<std::unique_ptr<ClickHouseFront>> ClickHouseFront::open(const FrontOptions& options) {
  std::unique_ptr<ClickHouseFront> out(new ClickHouseFront(options));
  const std::string file = RD_TRY(store::find_engine_library());
  Library library = RD_TRY(Library::load(file));
  store::detail::Directory directory =
      RD_TRY(options.data_directory.empty() ? store::detail::Directory::temporary()
                                            : store::detail::Directory::lock(options.data_directory));
  out->engine_ = std::make_unique<store::detail::EngineState>(library, std::move(directory));
  // As servers are: what the client's SQL counts on is not set here.
  out->engine_->arguments = {"front", "--config-file=/dev/null/none", "--implicit_select=0",
                             "--path=" + out->engine_->directory.path()};
  Session keeper = RD_TRY(out->engine_->open_session({}));
  out->engine_->keeper = std::make_unique<Session>(std::move(keeper));
  const std::string failure = out->read_settings();
  if (!failure.empty()) return fail(Error::Kind::Io, "TEST", failure);
  ClickHouseFront* const self = out.get();
  out->server_ = std::make_unique<HttpServer>(
      options.server,
      [self](const Request& request, Connection& connection) { self->handle(request, connection); });
  return out;
}

/// Whatever runs is ended first.
ClickHouseFront::~ClickHouseFront() {
  std::jthread killer([this](const std::stop_token& over) {
    while (!over.stop_requested()) {
      {
        const std::lock_guard lock(engine_->mutex);
        std::string error;
        run(*engine_->keeper, "KILL QUERY WHERE Settings['log_comment'] LIKE 'redoubt-%' ASYNC", kTabs,
            error);
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
  });
  server_.reset();
}

std::string ClickHouseFront::read_settings() {
  std::string error;
  const std::string names = run(*engine_->keeper, "SELECT name FROM system.settings", kTabs, error);
  for (const std::string_view name : split(names, '\n'))
    settings_.emplace(name);
  return error;
}

std::string ClickHouseFront::url() const {
  return fmt::format("{}://localhost:{}", server_->is_secure() ? "https" : "http", port());
}

std::vector<Request> ClickHouseFront::requests() const {
  const std::lock_guard lock(mutex_);
  return requests_;
}

/// Whether one of the faults was the answer.
bool ClickHouseFront::fails(const Request& request, Connection& connection) {
  if (begins_with_word(request.body, "KILL")) return false;
  if (faults_.drop > 0) {
    --faults_.drop;
    connection.shut();
    return true;
  }
  if (faults_.busy > 0) {
    --faults_.busy;
    connection.write("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 4\r\n\r\nbusy");
    return true;
  }
  if (faults_.raw > 0) {
    --faults_.raw;
    connection.write(faults_.raw_answer);
    return true;
  }
  return false;
}

void ClickHouseFront::handle(const Request& request, Connection& connection) {
  {
    const std::lock_guard lock(mutex_);
    requests_.push_back(request);
  }
  if (fails(request, connection)) return;
  Asked asked;
  asked.parameters = read_url_query(request.target);
  const std::string type = field(request.fields, "Content-Type");
  const std::size_t boundary = type.find("boundary=");
  asked.sql = field(asked.parameters, "query");
  if (boundary == std::string::npos) {
    asked.sql += request.body;
  } else {
    Form form = read_form(request.body, std::string_view(type).substr(boundary + 9));
    for (const auto& [name, value] : form.fields)
      if (name == "query") asked.sql += value;
    asked.files = std::move(form.files);
    asked.parameters.insert(asked.parameters.end(), form.fields.begin(), form.fields.end());
  }
  const std::string said = format_of(asked.sql);
  const std::string fallback = field(asked.parameters, "default_format");
  asked.format = !said.empty() ? said : !fallback.empty() ? fallback : std::string(kTabs);
  asked.is_packed = field(asked.parameters, "enable_http_compression") == "1" &&
                    field(request.fields, "Accept-Encoding").find("gzip") != std::string::npos;
  const std::string user = field(request.fields, "X-ClickHouse-User");
  if ((user.empty() ? "default" : user) != options_.user ||
      field(request.fields, "X-ClickHouse-Key") != options_.password) {
    Answer refused(connection, faults_, false);
    return send_error(
        refused, fmt::format("Code: 516. DB::Exception: {}: Authentication failed: password is incorrect, "
                             "or there is no user with such name. (AUTHENTICATION_FAILED)",
                             user));
  }
  bool is_dropped = false;
  if (faults_.drop_answer > 0 && !begins_with_word(asked.sql, "KILL")) {
    --faults_.drop_answer;
    is_dropped = true;
  }
  answer(asked, connection, is_dropped);
}

/// Settings, then inputs. What goes wrong is given.
std::string ClickHouseFront::prepare(const Asked& asked, const Session& session) {
  std::string error;
  for (std::size_t i = 0; i < asked.files.size(); ++i)
    if (error = read_input(asked, session, i); !error.empty()) return error;
  for (const auto& [name, value] : asked.parameters) {
    const bool is_reserved =
        std::ranges::find(kReserved, name) != std::end(kReserved) ||
        (!asked.files.empty() && std::ranges::any_of(kReservedEnds, [&, &one = name](std::string_view end) {
          return one.ends_with(end);
        }));
    if (is_reserved) continue;
    if (!settings_.contains(name))
      return fmt::format(
          "Code: 115. DB::Exception: Setting {} is neither a builtin setting nor started with "
          "the prefix 'SQL_'. (UNKNOWN_SETTING)",
          name);
    run(session, fmt::format("SET {} = {}", name, store::sql_text(value)), kTabs, error);
    if (!error.empty()) return error;
  }
  return {};
}

std::string ClickHouseFront::read_input(const Asked& asked, const Session& session, std::size_t number) {
  const FormFile& file = asked.files[number];
  const std::string name = store::sql_name(file.name);
  std::string error;
  if (field(asked.parameters, file.name + "_format") != kNative)
    return "Code: 73. DB::Exception: Unknown format (UNKNOWN_FORMAT)";
  run(session,
      fmt::format("CREATE TEMPORARY TABLE {} ({}) ENGINE = Memory", name,
                  field(asked.parameters, file.name + "_structure")),
      kTabs, error);
  if (!error.empty()) return error;
  std::vector<store::Block> blocks;
  store::NativeDecoder decoder;
  Result<void> read = decoder.feed(file.bytes, [&](store::Block block) -> Result<void> {
    blocks.push_back(std::move(block));
    return {};
  });
  if (read) read = decoder.finish();
  if (!read) return "Code: 33. DB::Exception: " + read.error().message + " (CANNOT_READ_ALL_DATA)";
  if (blocks.empty()) return {};
  const std::vector<store::ColumnShape> shapes = store::shapes_of(blocks.front());
  std::size_t next = 0;
  const store::BlockSource source = [&]() -> Result<std::optional<store::Block>> {
    return next == blocks.size() ? std::nullopt : std::optional(blocks[next++]);
  };
  store::detail::ArrowInput input(shapes, source, {});
  const std::string registered =
      fmt::format("{}_{}", replaced(field(asked.parameters, "query_id"), "-", "_"), number);
  session.library().arrow_scan(session.connection(), registered.c_str(), &input.stream());
  run(session, fmt::format("INSERT INTO {} SELECT * FROM arrowstream('{}')", name, registered), kTabs, error);
  session.library().arrow_unregister(session.connection(), registered.c_str());
  return error;
}

void ClickHouseFront::answer(const Asked& asked, Connection& connection, bool is_dropped) {
  Answer out(connection, faults_, asked.is_packed);
  const std::vector<std::string> mark = {"--log_comment=" + field(asked.parameters, "query_id")};
  const Result<Session> session = engine_->open_session(mark);
  if (!session) return send_error(out, "Code: 1001. DB::Exception: " + session.error().message);
  std::string error = prepare(asked, *session);
  if (!error.empty()) return send_error(out, error);
  const Fields fields = {{"X-ClickHouse-Format", asked.format},
                         {"X-ClickHouse-Exception-Tag", std::string(kTag)},
                         {"X-ClickHouse-Summary", R"({"read_rows":"7","read_bytes":"56"})"}};
  const bool is_own =
      begins_with_word(asked.sql, "KILL") || asked.sql.find("system.processes") != std::string::npos;
  const std::string sql = is_own ? replaced(asked.sql, "query_id", "Settings['log_comment']") : asked.sql;
  if (!has_rows(sql) || field(asked.parameters, "wait_end_of_query") == "1") {
    const std::string rows = run(*session, sql, asked.format, error);
    if (is_dropped) return connection.shut();
    if (!error.empty()) return send_error(out, error);
    out.begin("200 OK", fields);
    out.add(rows);
    return out.end();
  }
  const Library& library = session->library();
  const OwnedResult stream =
      owned(library, library.stream_query(session->connection(), sql.data(), sql.size(), asked.format.data(),
                                          asked.format.size()));
  error = error_of(library, stream);
  bool is_read = true;
  while (error.empty() && is_read) {
    const OwnedResult part = owned(library, library.stream_fetch(session->connection(), stream.get()));
    error = error_of(library, part);
    const std::string_view bytes = bytes_of(library, part);
    if (!error.empty() || bytes.empty()) break;
    if (is_dropped) return connection.shut();
    if (!out.has_begun()) out.begin("200 OK", fields);
    is_read = out.add(bytes);
  }
  if (!is_read) return library.stream_cancel(session->connection(), stream.get());
  if (is_dropped) return connection.shut();
  if (!error.empty() && out.has_begun()) return send_breaking(out, error, options_.breaking);
  if (!error.empty()) return send_error(out, error);
  if (!out.has_begun()) out.begin("200 OK", fields);
  out.end();
}

}  // namespace redoubt::front
