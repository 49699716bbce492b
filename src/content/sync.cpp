#include "content/sync.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "content/detail/pack_folder.h"
#include "core/text.h"

namespace redoubt::content {

namespace {

constexpr std::string_view kGitHub = "https://github.com/";
constexpr std::string_view kCommitMark = "{commit}";

bool is_commit(std::string_view text) {
  return (text.size() == 40 || text.size() == 64) && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= '0' && c <= '9') || (lower(c) >= 'a' && lower(c) <= 'f');
         });
}

/// `OWNER/REPO` of a GitHub URL; empty for others.
std::string_view repository_of(std::string_view url) {
  if (!starts_with_any_case(url, kGitHub)) return {};
  url.remove_prefix(kGitHub.size());
  while (url.ends_with('/'))
    url.remove_suffix(1);
  if (url.ends_with(".git")) url.remove_suffix(4);
  const std::vector<std::string_view> parts = split(url, '/');
  return parts.size() == 2 && !parts[0].empty() && !parts[1].empty() ? url : std::string_view();
}

/// What the URL suggests as a name: the repository, else the last part without the commit.
std::string name_of(const std::string& url) {
  const std::string_view repository = repository_of(url);
  if (!repository.empty()) return suggested_name(repository);
  const std::string text = replace_all(url, kCommitMark, "");
  return suggested_name(text.substr(0, text.find('?')));
}

}  // namespace

Result<net::Url> archive_url(std::string_view url, std::string_view commit) {
  if (!is_commit(commit))
    return fail(Error::Kind::Usage, "CON0007", fmt::format("this is no whole commit id: {}", commit), {},
                "give all 40 digits: branches and tags move, and content is pinned");
  if (url.find(kCommitMark) != std::string_view::npos)
    return net::parse_url(replace_all(url, kCommitMark, commit));
  const std::string_view repository = repository_of(url);
  if (repository.empty())
    return fail(Error::Kind::Usage, "CON0006", fmt::format("this is no repository: {}", url), {},
                "give https://github.com/OWNER/REPO, or the URL of an archive with {commit} in it");
  return net::parse_url(fmt::format("https://codeload.github.com/{}/tar.gz/{}", repository, commit));
}

Result<Synced> sync(const std::string& data_dir, const SyncRequest& request) {
  const net::Url url = RD_TRY(archive_url(request.url, request.commit));
  AddRequest add_request;
  add_request.name = request.name.empty() ? name_of(request.url) : request.name;
  if (!is_pack_name(add_request.name))
    return fail(Error::Kind::Usage, "CON0001", fmt::format("a pack can't be called so: {}", add_request.name),
                {}, "give --name: lower-case letters, digits, '.', '_' and '-', at most 64");
  const std::string content = detail::content_folder(data_dir);
  // Makes the folder; the lock itself is not kept while bytes trickle in.
  RD_TRY(detail::WriteLock::take(content));
  add_request.path = fmt::format("{}/.{}.download", content, add_request.name);
  const net::Download download = RD_TRY(net::download(url, add_request.path, request.download));
  add_request.place = url.text();
  add_request.commit = request.commit;
  add_request.archive = true;
  add_request.now = request.now;
  add_request.progress = request.download.progress;
  Result<Reading<Manifest>> added = add(data_dir, add_request);
  std::error_code ignored;
  std::filesystem::remove(add_request.path, ignored);
  if (!added) {
    // The user knows the URL, not the file in between.
    if (added.error().where.file == add_request.path) added.error().where.file = url.text();
    return tl::unexpected(std::move(added).error());
  }
  return Synced{*std::move(added), download};
}

}  // namespace redoubt::content
