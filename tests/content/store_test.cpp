#include "content/store.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "content/add.h"
#include "content/detail/gather.h"
#include "content/detail/open_pack.h"
#include "content/detail/pack_folder.h"
#include "content/index.h"
#include "content/sync.h"
#include "content/verify.h"

namespace redoubt::content {
namespace {

namespace fs = std::filesystem;

class Folder {
 public:
  Folder() {
    std::string pattern = (fs::temp_directory_path() / "redoubt-content-XXXXXX").string();
    path_ = mkdtemp(pattern.data());
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() { fs::remove_all(path_); }

  std::string operator/(std::string_view name) const { return (path_ / name).string(); }
  std::string write(std::string_view name, std::string_view text) const {
    const std::string path = *this / name;
    std::ofstream(path, std::ios::binary) << text;
    return path;
  }

 private:
  fs::path path_;
};

std::string definition(std::string_view name, std::string_view version = "1.0.0") {
  return fmt::format(R"({{"name":"{}","properties":{{"version":"{}","policyRule":{{"if":{{"field":"name",)"
                     R"("equals":"x"}},"then":{{"effect":"deny"}}}}}}}})",
                     name, version);
}

std::string initiative(std::string_view name, std::string_view display_name, std::string_view member) {
  return fmt::format(R"({{"name":"{}","properties":{{"displayName":"{}","policyDefinitions":[)"
                     R"({{"policyDefinitionId":"/x/policyDefinitions/{}"}}]}}}})",
                     name, display_name, member);
}

void add_pack(const Folder& folder, const std::string& name, const std::string& rows, int second) {
  AddRequest request;
  request.path = folder.write(name + ".jsonl", rows);
  request.now = Instant{second * kTicksPerSecond};
  const Result<Reading<Manifest>> added = add(folder / "data", request);
  ASSERT_TRUE(added) << added.error().text();
  ASSERT_TRUE(added->diagnostics.empty()) << added->diagnostics.front().text();
}

TEST(Store, LoadsByEveryNameAndNothingElse) {
  const Folder folder;
  add_pack(folder, "p", definition("A") + "\n" + definition("b") + "\n" + initiative("S", "Größe", "a"), 1);
  Store store = Store::open(folder / "data");
  ASSERT_EQ(store.packs().size(), 1U);
  for (const std::string name : {"s", "/x/policySetDefinitions/S", "GRÖSSE", "größe", "GRÖßE"}) {
    policy::Library library;
    doc::Sources sources;
    ASSERT_TRUE(store.load_initiatives({name}, library, sources));
    EXPECT_EQ(library.initiatives().size(), name == "GRÖSSE" ? 0U : 1U) << name;
    EXPECT_TRUE(library.definitions().empty());
  }
  policy::Library library;
  doc::Sources sources;
  store.load_definitions({"a", "/x/policyDefinitions/A", "none"}, library, sources);
  ASSERT_EQ(library.definitions().size(), 1U);
  EXPECT_EQ(library.definitions().front().name, "A");
  store.load_definitions({"B", "a"}, library, sources);
  ASSERT_EQ(library.definitions().size(), 2U);
  EXPECT_EQ(sources.where(library.definitions().back().place).line, 2U);
  EXPECT_TRUE(library.diagnostics().empty());
  EXPECT_TRUE(store.take_diagnostics().empty());
}

TEST(Store, AnEmptyDataDirectoryHasNothing) {
  const Folder folder;
  Store store = Store::open(folder / "none");
  EXPECT_TRUE(store.packs().empty());
  EXPECT_TRUE(store.alz_folders().empty());
  EXPECT_TRUE(store.take_diagnostics().empty());
}

TEST(Store, ThePackOfTheInitiativeGivesItsMembers) {
  const Folder folder;
  add_pack(folder, "p", definition("a", "1.0.0") + "\n" + initiative("s", "S", "a"), 1);
  add_pack(folder, "q", definition("a", "2.0.0"), 2);
  Store store = Store::open(folder / "data");
  policy::Library newest;
  doc::Sources sources;
  store.load_definitions({"a"}, newest, sources);
  EXPECT_EQ(newest.definitions().front().version, "2.0.0");
  EXPECT_EQ(store.take_diagnostics().at(0).code, "CON0106");
  policy::Library library;
  ASSERT_TRUE(store.load_initiatives({"s"}, library, sources));
  store.load_members(library.initiatives().front(), library, sources);
  EXPECT_EQ(library.definitions().front().version, "1.0.0");
}

TEST(Store, InitiativesThatDifferAreAmbiguousAndEqualOnesAreNot) {
  const Folder folder;
  add_pack(folder, "p", initiative("s", "S", "a"), 1);
  add_pack(folder, "q", initiative("s", "S", "a"), 2);
  policy::Library library;
  doc::Sources sources;
  Store same = Store::open(folder / "data");
  ASSERT_TRUE(same.load_initiatives({"s", "S"}, library, sources));
  EXPECT_EQ(library.initiatives().size(), 1U);
  add_pack(folder, "q", initiative("s", "S", "b"), 3);
  Store other = Store::open(folder / "data");
  policy::Library empty;
  EXPECT_EQ(other.load_initiatives({"s"}, empty, sources).error().code, "CON0105");
  // The library's own comes first.
  EXPECT_TRUE(other.load_initiatives({"s"}, library, sources));
}

TEST(Store, APackThatIsReplacedMeanwhileIsReadAsItWas) {
  const Folder folder;
  add_pack(folder, "p", definition("a", "1.0.0"), 1);
  Store store = Store::open(folder / "data");
  add_pack(folder, "p", definition("a", "2.0.0") + "\n" + definition("b"), 2);
  policy::Library library;
  doc::Sources sources;
  store.load_definitions({"a"}, library, sources);
  EXPECT_EQ(library.definitions().front().version, "1.0.0");
}

TEST(PackFolder, TwoRenamesReplaceWhereAnExchangeCannot) {
  const Folder folder;
  const std::string content = folder / "content";
  for (const std::string_view text : {"one", "two", "three"}) {
    const Result<detail::WriteLock> lock = detail::WriteLock::take(content);
    ASSERT_TRUE(lock);
    Result<detail::NewPack> pack = detail::NewPack::make(content, "p");
    ASSERT_TRUE(pack);
    ASSERT_TRUE(pack->write("deep/file", text));
    ASSERT_TRUE(pack->commit(false));
    std::string read;
    std::ifstream(content + "/p/deep/file") >> read;
    EXPECT_EQ(read, text);
  }
  EXPECT_EQ(std::distance(fs::directory_iterator(content), fs::directory_iterator()), 2) << "the lock and p";
}

TEST(PackFolder, NothingIsLeftWithoutCommit) {
  const Folder folder;
  const std::string content = folder / "content";
  const Result<detail::WriteLock> lock = detail::WriteLock::take(content);
  {
    Result<detail::NewPack> pack = detail::NewPack::make(content, "p");
    ASSERT_TRUE(pack->write("file", "x"));
  }
  EXPECT_TRUE(detail::pack_names(content).empty());
  EXPECT_EQ(std::distance(fs::directory_iterator(content), fs::directory_iterator()), 1);
}

TEST(Choose, BuiltInsOfACloneAloneAndNotThoseOfAnotherCloud) {
  const detail::Choice choice =
      detail::choose({"built-in-policies/policyDefinitions/A/x.json",
                      "built-in-policies/policyDefinitions/Azure Government/A/x.json",
                      "built-in-policies/policySetDefinitions/y.json", "samples/x.json"});
  EXPECT_EQ(choice.taken, (std::vector<std::string>{"built-in-policies/policyDefinitions/A/x.json",
                                                    "built-in-policies/policySetDefinitions/y.json"}));
  EXPECT_EQ(choice.passed_over, 2U);
  EXPECT_FALSE(choice.is_alz());
  EXPECT_EQ(detail::choose({"my-built-in-policies/policyDefinitions/x.json", "y.json"}).taken.size(), 2U);
}

TEST(Sync, UrlOfTheArchive) {
  const std::string commit(40, 'a');
  const std::string expected = "https://codeload.github.com/Azure/azure-policy/tar.gz/" + commit;
  for (const std::string_view url :
       {"https://github.com/Azure/azure-policy", "https://github.com/Azure/azure-policy/",
        "https://github.com/Azure/azure-policy.git", "HTTPS://GitHub.com/Azure/azure-policy"})
    EXPECT_EQ(archive_url(url, commit)->text(), expected) << url;
  EXPECT_EQ(archive_url("https://h/{commit}/x-{commit}.zip", commit)->text(),
            fmt::format("https://h/{0}/x-{0}.zip", commit));
  EXPECT_EQ(archive_url("https://github.com/Azure/azure-policy/tree/main", commit).error().code, "CON0006");
  EXPECT_EQ(archive_url("https://github.com/Azure/azure-policy", "main").error().code, "CON0007");
  EXPECT_EQ(archive_url("https://github.com/Azure/azure-policy", std::string(40, 'g')).error().code,
            "CON0007");
}

TEST(Add, SuggestedNames) {
  EXPECT_EQ(suggested_name("/x/Azure-Policy/"), "azure-policy");
  EXPECT_EQ(suggested_name("a/b/My Policies (2).tar.gz"), "my-policies-2");
  EXPECT_EQ(suggested_name("repo.git"), "repo");
  EXPECT_EQ(suggested_name("../x/.hidden.json"), "hidden");
  EXPECT_EQ(suggested_name("größe.json"), "gr-e");
  EXPECT_EQ(suggested_name("///"), "");
}

std::vector<IndexEntry> entries() {
  IndexEntry one{RowKind::Definition, 1, 0, 10, sha256("one"), "one", "Tabs\tand\nlines\\"};
  IndexEntry two{RowKind::Initiative, 7, 4'000'000'000'000, 4'000'000'000, sha256("two"), "zwei ß", ""};
  return {one, two};
}

TEST(Index, ReadsBackWhatItWrote) {
  for (const std::vector<IndexEntry>& rows : {entries(), std::vector<IndexEntry>()}) {
    const Result<std::vector<IndexEntry>> read = read_index(write_index(rows), "index");
    ASSERT_TRUE(read) << read.error().text();
    EXPECT_EQ(*read, rows);
  }
}

TEST(Index, WhatIsNoneIsRefusedWithItsLine) {
  const std::string text = write_index(entries());
  for (std::size_t size = 0; size < text.size(); ++size)
    EXPECT_FALSE(read_index(std::string_view(text).substr(0, size), "index")) << size;
  for (const auto& [from, to] :
       std::vector<std::pair<std::string, std::string>>{{"i\t7", "x\t7"},
                                                        {"i\t7", "i\t07"},
                                                        {"i\t7", "i\t-7"},
                                                        {"i\t7", "i\t0"},
                                                        {"i\t7", "i\t7\t7"},
                                                        {"4000000000\t", "4294967296\t"},
                                                        {"zwei", ""},
                                                        {"ß", "\\x"},
                                                        {"4000000000000", ""}}) {
    std::string changed = text;
    const std::size_t at = changed.rfind(from);
    ASSERT_NE(at, std::string::npos) << from;
    changed.replace(at, from.size(), to);
    if (from == "zwei") changed.replace(changed.find(" ß"), 3, "");
    const Result<std::vector<IndexEntry>> read = read_index(changed, "index");
    ASSERT_FALSE(read) << from << " " << to;
    EXPECT_EQ(read.error().code, "CON0103");
    EXPECT_EQ(read.error().where.line, 3U);
  }
}

TEST(Manifest, WhatIsNoneIsRefused) {
  for (
      const std::string_view text :
      {"", "[]", "{}", R"({"schema":"redoubt.content/2"})",
       R"({"schema":"redoubt.content/1","name":"A","added":"2026-01-31T12:00:00Z","files":[]})",
       R"({"schema":"redoubt.content/1","name":"a","added":"x","files":[]})",
       R"({"schema":"redoubt.content/1","name":"a","added":"2026-01-31T12:00:00Z"})",
       R"({"schema":"redoubt.content/1","name":"a","added":"2026-01-31T12:00:00Z","files":[{"path":"/x"}]})",
       R"({"schema":"redoubt.content/1","name":"a","added":"2026-01-31T12:00:00Z","files":[1]})",
       R"({"schema":"redoubt.content/1","name":"a","added":"2026-01-31T12:00:00Z","files":[],"alzLibraries":["../x"]})"}) {
    const Result<Manifest> read = read_manifest(text, "manifest.json");
    ASSERT_FALSE(read) << text;
    EXPECT_EQ(read.error().code, "CON0102") << text;
  }
}

}  // namespace
}  // namespace redoubt::content
