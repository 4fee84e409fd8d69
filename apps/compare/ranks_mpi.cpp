// The counters live in rank 0 and are reached by one-sided operations, so that no process waits for
// another to answer (MPI 3.1, chapter 11).
#include <mpi.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <exception>
#include <mutex>

#include "apps/compare/ranks.h"

namespace anneal::apps {
namespace {

enum Counter : std::uint8_t { next, finished, computed, counters };

/// MPI is entered only where a launcher asks for it: alone, it costs a third of a second. Open MPI,
/// MPICH and its relatives, and Slurm's srun leave these variables.
bool started_by_mpi() {
  constexpr std::array names{"OMPI_COMM_WORLD_SIZE", "PMI_RANK", "PMIX_RANK"};
  for (const char* name : names)
    if (std::getenv(name) != nullptr) return true;  // NOLINT(concurrency-mt-unsafe): at the start
  return false;
}

}  // namespace

struct Ranks::State {
  bool mpi = false;
  std::array<std::atomic<std::int64_t>, counters> alone = {};  // without MPI
  MPI_Win window = MPI_WIN_NULL;                               // the counters of a row of work
  std::int64_t* memory = nullptr;                              // rank 0's is what counts
  std::mutex guard;                                            // one thread at a time is in MPI

  /// Adds to a counter, or sets it; what it was before.
  std::int64_t change(Counter counter, std::int64_t by, MPI_Op how = MPI_SUM) {
    if (!mpi) return how == MPI_SUM ? alone[counter].fetch_add(by) : alone[counter].exchange(by);
    const std::lock_guard lock(guard);
    std::int64_t before = 0;
    MPI_Fetch_and_op(&by, &before, MPI_INT64_T, 0, counter, how, window);
    MPI_Win_flush(0, window);
    return before;
  }
};

Ranks::Ranks() : state_(std::make_unique<State>()) {
  if (!started_by_mpi()) return;
  state_->mpi = true;
  int provided = 0;
  MPI_Init_thread(nullptr, nullptr, MPI_THREAD_SERIALIZED, &provided);
  MPI_Comm_rank(MPI_COMM_WORLD, &rank_);
  MPI_Comm_size(MPI_COMM_WORLD, &size_);
  MPI_Win_allocate(counters * sizeof(std::int64_t), sizeof(std::int64_t), MPI_INFO_NULL,
                   MPI_COMM_WORLD, &state_->memory, &state_->window);
  MPI_Win_lock_all(0, state_->window);
}

Ranks::~Ranks() {
  if (!state_->mpi || std::uncaught_exceptions() > 0) return;
  MPI_Win_unlock_all(state_->window);
  MPI_Win_free(&state_->window);
  MPI_Finalize();
}

void Ranks::begin() {
  if (state_->mpi) MPI_Barrier(MPI_COMM_WORLD);  // nobody takes from the last row any more
  if (rank_ == 0)
    for (const Counter counter : {next, finished, computed})
      state_->change(counter, 0, MPI_REPLACE);
  if (state_->mpi) MPI_Barrier(MPI_COMM_WORLD);
}

std::size_t Ranks::take() {
  return static_cast<std::size_t>(state_->change(next, 1));
}

Ranks::Progress Ranks::done(bool was_computed) {
  const std::int64_t one = was_computed ? 1 : 0;
  return {.done = state_->change(finished, 1) + 1, .computed = state_->change(computed, one) + one};
}

bool Ranks::wait(bool fine) {
  if (!state_->mpi) return fine;
  const int mine = fine ? 1 : 0;
  int all = 0;
  MPI_Allreduce(&mine, &all, 1, MPI_INT, MPI_MIN, MPI_COMM_WORLD);
  return all == 1;
}

void Ranks::attend() {
  if (!state_->mpi || rank_ != 0) return;
  const std::unique_lock lock(state_->guard, std::try_to_lock);
  if (!lock) return;
  int waiting = 0;
  MPI_Iprobe(MPI_ANY_SOURCE, MPI_ANY_TAG, MPI_COMM_WORLD, &waiting, MPI_STATUS_IGNORE);
}

}  // namespace anneal::apps
