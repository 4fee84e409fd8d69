#include "datasets/idx_set.h"

#include <doctest/doctest.h>

#include <limits>

#include "datasets/own_set.h"
#include "gzipped.h"
#include "idx_bytes.h"
#include "temporary.h"

using namespace anneal;
using namespace anneal::datasets;

namespace {

using idx_bytes::bytes, idx_bytes::floats, idx_bytes::header, idx_bytes::ints;

/// A set of one's own in a folder: six images of 2 x 2 of three classes, until a test says
/// otherwise.
struct OwnSet {
  Temporary folder;
  OwnSet() {
    images(bytes({6, 2, 2}, "aaaabbbbccccddddeeeeffff"));
    labels({0, 1, 2, 0, 1, 2});
  }
  void images(const std::string& file) const { folder.write("train-images-idx3-ubyte", file); }
  void labels_as(const std::string& file) const { folder.write("train-labels-idx1-ubyte", file); }
  void labels(const std::vector<std::uint8_t>& values) const { labels_as(label_file(values)); }
  void test(const std::string& images, const std::string& labels) const {
    folder.write("test-images-idx3-ubyte", images);
    folder.write("test-labels-idx1-ubyte", labels);
  }
  static std::string label_file(const std::vector<std::uint8_t>& values) {
    return bytes({static_cast<std::uint32_t>(values.size())},
                 std::string(values.begin(), values.end()));
  }
  TrainAndTest read() const { return read_own_set(folder.path(), largest_idx); }
  std::string file(const char* name) const { return (folder.path() / name).string(); }
  std::string image_file() const { return file("train-images-idx3-ubyte"); }
  std::string labels_file() const { return file("train-labels-idx1-ubyte"); }

  /// The message of reading it.
  std::string error() const {
    try {
      read();
    } catch (const std::runtime_error& error) {
      return error.what();
    }
    return "none";
  }
};

std::vector<std::uint16_t> all_labels(const TrainAndTest& both) {
  std::vector<std::uint16_t> all = both.train.labels;
  all.insert(all.end(), both.test.labels.begin(), both.test.labels.end());
  return all;
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a set with a test part is read as it is, and named after its folder") {
  const OwnSet set;
  set.test(bytes({1, 2, 2}, "gggg"), OwnSet::label_file({2}));
  const TrainAndTest both = set.read();
  CHECK(both.train.name == set.folder.path().filename().string());
  CHECK(both.test.name == both.train.name);
  CHECK(both.train.origin == both.train.name + " from IDX files in " + set.folder.path().string() +
                                 ": (2, 2) bytes, 3 classes");
  CHECK(both.train.size() == 6);
  CHECK(both.train.classes == 3);
  CHECK(both.train.sample_shape == nn::Shape{2, 2});
  CHECK(both.train.bytes[4] == 'b');
  CHECK(both.train.labels == std::vector<std::uint16_t>{0, 1, 2, 0, 1, 2});
  CHECK(both.test.labels == std::vector<std::uint16_t>{2});
  CHECK(both.test.bytes == std::vector<std::uint8_t>(4, 'g'));
  REQUIRE(both.train.files.size() == 2);
  CHECK(both.train.files[0].name == "train-images-idx3-ubyte");
  CHECK(both.train.files[0].sha256 == read_idx(set.image_file()).sha256);
}

TEST_CASE("without a test part, the same seventh of the examples is held out every time") {
  const OwnSet set;
  const TrainAndTest both = set.read();
  CHECK(both.train.size() == 5);
  CHECK(both.test.size() == 1);
  CHECK(both.test.files.empty());
  CHECK(contains(both.train.origin,
                 "; 1 of 6 examples are held out as the test part, for it has none"));
  CHECK(set.read().test.bytes == both.test.bytes);
  // Together they are all the examples, each with its own label.
  std::string seen;
  for (const Dataset* d : {&both.train, &both.test}) {
    d->check();
    for (std::size_t i = 0; i < d->labels.size(); ++i) {
      CHECK(d->labels[i] == (d->bytes[4 * i] - 'a') % 3);
      seen += static_cast<char>(d->bytes[4 * i]);
    }
  }
  std::ranges::sort(seen);
  CHECK(seen == "abcdef");
  set.images(bytes({70, 1, 1}, std::string(70, 'x')));
  std::vector<std::uint8_t> labels(70, 1);
  labels[3] = 0;
  set.labels(labels);
  CHECK(set.read().test.size() == 10);
}

TEST_CASE("labels that do not begin at 0, as EMNIST's letters, become classes, and that is said") {
  const OwnSet set;
  const auto classes_of = [&](const std::vector<std::uint8_t>& labels) {
    set.labels(labels);
    return all_labels(set.read()).size() == 6 ? set.read().train.classes : 0;
  };
  const auto says = [&](const std::string& remark) {
    return contains(set.read().train.origin,
                    ", 3 classes; " + remark + " are classes 0 to 2; 1 of");
  };
  CHECK(classes_of({1, 2, 3, 1, 2, 3}) == 3);
  CHECK(says("labels 1 to 3"));
  CHECK(classes_of({7, 30, 2, 7, 30, 2}) == 3);
  CHECK(says("labels 2, 7, 30"));
  set.labels_as(header(0x09, {6}) + std::string("\xff\0\1\xff\0\1", 6));  // -1, 0, 1
  CHECK(says("labels -1 to 1"));
  // Those of the test part are the same classes.
  set.labels({1, 2, 3, 1, 2, 3});
  set.test(bytes({2, 2, 2}, "gggghhhh"), OwnSet::label_file({3, 1}));
  CHECK(set.read().train.labels == std::vector<std::uint16_t>{0, 1, 2, 0, 1, 2});
  CHECK(set.read().test.labels == std::vector<std::uint16_t>{2, 0});
}

TEST_CASE("labels of other types are read: 16 and 32 bits, one column, QMNIST's eight") {
  const OwnSet set;
  const std::vector<std::uint16_t> expected{0, 1, 2, 0, 1, 2};
  set.test(bytes({1, 2, 2}, "gggg"), OwnSet::label_file({2}));
  set.labels_as(ints({6}, {0, 1, 2, 0, 1, 2}));
  CHECK(set.read().train.labels == expected);
  set.labels_as(header(0x0B, {6}) + std::string("\0\0\0\1\0\2\0\0\0\1\0\2", 12));
  CHECK(set.read().train.labels == expected);
  set.labels_as(ints({6, 1}, {0, 1, 2, 0, 1, 2}));
  CHECK(set.read().train.labels == expected);
  std::vector<std::int32_t> qmnist;  // class, and seven other facts
  for (const std::int32_t label : {0, 1, 2, 0, 1, 2})
    for (const std::int32_t fact : {label, 4, 2100, 3, 999, 70, 0, 0}) qmnist.push_back(fact);
  set.labels_as(ints({6, 8}, qmnist));
  CHECK(set.read().train.labels == expected);
}

TEST_CASE("there may be more classes than a byte can tell apart") {
  const OwnSet set;
  std::vector<std::int32_t> labels(3000);
  for (std::size_t i = 0; i < labels.size(); ++i) labels[i] = static_cast<std::int32_t>(i / 2);
  set.images(bytes({3000, 1, 1}, std::string(3000, 'x')));
  set.labels_as(ints({3000}, labels));
  const TrainAndTest both = set.read();
  CHECK(both.train.classes == 1500);
  CHECK(std::ranges::max(both.train.labels) == 1499);

  const auto with_classes = [&](std::uint32_t n) {
    std::vector<std::int32_t> different(n);
    for (std::uint32_t i = 0; i < n; ++i) different[i] = static_cast<std::int32_t>(i) - 7;
    set.images(bytes({n, 1}, std::string(n, 'x')));
    set.labels_as(ints({n}, different));
    return set.error();
  };
  CHECK(with_classes(65'535) == "none");
  CHECK(with_classes(65'536) == "none");
  CHECK(with_classes(65'537) ==
        set.labels_file() + ": more than 65536 different labels; wanted classes");
}

TEST_CASE("examples may have any extents, and be numbers of any type") {
  const OwnSet set;
  const auto shape_of = [&](const std::vector<std::uint32_t>& extents) {
    std::size_t size = 1;
    for (const std::uint32_t e : extents) size *= e;
    set.images(bytes(extents, std::string(size, 'x')));
    return set.read().train.sample_shape;
  };
  CHECK(shape_of({6, 5}) == nn::Shape{5});
  CHECK(shape_of({6, 1, 1}) == nn::Shape{1, 1});
  CHECK(shape_of({6, 3, 4, 2}) == nn::Shape{3, 4, 2});
  CHECK(shape_of({6, 2, 2, 2, 2}) == nn::Shape{2, 2, 2, 2});
  CHECK(shape_of({6, 2, 2, 2, 2, 2}) == nn::Shape{32});

  set.test(floats({1, 2}, {7, 8}), OwnSet::label_file({2}));
  set.images(floats({6, 2}, {0.5F, -1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 1e30F}));
  CHECK(set.read().train.bytes.empty());
  CHECK(set.read().train.numbers[1] == -1);
  CHECK(set.read().train.numbers[11] == 1e30F);
  CHECK(set.read().test.numbers == std::vector<float>{7, 8});
  set.images(header(0x0B, {6, 1}) + std::string("\xff\xff\0\1\0\2\0\3\0\4\0\5", 12));
  set.test(header(0x0B, {1, 1}) + std::string("\1\0", 2), OwnSet::label_file({2}));
  CHECK(set.read().train.numbers[0] == -1);
  CHECK(set.read().test.numbers[0] == 256);
}

TEST_CASE("images that make no set are refused, with file, place and what was wanted") {
  const OwnSet set;
  const auto with_images = [&](const std::string& file) {
    set.images(file);
    const std::string error = set.error();
    return error.starts_with(set.image_file() + ": ") ? error.substr(set.image_file().size() + 2)
                                                      : error;
  };
  CHECK(with_images(bytes({6}, "abcdef")) ==
        "6 elements, one dimension; wanted images or vectors, whose first dimension counts the "
        "examples");
  CHECK(with_images(bytes({0, 28, 28}, "")) == "holds no examples");
  CHECK(with_images(bytes({6, 0, 28}, "")) == "6 x 0 x 28 elements: the examples hold nothing");
  CHECK(with_images(bytes({7, 2, 2}, std::string(28, 'x'))) ==
        set.labels_file() + ": 6 labels, but " + set.image_file() + " has 7 images");
  const float nan = std::numeric_limits<float>::quiet_NaN();
  CHECK(with_images(floats({6, 1}, {1, 2, 3, nan, 5, 6})) ==
        "the number at byte 24 is nan; wanted finite ones");
  CHECK(with_images(floats({6, 1}, {1, 2, 3, 4, 5, -HUGE_VALF})) ==
        "the number at byte 32 is -inf; wanted finite ones");
  CHECK(with_images(header(0x08, {65'536, 65'536, 65'536, 65'536})) ==
        "the header promises 65536 x 65536 x 65536 x 65536 elements, which is absurd");
  CHECK(with_images("<html>") ==
        "this is an HTML or XML page, such as a server's error page; wanted an IDX file");
}

TEST_CASE("labels that make no set are refused, with file, place and what was wanted") {
  const OwnSet set;
  const auto with_labels = [&](const std::string& file) {
    set.labels_as(file);
    const std::string error = set.error();
    REQUIRE(error.starts_with(set.labels_file() + ": "));
    return error.substr(set.labels_file().size() + 2);
  };
  const std::string wanted =
      "; wanted labels: one dimension, one whole number for each example (or QMNIST's eight "
      "columns of 32 bits)";
  CHECK(with_labels(bytes({6, 10}, std::string(60, '\1'))) == "6 x 10 elements" + wanted);
  CHECK(with_labels(bytes({6, 8}, std::string(48, '\1'))) == "6 x 8 elements" + wanted);
  CHECK(with_labels(bytes({6, 1, 1}, std::string(6, '\1'))) == "6 x 1 x 1 elements" + wanted);
  CHECK(with_labels(floats({6}, {0, 1, 2, 0, 1, 2})) ==
        "its elements are fractions (type 0d or 0e); wanted whole numbers");
  CHECK(with_labels(OwnSet::label_file({4, 4, 4, 4, 4, 4})) ==
        "all labels are 4; wanted two classes or more to tell apart");
  CHECK(with_labels(OwnSet::label_file({})) == "holds no examples");
  CHECK(with_labels(OwnSet::label_file({0, 1, 2, 0, 1})) ==
        "5 labels, but " + set.image_file() + " has 6 images");
}

TEST_CASE("a single example is one class: nothing to learn") {
  const OwnSet set;
  set.images(bytes({1, 2, 2}, "aaaa"));
  set.labels({5});
  CHECK(set.error() ==
        set.labels_file() + ": all labels are 5; wanted two classes or more to tell apart");
}

TEST_CASE("a test part that is of another kind is refused, with file and place") {
  const OwnSet set;
  const std::string labels = OwnSet::label_file({0, 3});
  const auto with_test = [&](const std::string& images, const std::string& file) {
    set.test(images, file);
    return set.error();
  };
  CHECK(with_test(bytes({2, 2, 2}, "aaaabbbb"), labels) ==
        set.file("test-labels-idx1-ubyte") +
            ": label 3 of example 1 (byte 9) is not among those of the training part: 0 to 2");
  const std::string good = OwnSet::label_file({0, 2});
  CHECK(with_test(bytes({2, 2, 3}, "aaaaaabbbbbb"), good) ==
        set.file("test-images-idx3-ubyte") +
            ": examples of (2, 3), but those to train on are (2, 2)");
  CHECK(with_test(floats({2, 2, 2}, {1, 2, 3, 4, 5, 6, 7, 8}), good) ==
        set.file("test-images-idx3-ubyte") +
            ": its elements are not of the type of those to train on");
  CHECK(with_test(bytes({0, 2, 2}, ""), OwnSet::label_file({})) ==
        set.file("test-images-idx3-ubyte") + ": holds no examples");
  std::filesystem::remove(set.file("test-labels-idx1-ubyte"));
  CHECK(set.error() == set.file("test-images-idx3-ubyte") + ": there are no test labels beside it");
}

TEST_CASE("several sets in a folder are told apart by name") {
  const Temporary folder;
  const auto write = [&](const std::string& set, const std::string& labels) {
    folder.write(set + "train-images-idx3-ubyte.gz", gzipped(bytes({6, 1, 1}, "abcdef")));
    folder.write(set + "train-labels-idx1-ubyte.gz", gzipped(bytes({6}, labels)));
  };
  write("emnist-letters-", "\1\2\3\4\5\6");
  const std::string path = folder.path().string();
  CHECK(read_own_set(path, largest_idx).train.name == "emnist-letters");
  write("emnist-digits-", std::string("\0\1\0\1\0\1", 6));
  CHECK_THROWS_WITH(read_own_set(path, largest_idx),
                    (path + ": 2 sets in it; name one:\n  idx:" + path +
                     "/emnist-digits\n  idx:" + path + "/emnist-letters")
                        .c_str());
  CHECK(read_own_set(folder.path() / "emnist-letters", largest_idx).train.classes == 6);
  CHECK(read_own_set(folder.path() / "emnist-digits", largest_idx).train.classes == 2);
  CHECK_THROWS_WITH(read_own_set(folder.path() / "emnist-mnist", largest_idx),
                    (path + "/emnist-mnist: there is no such folder, and in " + path +
                     " no set of this name; there are:\n  idx:" + path +
                     "/emnist-digits\n  idx:" + path + "/emnist-letters")
                        .c_str());
}

TEST_CASE("a place that holds no set says what was looked for") {
  const Temporary folder;
  const std::string path = folder.path().string();
  const std::string wanted =
      "train-images-idx3-ubyte and train-labels-idx1-ubyte, or names such as "
      "emnist-letters-train-images-idx3-ubyte, plain or .gz";
  CHECK_THROWS_WITH(read_own_set(path, largest_idx),
                    (path + ": no IDX files in it; looked for " + wanted).c_str());
  CHECK_THROWS_WITH(read_own_set(path + "/none/deep", largest_idx),
                    (path + "/none/deep: there is no such folder").c_str());
  folder.write("k49-train-imgs.npz", "PK\3\4");
  CHECK_THROWS_WITH(read_own_set(path + "/k49-train-imgs.npz", largest_idx),
                    (path +
                     "/k49-train-imgs.npz: this is a file; wanted the folder of the set's "
                     "files, which are " +
                     wanted)
                        .c_str());
  folder.write("train-images-idx3-ubyte", bytes({6, 1}, "abcdef"));
  CHECK_THROWS_WITH(
      read_own_set(path, largest_idx),
      (path + "/train-images-idx3-ubyte: there are no training labels beside it").c_str());
  std::filesystem::remove(path + "/train-images-idx3-ubyte");
  folder.write("t10k-labels-idx1-ubyte", bytes({6}, "abcdef"));
  CHECK_THROWS_WITH(
      read_own_set(path, largest_idx),
      (path + "/t10k-labels-idx1-ubyte: there are no training images beside it").c_str());
}
