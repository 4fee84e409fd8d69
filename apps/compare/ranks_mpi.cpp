// The counter lives in rank 0 and is reached by one-sided operations, so that no process waits for
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
  std::atomic<std::size_t> next = 0;  // without MPI
  MPI_Win window = MPI_WIN_NULL;      // the counter of a row of work
  std::int64_t* counter = nullptr;    // rank 0's is the one that counts
  std::mutex guard;                   // one thread at a time is in MPI
};

Ranks::Ranks() : state_(std::make_unique<State>()) {
  if (!started_by_mpi()) return;
  state_->mpi = true;
  int provided = 0;
  MPI_Init_thread(nullptr, nullptr, MPI_THREAD_SERIALIZED, &provided);
  MPI_Comm_rank(MPI_COMM_WORLD, &rank_);
  MPI_Comm_size(MPI_COMM_WORLD, &size_);
  MPI_Win_allocate(sizeof(std::int64_t), sizeof(std::int64_t), MPI_INFO_NULL, MPI_COMM_WORLD,
                   &state_->counter, &state_->window);
  MPI_Win_lock_all(0, state_->window);
}

Ranks::~Ranks() {
  if (!state_->mpi || std::uncaught_exceptions() > 0) return;
  MPI_Win_unlock_all(state_->window);
  MPI_Win_free(&state_->window);
  MPI_Finalize();
}

void Ranks::begin() {
  if (!state_->mpi) {
    state_->next = 0;
    return;
  }
  MPI_Barrier(MPI_COMM_WORLD);  // nobody takes from the last row any more
  if (rank_ == 0) {
    const std::int64_t zero = 0;
    std::int64_t before = 0;
    MPI_Fetch_and_op(&zero, &before, MPI_INT64_T, 0, 0, MPI_REPLACE, state_->window);
    MPI_Win_flush(0, state_->window);
  }
  MPI_Barrier(MPI_COMM_WORLD);
}

std::size_t Ranks::take() {
  if (!state_->mpi) return state_->next++;
  const std::lock_guard lock(state_->guard);
  const std::int64_t one = 1;
  std::int64_t before = 0;
  MPI_Fetch_and_op(&one, &before, MPI_INT64_T, 0, 0, MPI_SUM, state_->window);
  MPI_Win_flush(0, state_->window);
  return static_cast<std::size_t>(before);
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
