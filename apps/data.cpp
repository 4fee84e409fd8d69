#include "apps/data.h"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <iostream>

#include "apps/fail.h"
#include "apps/view/download_progress.h"
#include "apps/view/terminal.h"
#include "apps/view/text.h"
#include "datasets/idx_folder.h"
#include "sched/suggest.h"

namespace anneal::apps {
namespace {

namespace fs = std::filesystem;

constexpr const char* data_variable = "ANNEAL_DATA_DIR";

std::string environment(const char* name) {
  const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): nothing writes it
  return value == nullptr ? "" : value;
}

/// Where downloads are kept, or an empty path for a user without a home.
fs::path cache_folder() {
  const fs::path xdg = environment("XDG_CACHE_HOME");
  // A relative one is to be ignored (XDG Base Directory Specification, "Basics").
  if (xdg.is_absolute()) return xdg / "anneal";
  const fs::path home = environment("HOME");
  return home.empty() ? fs::path() : home / ".cache" / "anneal";
}

/// A folder that the user named; `by` is how.
fs::path named_folder(const std::string& by, const std::string& folder) {
  if (folder.empty()) return {};
  if (const std::string why = datasets::unreadable(folder); !why.empty())
    fail(Fault::world, by + ": " + folder + ": " + why);
  return folder;
}

/// A shell expands ~ at the beginning of a word alone.
std::string with_home(const std::string& dataset) {
  const std::string prefix(datasets::own_prefix);
  return dataset.starts_with(prefix + "~/")
             ? prefix + environment("HOME") + dataset.substr(prefix.size() + 1)
             : dataset;
}

void check_dataset(const std::string& text) {
  const std::vector<std::string>& names = datasets::dataset_names();
  if (text.starts_with(datasets::own_prefix) && text.size() > datasets::own_prefix.size()) return;
  if (std::ranges::find(names, text) != names.end()) return;
  const std::string guess = sched::did_you_mean(text, names);
  throw CLI::ValidationError(
      "--dataset", "'" + text + "' is not known" +
                       (guess.empty() ? "; wanted one of " + CLI::detail::join(names, ", ") +
                                            ", or idx:FOLDER for IDX files of your own"
                                      : guess));
}

}  // namespace

void declare_dataset(CLI::App& app, std::string& dataset, std::string& directory) {
  app.add_option_function<std::string>(
         "--dataset",
         [&dataset](const std::string& text) {
           check_dataset(text);
           dataset = text;
         },
         "What to learn: " + CLI::detail::join(datasets::dataset_names(), ", ") +
             ", or idx:FOLDER: IDX files of your own (KMNIST, EMNIST, QMNIST, ...), "
             "idx:FOLDER/NAME if there are several sets")
      ->default_str(dataset)
      ->type_name("NAME")
      ->group("Data");
  app.add_option("--data", directory,
                 "Folder that holds the dataset, or any set of IDX files; no other is looked into")
      ->type_name("DIR")
      ->group("Data");
}

datasets::TrainAndTest load_data(const std::string& dataset, const std::string& directory) {
  const bool own = dataset.starts_with(datasets::own_prefix);
  if (!directory.empty() && (own || datasets::is_generated(dataset)))
    fail(Fault::argument, "--data " + directory + " is of no use to --dataset " + dataset +
                              (own ? ", which names its folder itself" : ", which is generated"));
  DownloadProgress progress(std::cerr, find_terminal(STDERR_FILENO).live);
  datasets::LibraryOptions options{.cache = cache_folder(), .progress = std::ref(progress)};
  if (!own && !datasets::is_generated(dataset)) {
    options.folder = named_folder("--data", directory);
    if (directory.empty())
      options.collection = named_folder(data_variable, environment(data_variable));
  }
  try {
    datasets::TrainAndTest data = datasets::load(with_home(dataset), options);
    for (datasets::Dataset* part : {&data.train, &data.test}) {  // a folder may be called anything
      part->name = printable(part->name, true);
      part->origin = printable(part->origin, true);
    }
    return data;
  } catch (const datasets::NotFound& error) {
    fail(
        Fault::world,
        std::string(error.what()) +
            "\nPut the four files (train-images-idx3-ubyte.gz and so on) into a folder and name it "
            "with --data, or " +
            (dataset == "fashion-mnist"
                 ? "on Debian and Ubuntu: apt-get install dataset-fashion-mnist."
                 : "choose --dataset fashion-mnist or --dataset digits."));
  }
}

std::string found_dataset(const std::string& dataset, const datasets::TrainAndTest& data) {
  const std::vector<std::string>& names = datasets::dataset_names();
  const bool has_name = std::ranges::find(names, data.train.name) != names.end();
  return dataset == "auto" && has_name ? data.train.name : dataset;
}

std::string dataset_from_anywhere(const std::string& dataset) {
  const bool is_folder = dataset.starts_with("idx:") && !dataset.starts_with("idx:~");
  return is_folder ? "idx:" + directory_from_anywhere(dataset.substr(4)) : dataset;
}

std::string directory_from_anywhere(const std::string& directory) {
  namespace fs = std::filesystem;
  return directory.empty() ? directory : fs::absolute(directory).lexically_normal().string();
}

}  // namespace anneal::apps
