// SPDX-License-Identifier: Apache-2.0

#include "examples/atomic_file.h"

#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "absl/cleanup/cleanup.h"
#include "absl/status/status.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/testing/status_matchers.h"
#include "transport/testing/scoped_temp_dir.h"

namespace examples {
namespace {

using passpersist_testing::IsOk;
using passpersist_testing::ScopedTempDir;
using passpersist_testing::StatusIs;
using testing::_;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;
using testing::UnorderedElementsAre;

class AtomicFileTest : public testing::Test {
 protected:
  std::string PathOf(const std::string& name) const {
    return directory_.path() + "/" + name;
  }

  void Write(const std::string& name, const std::string& bytes) const {
    std::ofstream(PathOf(name)) << bytes;
  }

  std::string Read(const std::string& name) const {
    const absl::StatusOr<std::string> bytes = ReadFile(PathOf(name));
    EXPECT_THAT(bytes, IsOk());
    return bytes.value_or("");
  }

  struct stat StatOf(const std::string& name) const {
    struct stat stat = {};
    EXPECT_EQ(lstat(PathOf(name).c_str(), &stat), 0);
    return stat;
  }

  std::vector<std::string> Names() const {
    std::vector<std::string> names;
    for (const auto& entry :
         std::filesystem::directory_iterator(directory_.path())) {
      names.push_back(entry.path().filename());
    }
    return names;
  }

 private:
  const ScopedTempDir directory_;
};

// The user "nobody" is a member of nogroup and perhaps of another group. It
// owns a directory `home`, whose group is kPeople, with a file that kPerson
// created. The names are relative, since the user "nobody" may have no access
// to the parents of the test's directory.
class AtomicFileOfOthersTest : public AtomicFileTest {
 protected:
  static constexpr uid_t kNobody = 65534;
  static constexpr gid_t kNogroup = 65534;
  static constexpr uid_t kPerson = 1000;
  static constexpr gid_t kPeople = 1234;

  void SetUp() override {
    if (geteuid() != 0) GTEST_SKIP() << "only root may change the owner";
    std::filesystem::create_directory("home");
    ASSERT_EQ(chown("home", kNobody, kPeople), 0);
    Write("home/file", "old");
    SetRights(kPerson, kPeople, 0664);
  }

  static void SetRights(uid_t owner, gid_t group, mode_t mode) {
    EXPECT_EQ(chown("home/file", owner, group), 0);
    EXPECT_EQ(chmod("home/file", mode), 0);
  }

  // Makes new files in the directory inherit its group.
  static void SetGroupOfNewFiles() { EXPECT_EQ(chmod("home", 02775), 0); }

  // Calls ReplaceFile() as the user "nobody".
  static absl::Status ReplaceAsNobody(gid_t group = kNogroup) {
    std::vector<gid_t> groups(getgroups(0, nullptr));
    EXPECT_GE(getgroups(groups.size(), groups.data()), 0);
    const absl::Cleanup restore = [&] {
      EXPECT_EQ(seteuid(0), 0);
      EXPECT_EQ(setegid(getgid()), 0);
      EXPECT_EQ(setgroups(groups.size(), groups.data()), 0);
    };
    EXPECT_EQ(setgroups(1, &group), 0);
    EXPECT_EQ(setegid(kNogroup), 0);
    EXPECT_EQ(seteuid(kNobody), 0);
    return ReplaceFile("home/file", "new");
  }

  void ExpectIsNewWithRights(uid_t owner, gid_t group, mode_t mode) const {
    EXPECT_EQ(Read("home/file"), "new");
    const struct stat file = StatOf("home/file");
    EXPECT_EQ(file.st_uid, owner);
    EXPECT_EQ(file.st_gid, group);
    EXPECT_EQ(file.st_mode & 07777, mode);
  }
};

TEST_F(AtomicFileTest, ReadsWhatItWrote) {
  for (const std::string& bytes :
       {std::string("text\n"), std::string(), std::string("\0\r\n\xff", 4),
        std::string(1 << 20, 'x'), std::string("short again")}) {
    ASSERT_THAT(ReplaceFile(PathOf("file"), bytes), IsOk());
    EXPECT_TRUE(Read("file") == bytes);
    EXPECT_THAT(Names(), ElementsAre("file"));
  }
}

TEST_F(AtomicFileTest, NamesTheFileThatItCannotRead) {
  EXPECT_THAT(ReadFile(PathOf("missing")),
              StatusIs(absl::StatusCode::kNotFound,
                       HasSubstr("cannot read " + PathOf("missing"))));
  EXPECT_THAT(ReadFile(PathOf("")),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr("cannot read " + PathOf(""))));
}

TEST_F(AtomicFileTest, NamesTheFileThatItCannotReplace) {
  EXPECT_THAT(ReplaceFile(PathOf("missing/file"), "x"),
              StatusIs(absl::StatusCode::kNotFound,
                       HasSubstr("cannot replace " + PathOf("missing/file"))));
  std::filesystem::create_directory(PathOf("directory"));
  EXPECT_THAT(ReplaceFile(PathOf("directory"), "x"),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr("cannot replace " + PathOf("directory"))));
  EXPECT_THAT(Names(), ElementsAre("directory"));
}

TEST_F(AtomicFileTest, TakesANameWithoutADirectory) {
  const std::filesystem::path before = std::filesystem::current_path();
  const absl::Cleanup restore = [&] { std::filesystem::current_path(before); };
  std::filesystem::current_path(PathOf(""));
  EXPECT_THAT(ReplaceFile("new", "1"), IsOk());
  EXPECT_THAT(ReplaceFile("new", "2"), IsOk());
  EXPECT_EQ(Read("new"), "2");
}

TEST_F(AtomicFileTest, CreatesFilesForTheirOwnerOnly) {
  ASSERT_THAT(ReplaceFile(PathOf("file"), "new"), IsOk());
  EXPECT_EQ(StatOf("file").st_mode & 07777, 0600u);
}

TEST_F(AtomicFileTest, KeepsTheMode) {
  Write("file", "old");
  for (const mode_t mode : {0600, 0644, 0666, 0400}) {
    ASSERT_EQ(chmod(PathOf("file").c_str(), mode), 0);
    ASSERT_THAT(ReplaceFile(PathOf("file"), "new"), IsOk());
    EXPECT_EQ(StatOf("file").st_mode & 07777, mode);
  }
}

TEST_F(AtomicFileTest, KeepsTheOwnerIfPermitted) {
  Write("file", "old");
  const bool permitted = chown(PathOf("file").c_str(), 65534, 65534) == 0;
  if (!permitted) GTEST_SKIP() << "only root may change the owner";
  ASSERT_THAT(ReplaceFile(PathOf("file"), "new"), IsOk());
  EXPECT_EQ(StatOf("file").st_uid, 65534u);
  EXPECT_EQ(StatOf("file").st_gid, 65534u);
}

TEST_F(AtomicFileTest, ReplacesTheTargetOfALink) {
  std::filesystem::create_directory(PathOf("directory"));
  Write("directory/file", "old");
  std::filesystem::create_symlink("directory/file", PathOf("link"));
  ASSERT_THAT(ReplaceFile(PathOf("link"), "new"), IsOk());
  EXPECT_TRUE(S_ISLNK(StatOf("link").st_mode));
  EXPECT_TRUE(S_ISREG(StatOf("directory/file").st_mode));
  EXPECT_EQ(Read("directory/file"), "new");
}

TEST_F(AtomicFileTest, CreatesTheTargetOfAChainOfLinks) {
  std::filesystem::create_directory(PathOf("directory"));
  std::filesystem::create_symlink("directory/link", PathOf("link"));
  std::filesystem::create_symlink(PathOf("file"), PathOf("directory/link"));
  ASSERT_THAT(ReplaceFile(PathOf("link"), "new"), IsOk());
  EXPECT_TRUE(S_ISLNK(StatOf("link").st_mode));
  EXPECT_TRUE(S_ISLNK(StatOf("directory/link").st_mode));
  EXPECT_TRUE(S_ISREG(StatOf("file").st_mode));
  EXPECT_EQ(Read("file"), "new");
}

TEST_F(AtomicFileTest, RejectsACycleOfLinks) {
  std::filesystem::create_symlink("link", PathOf("link"));
  EXPECT_THAT(ReplaceFile(PathOf("link"), "new"),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr("too many symbolic links")));
  EXPECT_THAT(Names(), ElementsAre("link"));
}

TEST_F(AtomicFileTest, AReaderOfTheOldFileReadsItToItsEnd) {
  Write("file", "old");
  std::ifstream reader(PathOf("file"));
  ASSERT_THAT(ReplaceFile(PathOf("file"), "new"), IsOk());
  std::string bytes;
  std::getline(reader, bytes);
  EXPECT_EQ(bytes, "old");
}

TEST_F(AtomicFileTest, RemovesTheLeftoverOfAKill) {
  Write("file", "old");
  Write(".file.new", "much longer than the new bytes");
  ASSERT_THAT(ReplaceFile(PathOf("file"), "new"), IsOk());
  EXPECT_EQ(Read("file"), "new");
  EXPECT_THAT(Names(), ElementsAre("file"));
}

TEST_F(AtomicFileTest, TheLeftoverOfAKillHasNoInfluence) {
  Write("other", "other");
  const std::string next = PathOf(".file.new");
  const struct {
    const char* description;
    std::function<int()> create;
  } kLeftovers[] = {
      {"no user may open it", [&] { return mknod(next.c_str(), S_IFREG, 0); }},
      {"it is read-only",
       [&] { return mknod(next.c_str(), S_IFREG | 0400, 0); }},
      {"other users may read it",
       [&] { return mknod(next.c_str(), S_IFREG | 0644, 0); }},
      {"it has a second name",
       [&] { return link(PathOf("other").c_str(), next.c_str()); }},
      {"it is a symbolic link", [&] { return symlink("other", next.c_str()); }},
      {"it is a pipe", [&] { return mknod(next.c_str(), S_IFIFO | 0600, 0); }},
  };
  for (const auto& leftover : kLeftovers) {
    SCOPED_TRACE(leftover.description);
    ASSERT_EQ(leftover.create(), 0);
    ASSERT_THAT(ReplaceFile(PathOf("file"), "new"), IsOk());
    EXPECT_TRUE(S_ISREG(StatOf("file").st_mode));
    EXPECT_EQ(StatOf("file").st_mode & 07777, 0600u);
    EXPECT_EQ(Read("file"), "new");
    EXPECT_EQ(Read("other"), "other");
    EXPECT_THAT(Names(), UnorderedElementsAre("file", "other"));
    std::filesystem::remove(PathOf("file"));
  }
}

TEST_F(AtomicFileTest, IsUnavailableWhileAnotherWriterReplacesTheFile) {
  Write("file", "old");
  const int other =
      open(PathOf(".file.new").c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0600);
  ASSERT_EQ(flock(other, LOCK_EX), 0);
  EXPECT_THAT(ReplaceFile(PathOf("file"), "new"),
              StatusIs(absl::StatusCode::kUnavailable, _));
  EXPECT_EQ(Read("file"), "old");
  EXPECT_THAT(Names(), UnorderedElementsAre("file", ".file.new"));
  close(other);
  EXPECT_THAT(ReplaceFile(PathOf("file"), "new"), IsOk());
}

TEST_F(AtomicFileTest, KeepsTheOldFileIfTheNewFileDoesNotFit) {
  Write("file", "old");
  // The limit acts like a full disk, but with EFBIG.
  rlimit before = {};
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
  signal(SIGXFSZ, SIG_IGN);
  const rlimit small = {4096, before.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &small), 0);
  const absl::Status status =
      ReplaceFile(PathOf("file"), std::string(4097, 'x'));
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &before), 0);
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kOutOfRange,
                               HasSubstr("cannot replace ")));
  EXPECT_EQ(Read("file"), "old");
  EXPECT_THAT(Names(), ElementsAre("file"));
}

TEST_F(AtomicFileTest, IsWholeAfterAKillAtAnyMoment) {
  const std::string path = PathOf("file");
  const std::string texts[] = {std::string(100'000, 'a'),
                               std::string(50'000, 'b')};
  Write("file", texts[0]);
  size_t leftovers = 0;
  for (int i = 0; i < 50; ++i) {
    const pid_t writer = fork();
    if (writer == 0) {
      prctl(PR_SET_PDEATHSIG, SIGKILL);
      while (ReplaceFile(path, texts[1]).ok() &&
             ReplaceFile(path, texts[0]).ok()) {
      }
      _exit(1);
    }
    ASSERT_GT(writer, 0);
    absl::SleepFor(i * absl::Microseconds(200));
    kill(writer, SIGKILL);
    int status = 0;
    ASSERT_EQ(waitpid(writer, &status, 0), writer);
    EXPECT_TRUE(WIFSIGNALED(status)) << "the writer failed";
    EXPECT_TRUE(std::count(std::begin(texts), std::end(texts), Read("file")))
        << "the file is torn after kill " << i;
    leftovers = std::max(leftovers, Names().size() - 1);
  }
  EXPECT_LE(leftovers, 1u);
  EXPECT_THAT(ReplaceFile(path, "end"), IsOk());
  EXPECT_THAT(Names(), SizeIs(1));
}

TEST_F(AtomicFileOfOthersTest, TheWriterBecomesTheOwnerAndTheGroupStays) {
  SetGroupOfNewFiles();
  ASSERT_THAT(ReplaceAsNobody(), IsOk());
  ExpectIsNewWithRights(kNobody, kPeople, 0664);
}

TEST_F(AtomicFileOfOthersTest, KeepsAGroupThatTheWriterIsAMemberOf) {
  ASSERT_THAT(ReplaceAsNobody(kPeople), IsOk());
  ExpectIsNewWithRights(kNobody, kPeople, 0664);
}

TEST_F(AtomicFileOfOthersTest, TakesNoRightsFromTheGroup) {
  for (const mode_t mode : {0664, 0640}) {
    SetRights(kPerson, kPeople, mode);
    EXPECT_THAT(ReplaceAsNobody(),
                StatusIs(absl::StatusCode::kPermissionDenied,
                         HasSubstr("cannot replace home/file: its group 1234 "
                                   "would lose rights")));
    EXPECT_EQ(Read("home/file"), "old");
    EXPECT_EQ(StatOf("home/file").st_uid, kPerson);
    EXPECT_FALSE(std::filesystem::exists("home/.file.new"));
  }
}

TEST_F(AtomicFileOfOthersTest, TakesNoRightsFromTheOwner) {
  SetGroupOfNewFiles();
  SetRights(kPerson, kPeople, 0644);
  EXPECT_THAT(ReplaceAsNobody(),
              StatusIs(absl::StatusCode::kPermissionDenied,
                       HasSubstr("its owner 1000 would lose rights")));
  EXPECT_EQ(Read("home/file"), "old");
  SetRights(kNobody, kPeople, 0644);
  ASSERT_THAT(ReplaceAsNobody(), IsOk());
  ExpectIsNewWithRights(kNobody, kPeople, 0644);
}

TEST_F(AtomicFileOfOthersTest, TakesAFileFromRootWhichLosesNoRights) {
  SetRights(0, 0, 0644);
  ASSERT_THAT(ReplaceAsNobody(), IsOk());
  ExpectIsNewWithRights(kNobody, kNogroup, 0644);
}

TEST_F(AtomicFileOfOthersTest, RemovesALeftoverThatItMayNotOpen) {
  SetGroupOfNewFiles();
  for (const auto& [owner, mode] :
       {std::pair(kNobody, 0400), {kNobody, 0}, {uid_t{0}, 0600}}) {
    Write("home/.file.new", "left behind");
    ASSERT_EQ(chown("home/.file.new", owner, kNogroup), 0);
    ASSERT_EQ(chmod("home/.file.new", mode), 0);
    ASSERT_THAT(ReplaceAsNobody(), IsOk());
    EXPECT_FALSE(std::filesystem::exists("home/.file.new"));
  }
}

TEST_F(AtomicFileOfOthersTest, ReportsThatItMayNotCreateAFileInTheDirectory) {
  ASSERT_EQ(chown("home", 0, 0), 0);
  SetRights(kNobody, kNogroup, 0666);
  EXPECT_THAT(ReplaceAsNobody(),
              StatusIs(absl::StatusCode::kPermissionDenied,
                       HasSubstr("cannot replace home/file: cannot create "
                                 "home/.file.new: Permission denied")));
}

}  // namespace
}  // namespace examples
