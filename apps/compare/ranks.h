#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>

namespace anneal::apps {

/// The processes that share the work of a comparison: those that mpirun started, if this program
/// was built with MPI and was started by it, else this one alone. They see one folder of trials.
/// Work is a row of items; each is taken by one process, from a counter that they share
/// (MPI_Fetch_and_op), so that a fast process takes more. Two more counters say how far all of them
/// are. May be used from several threads, but for begin() and wait(), which all processes call in
/// the same order.
class Ranks {
 public:
  Ranks();
  /// Leaves MPI, unless an exception is on its way: then mpirun ends the others.
  ~Ranks();
  Ranks(const Ranks&) = delete;
  Ranks& operator=(const Ranks&) = delete;

  int rank() const { return rank_; }  ///< 0 is the one that reports
  int size() const { return size_; }

  /// Starts a row of work.
  void begin();
  /// The index of the next item, 0, 1, 2, ...
  std::size_t take();

  /// Of this row, by all processes.
  struct Progress {
    std::int64_t done = 0;
    std::int64_t computed = 0;  ///< of those done: the others needed no work
  };
  /// Counts an item that this process took as done; how many are, now.
  Progress done(bool computed);

  /// Waits for all processes; whether all of them say `fine`.
  bool wait(bool fine);
  /// Lets MPI answer other processes' take() while this one computes: call it now and then.
  void attend();

 private:
  struct State;
  std::unique_ptr<State> state_;
  int rank_ = 0;
  int size_ = 1;
};

}  // namespace anneal::apps
