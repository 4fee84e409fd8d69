#include "sched/values_file.h"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "sched/limits.h"
#include "sched/parse.h"

using namespace anneal::sched;

namespace {

/// A folder that goes with the test.
class Folder {
 public:
  Folder()
      : path_(std::filesystem::temp_directory_path() /
              ("anneal_values_" + std::to_string(::getpid()))) {
    std::filesystem::create_directories(path_);
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  std::string file(const char* name = "t.csv") const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

using Values = std::vector<double>;

Values read(const std::string& text, int column = 0) {
  const Folder folder;
  std::ofstream(folder.file(), std::ios::binary) << text;
  return read_values(folder.file(), column);
}

/// The message, without what comes before the file's name and its colon or comma.
std::string mistake(const std::string& text, int column = 0) {
  try {
    read(text, column);
  } catch (const std::invalid_argument& error) {
    const std::string what = error.what();
    REQUIRE(what.starts_with("table: "));
    return what.substr(what.find("t.csv") + 7);
  }
  return "none";
}

}  // namespace

TEST_CASE("tables of every usual kind") {
  const Values expected{1.0, 0.5, 0.1};
  CHECK(read("1\n0.5\n0.1\n") == expected);
  CHECK(read("1\r\n0.5\r\n0.1") == expected);
  CHECK(read("1\r0.5\r0.1\r") == expected);
  CHECK(read("step,lr\r0,1\r1,0.5\r2,0.1\r") == expected);
  CHECK(read("at,lr\n0,1\n40,0.5\n100,0.1\n", 2) == expected);
  CHECK(read("lr\n1\n0.5\n0.1\n") == expected);
  CHECK(read("step,lr\n0,1\n1,0.5\n2,0.1\n") == expected);
  CHECK(read("step;lr\n0;1\n1;0,5\n2;0,1\n") == expected);
  CHECK(read("0;1,0\n1;0,5\n2;0,1\n") == expected);
  CHECK(read("0\t1\n1\t0.5\n2\t0.1\n") == expected);
  CHECK(read("1,0\t0\n0,5\t0\n0,1\t0\n", 1) == expected);
  CHECK(read("\xEF\xBB\xBF"
             "1\n0.5\n0.1\n") == expected);
  CHECK(read("\xEF\xBB\xBFstep,lr\n0,1\n1,0.5\n2,0.1\n") == expected);
  CHECK(read("step,\"cosine:floor=0.1, or \"\"so\"\"\"\n0,1\n1,0.5\n2,0.1\n") == expected);
  CHECK(read("\"1\"\n\"0,5\"\n\"0,1\"\n") == expected);
  CHECK(read("\n1\n\n+0.5\n 0.1 \n\n") == expected);
  CHECK(read("1,0\n0,1\n0,0\n", 2) == Values{0, 1, 0});
}

TEST_CASE("what may mean something else is refused, with its row and column") {
  CHECK(mistake("1,5\n0;0,1\n") == "row 2: a ';', where the first row has none");
  CHECK(mistake("1;5\n2;9\n0;0,1,3\n") == "row 3, column 2: wanted a number, got '0,1,3'");
  CHECK(mistake("1,0\n0,9\n0,8\n") ==
        "row 1: '1,0' may be two columns or one with a decimal comma; say which with column=2, "
        "column=1 or a heading, or write a point");
  CHECK(mistake("lr\n1,0\n0,5\n") == "row 2: 2 columns, where the first row has 1");
  CHECK(mistake("0.5x\n0.4\n") == "row 1, column 1: wanted a number, got '0.5x'");
  CHECK(mistake("O.5\n0.4\n") == "row 1, column 1: wanted a number, got 'O.5'");
  CHECK(mistake("1.0.0\n0.4\n") == "row 1, column 1: wanted a number, got '1.0.0'");
  CHECK(mistake("0,abc\n1,0.4\n") == "row 1, column 2: wanted a number, got 'abc'");
  CHECK(mistake("1\nlr\n") == "row 2, column 1: wanted a number, got 'lr'");
  CHECK(mistake("0;0.5\n1;0,25\n") ==
        "row 2, column 2: wanted a decimal '.', as above, got '0,25'");
  CHECK(mistake("step,lr\n0,1\n100,0\n") ==
        "row 3: the first column goes from 0 to 100, but each row is one update; if it does not "
        "count them, say which column holds the values: column=2");
  CHECK(mistake("0,1\n1,0.5,7\n") == "row 2: 3 columns, where the first row has 2");
  CHECK(mistake("0,1.5\n", 3) == "row 1: there are 2 columns; wanted number 3");
  CHECK(mistake("1\n-0.5\n") == "row 2, column 1: a factor is finite and >= 0, got '-0.5'");
  CHECK(mistake("1\nnan\n") == "row 2, column 1: a factor is finite and >= 0, got 'nan'");
  CHECK(mistake("nan\n1\n") == "row 1, column 1: a factor is finite and >= 0, got 'nan'");
  CHECK(mistake("1\n\"0.5\n") == "row 2: a \" is not closed");
  CHECK(mistake("lr\n") == "there is no number in it");
  CHECK(mistake("") == "there is no number in it");
  CHECK(mistake(std::string("1\0", 2)) == "is no text");
  CHECK(mistake("\xFF\xFE"
                "1") == "is UTF-16; wanted UTF-8");
}

TEST_CASE("a file is a regular one, and not too large") {
  const Folder folder;
  const auto refusal = [](const std::string& file) -> std::string {
    try {
      parse("table:'" + file + "'");
    } catch (const std::invalid_argument& error) {
      return std::string(error.what()).substr(("table: " + file + ": ").size());
    }
    return "none";
  };
  CHECK(refusal(folder.file("")) == "is a folder; wanted a CSV file");
  CHECK(refusal(folder.file("nowhere.csv")) == "there is no such file");
  CHECK(refusal("/dev/zero") == "is no regular file; wanted a CSV file");
  REQUIRE(::mkfifo(folder.file("pipe").c_str(), 0600) == 0);
  CHECK(refusal(folder.file("pipe")) == "is no regular file; wanted a CSV file");
  std::ofstream(folder.file("large.csv")) << "1\n";
  std::filesystem::resize_file(folder.file("large.csv"), limits::file + 1);  // sparse
  CHECK(refusal(folder.file("large.csv")) == "is larger than 67108864 bytes");
}

TEST_CASE("a schedule from a file is what the file held, in its text too") {
  const Folder folder;
  std::ofstream(folder.file()) << "lr;x\n1;7\n0,5;8\n0,25;9\n";
  const Schedule s = parse("0.5 * table:column=1,fit=true,'" + folder.file() + "'@50% | cosine");
  std::filesystem::remove(folder.file());
  CHECK(s.text() == "0.5 * table:fit=true,values=[1,0.5,0.25]@50% | cosine");
  CHECK(reads_file(s));
  const Schedule again = parse(s.text());
  CHECK_FALSE(reads_file(again));
  for (Step step = 0; step < 40; ++step)
    CHECK(s(Clock::at(step, 40)) == again(Clock::at(step, 40)));
  CHECK_FALSE(reads_file(parse("cosine + table:values=[1]")));
  {
    std::ofstream many(folder.file());
    for (int i = 0; i < 300'000; ++i) many << "0.1234567890123\n";
  }
  CHECK_THROWS_WITH_AS(parse("table:'" + folder.file() + "'"),
                       "table: what the file holds takes 4800014 bytes as text; at most 4194304",
                       std::invalid_argument);
}
