#include "apps/data_source.h"

namespace anneal::apps {

Fields source_of(const datasets::TrainAndTest& data) {
  Fields fields{{"name", data.train.name}, {"origin", data.train.origin}};
  for (const datasets::Dataset* part : {&data.train, &data.test})
    for (const datasets::SourceFile& file : part->files)
      fields.emplace_back("SHA-256 of " + file.name, file.sha256);
  return fields;
}

}  // namespace anneal::apps
