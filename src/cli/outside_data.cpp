#include "cli/outside_data.h"

#include <fmt/format.h>

#include <chrono>
#include <filesystem>

#include "net/download.h"

namespace redoubt::cli {

namespace {

constexpr std::uint64_t kMostBytes = 100'000'000;  // as externaldata itself has it
constexpr std::chrono::seconds kMostTime{60};

/// A copy is there whole or not at all.
Result<void> fetch(const std::string& address, const std::string& path, const ProgressCallback& progress) {
  const net::Url url = RD_TRY(net::parse_url(address));
  const std::string part = path + ".part";
  net::DownloadOptions options;
  options.max_bytes = kMostBytes;
  options.time_limit = kMostTime;
  options.public_only = true;
  options.progress = progress;
  RD_TRY(net::download(url, part, options));
  std::error_code error;
  std::filesystem::rename(part, path, error);
  if (error)
    return fail(Error::Kind::Io, "NET0009", fmt::format("the file can't be written: {}", error.message()),
                Where{path, 0, 0, {}});
  return {};
}

}  // namespace

std::vector<Option> outside_options() {
  return {
      {.flags = "--external",
       .value = "DIR",
       .text = "copies of what externaldata names: that of https://HOST/PATH is DIR/HOST/PATH"},
      {.flags = "--fetch-external",
       .text =
           "what is missing there is fetched: by https, of the public internet, 100 MB and a minute at most"},
      {.flags = "--geoip",
       .value = "FILE",
       .text = "what geo_info_from_ip_address() looks in: a database in MaxMind's form (.mmdb)"}};
}

Result<OutsideData> read_outside(const Arguments& arguments, Context& context) {
  OutsideData out;
  const bool fetches = arguments.given("--fetch-external");
  if (fetches && !arguments.given("--external"))
    return fail(Error::Kind::Usage, "QRY0010", "--fetch-external needs --external DIR", {},
                "name the folder in which copies are kept");
  if (arguments.given("--external")) {
    query::ExternalFileOptions options{.folder = arguments.text("--external"), .fetch = {}};
    options.max_bytes = kMostBytes;
    if (fetches)
      options.fetch = [progress = context.progress.callback()](const std::string& address,
                                                               const std::string& path) {
        return fetch(address, path, progress);
      };
    out.external = std::make_unique<query::ExternalFiles>(std::move(options));
  }
  if (arguments.given("--geoip")) out.locations = RD_TRY(geo::IpLocations::open(arguments.text("--geoip")));
  return out;
}

}  // namespace redoubt::cli
