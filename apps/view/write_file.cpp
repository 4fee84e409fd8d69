#include "apps/view/write_file.h"

#include <fstream>

#include "apps/fail.h"

namespace anneal::apps {

void write_file(const std::filesystem::path& path, const std::string& text) {
  const std::filesystem::path unfinished = path.string() + ".unfinished";
  std::ofstream out(unfinished);
  out << text;
  out.close();
  if (!out) fail(Fault::world, path.string() + ": cannot be written");
  std::filesystem::rename(unfinished, path);
}

}  // namespace anneal::apps
