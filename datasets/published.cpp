#include "datasets/published.h"

#include <algorithm>

namespace anneal::datasets {

const std::vector<ImageSet>& published_sets() {
  constexpr std::uint64_t train_images = 60'000ULL * 28 * 28;
  constexpr std::uint64_t test_images = 10'000ULL * 28 * 28;
  static const std::vector<ImageSet> sets{
      {"mnist",
       "MNIST",
       "MNIST",
       {{{"train-images", "idx3-ubyte",
          "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db", train_images},
         {"train-labels", "idx1-ubyte",
          "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5", 60'000},
         {"t10k-images", "idx3-ubyte",
          "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7", test_images},
         {"t10k-labels", "idx1-ubyte",
          "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2", 10'000}}},
       {"https://ossci-datasets.s3.amazonaws.com/mnist/",
        "https://storage.googleapis.com/cvdf-datasets/mnist/"}},
      {"fashion-mnist",
       "Fashion-MNIST",
       "FashionMNIST",
       {{{"train-images", "idx3-ubyte",
          "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888", train_images},
         {"train-labels", "idx1-ubyte",
          "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9", 60'000},
         {"t10k-images", "idx3-ubyte",
          "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b", test_images},
         {"t10k-labels", "idx1-ubyte",
          "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34", 10'000}}},
       // Plain http: the hashes above are what is trusted.
       {"http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/"}}};
  return sets;
}

const ImageSet* published_set(std::string_view name) {
  const auto found = std::ranges::find(published_sets(), name, &ImageSet::name);
  return found == published_sets().end() ? nullptr : &*found;
}

std::string published_as(std::string_view sha256) {
  for (const ImageSet& set : published_sets())
    for (const ImageSet::File& file : set.files)
      if (file.sha256 == sha256) return set.title + "'s " + file.stem;
  return {};
}

}  // namespace anneal::datasets
