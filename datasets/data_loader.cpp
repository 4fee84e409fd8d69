#include "datasets/data_loader.h"

#include <utility>

namespace anneal::datasets {

DataLoader::DataLoader(const Dataset& dataset, LoaderOptions options)
    : dataset_(&dataset),
      normalization_(options.normalization.value_or(unit_interval(dataset))),
      batches_(options.rows ? std::move(*options.rows) : all_rows(dataset), options.batch_size,
               options.seed, options.last) {}

const Batch& DataLoader::at(std::int64_t step) {
  gather(*dataset_, normalization_, batches_.at(step), batch_.inputs, batch_.labels);
  return batch_;
}

Batch whole(const Dataset& dataset, std::optional<Normalization> normalization) {
  Batch batch;
  gather(dataset, normalization.value_or(unit_interval(dataset)), all_rows(dataset), batch.inputs,
         batch.labels);
  return batch;
}

}  // namespace anneal::datasets
