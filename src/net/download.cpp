#include "net/download.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "core/text.h"
#include "net/detail/content_range.h"
#include "net/detail/partial_file.h"
#include "net/http.h"

namespace redoubt::net {

namespace {

using detail::ContentRange;
using detail::read_range;
using Clock = std::chrono::steady_clock;

constexpr unsigned kOk = 200;
constexpr unsigned kPartialContent = 206;
constexpr unsigned kRangeNotSatisfiable = 416;
constexpr std::string_view kGoOn = "run the command again to go on where it broke off";

/// What an answer asks the client to do next.
struct Step {
  enum class Kind : std::uint8_t { Done, Redirect, Restart };
  Kind kind = Kind::Done;
  Url target;  // of a redirect
};

tl::unexpected<Error> unavailable(std::string_view code, std::string message, const Url& url,
                                  std::string hint = std::string(kGoOn)) {
  return fail(Error::Kind::Unavailable, code, std::move(message), Where{url.text(), 0, 0, {}},
              std::move(hint));
}

/// One request for the file, or for what is left of it.
class Fetch {
 public:
  Fetch(const Url& url, detail::PartialFile& file, const DownloadOptions& options,
        std::optional<Clock::time_point> deadline)
      : url_(url), file_(file), options_(options), deadline_(deadline) {}

  /// Bytes that were there before, of the answer that was read.
  std::uint64_t resumed() const { return resumed_; }

  Result<Step> run() {
    const HttpRequest request{.url = url_, .fields = fields()};
    const HttpReceiver receiver{[this](const HttpHead& head) { return judge(head); },
                                [this](std::string_view bytes) { return take(bytes); },
                                [this] { return !next_; }};
    const HttpOptions http{.connect_time = options_.stall,
                           .idle_time = options_.stall,
                           .deadline = deadline_,
                           .ca_file = options_.ca_file,
                           .public_only = options_.public_only,
                           .nothing_behind = true};
    const Result<void> done = exchange(request, receiver, http, {});
    if (!done) return tl::unexpected(for_users(done.error()));
    if (next_) return *next_;
    if (total_ && file_.bytes() != *total_)
      return unavailable("NET0005",
                         fmt::format("the server said {} bytes and sent {}", *total_, file_.bytes()), url_);
    return Step{};
  }

 private:
  std::vector<HttpField> fields() const {
    std::vector<HttpField> out = {{"Accept", "*/*"}, {"Accept-Encoding", "identity"}};
    if (file_.bytes() == 0) return out;
    out.push_back({"Range", fmt::format("bytes={}-", file_.bytes())});
    if (!file_.origin().tag.empty()) out.push_back({"If-Range", file_.origin().tag});
    return out;
  }

  /// What went wrong with a request, as one who downloads may mend it.
  Error for_users(Error error) const {
    static constexpr std::pair<std::string_view, std::string_view> kHints[] = {
        {"NET0002", "check the name and the network"},
        {"NET0003", "nothing was fetched; --ca names the authorities that count"},
        {"NET0004", kGoOn},
        {"NET0005", kGoOn},
        {"NET0011", "nothing was fetched: put a copy of the file there yourself"}};
    if (error.code == "NET0014") return std::move(too_slow()).value();
    for (const auto& [code, hint] : kHints)
      if (error.code == code && error.hint.empty()) error.hint = hint;
    return error;
  }

  tl::unexpected<Error> too_slow() const {
    return fail(Error::Kind::Limit, "NET0012",
                fmt::format("the download takes longer than {} s",
                            std::chrono::duration<double>(options_.time_limit).count()),
                Where{url_.text(), 0, 0, {}});
  }

  tl::unexpected<Error> too_large() const {
    return fail(Error::Kind::Limit, "NET0008",
                fmt::format("the file is larger than {} bytes", options_.max_bytes),
                Where{url_.text(), 0, 0, {}});
  }

  /// What the head means: what is to be done next, or that the body is to be read.
  Result<void> judge(const HttpHead& head) {
    constexpr unsigned kRedirects[] = {301, 302, 303, 307, 308};
    if (std::find(std::begin(kRedirects), std::end(kRedirects), head.status) != std::end(kRedirects)) {
      next_ = RD_TRY(redirect(head.field("Location")));
      return {};
    }
    if (head.status == kRangeNotSatisfiable && file_.bytes() != 0) {
      next_ = Step{Step::Kind::Restart, {}};
      return {};
    }
    if (head.status != kOk && head.status != kPartialContent)
      return unavailable("NET0007", fmt::format("the server answers {} {}", head.status, head.reason), url_,
                         "check the URL and the commit");
    const std::string_view coding = head.field("Content-Encoding");
    if (!coding.empty() && !equal_any_case(coding, "identity"))
      return unavailable("NET0005",
                         fmt::format("the server encodes the body, which was not asked for: {}", coding),
                         url_, "");
    const std::optional<std::uint64_t> length = whole_number(head.field("Content-Length"));
    if (length && *length > options_.max_bytes) return too_large();
    std::string_view tag = head.field("ETag");
    if (tag.starts_with("W/")) tag = {};
    if (head.status == kOk) {
      total_ = length;
      return file_.restart({file_.origin().url, std::string(tag), length});
    }
    const std::optional<ContentRange> range = read_range(head.field("Content-Range"));
    if (!continues(range, tag, length)) {
      next_ = Step{Step::Kind::Restart, {}};
      return {};
    }
    total_ = range->total ? range->total : file_.origin().total;
    resumed_ = file_.bytes();
    return {};
  }

  /// Whether a partial answer is the rest of what the file holds.
  bool continues(const std::optional<ContentRange>& range, std::string_view tag,
                 std::optional<std::uint64_t> length) const {
    if (!range || file_.bytes() == 0 || range->first != file_.bytes()) return false;
    if (length && *length != range->last - range->first + 1) return false;
    if (range->total && *range->total != range->last + 1) return false;
    const detail::PartialFile::Origin& origin = file_.origin();
    if (origin.total && range->total && *origin.total != *range->total) return false;
    return origin.tag.empty() || tag.empty() || tag == origin.tag;
  }

  Result<Step> redirect(std::string_view location) const {
    const auto refused = [&](std::string_view why) {
      return unavailable("NET0006", fmt::format("the server redirects {}: {}", why, location), url_, "");
    };
    Result<Url> target = resolve(url_, location);
    if (!target) return refused("to what is no URL");
    if (!target->secure && url_.secure) return refused("from https to plain http");
    if (!target->secure && !(options_.plain_local && target->is_local())) return refused("to plain http");
    return Step{Step::Kind::Redirect, *std::move(target)};
  }

  Result<void> take(std::string_view bytes) {
    RD_TRY(file_.append(bytes));
    if (file_.bytes() > options_.max_bytes) return too_large();
    if (options_.progress) options_.progress({"downloading", file_.bytes(), total_.value_or(0)});
    return {};
  }

  const Url& url_;
  detail::PartialFile& file_;
  const DownloadOptions& options_;
  std::optional<Clock::time_point> deadline_;
  std::optional<std::uint64_t> total_;
  std::uint64_t resumed_ = 0;
  std::optional<Step> next_;  ///< in place of reading the body
};

}  // namespace

Result<Download> download(const Url& url, const std::string& path, const DownloadOptions& options) {
  if (!url.secure && !(options.plain_local && url.is_local()))
    return fail(Error::Kind::Usage, "NET0001", "plain http is not spoken", Where{url.text(), 0, 0, {}},
                "write the URL as https://host/path");
  detail::PartialFile file = RD_TRY(detail::PartialFile::open(path, url.text()));
  Url at = url;
  bool restarted = false;
  std::optional<Clock::time_point> deadline;
  if (options.time_limit.count() > 0) deadline = Clock::now() + options.time_limit;
  for (int redirects = 0;;) {
    Fetch work(at, file, options, deadline);
    const Step step = RD_TRY(work.run());
    if (step.kind == Step::Kind::Done) {
      RD_TRY(file.finish());
      return Download{file.bytes(), work.resumed()};
    }
    if (step.kind == Step::Kind::Restart) {
      if (restarted) return unavailable("NET0005", "the server gives another part than was asked for", at);
      restarted = true;
      RD_TRY(file.restart({url.text(), {}, std::nullopt}));
      continue;
    }
    if (++redirects > options.max_redirects)
      return unavailable("NET0006",
                         fmt::format("the server redirects more than {} times: {}", options.max_redirects,
                                     step.target.text()),
                         at, "");
    at = step.target;
  }
}

}  // namespace redoubt::net
