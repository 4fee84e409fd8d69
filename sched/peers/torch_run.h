#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace anneal::sched::peers::torch {

/// PyTorch's schedulers as objects that step. Each of them reads and writes the parameter group
/// that all share, so that what two of them do together is no function of what each does alone:
/// most multiply whatever rate they find, some set it, and OneCycleLR, CyclicLR and SWALR leave
/// rates of their own in the group for those that are made after them. A Scheduler says what its
/// object does; what the object remembers is kept apart, in a Run, which can be copied.
/// Source: torch/optim/lr_scheduler.py and swa_utils.py of PyTorch 1.13.1.

/// optimizer.param_groups[0]
struct Group {
  double lr;
  std::optional<double> initial_lr = {};
  double max_lr = 0.0;
  double min_lr = 0.0;
  double swa_lr = 0.0;
  double momentum = 0.0;
  double max_momentum = 0.0;
  double base_momentum = 0.0;
};

/// The attributes of one scheduler that change.
struct Attributes {
  double last_epoch = -1.0;
  double step_count = 0.0;
  double base_lr = 0.0;
  double cycle_step = -1.0;   ///< T_cur of CosineAnnealingWarmRestarts
  double cycle_length = 0.0;  ///< its T_i
};

struct Run {
  Group group;
  std::vector<Attributes> of = {};  ///< by Scheduler::index
};

class Scheduler {
 public:
  Scheduler() = default;
  Scheduler(const Scheduler&) = delete;
  Scheduler& operator=(const Scheduler&) = delete;
  virtual ~Scheduler() = default;

  /// Gives itself and what it holds a place in `run`; once, before anything else.
  virtual void enter(std::size_t& count) { index_ = count++; }
  /// The constructor, which takes the step to update 0.
  virtual void construct(Run& run) const = 0;
  virtual void step(Run& run) const = 0;
  /// step(0), with which a SequentialLR begins its later schedulers.
  virtual void begin(Run& run) const = 0;
  virtual void initial_step(Run& run) const {
    own(run).step_count = 0.0;
    step(run);
  }

  Attributes& own(Run& run) const { return run.of[index_]; }

 private:
  std::size_t index_ = 0;
};
using Owned = std::shared_ptr<Scheduler>;

/// Everything but compositions: _LRScheduler.
struct Leaf : Scheduler {
  using Rate = std::function<double(const Attributes&, Group&)>;
  Rate get_lr;
  Rate closed_form = {};                     ///< if the class has one
  std::function<void(Group&)> prepare = {};  ///< what the constructor does to the group first
  std::optional<double> own_base_lr = {};    ///< CyclicLR's, taken up after the first step
  double restarts_first = 0.0;               ///< T_0 and T_mult of CosineAnnealingWarmRestarts
  double restarts_growth = 1.0;

  void construct(Run& run) const override;
  void step(Run& run) const override;
  void begin(Run& run) const override;
};

struct Chained : Scheduler {
  std::vector<Owned> schedulers;

  void enter(std::size_t& count) override;
  void construct(Run& run) const override;
  void step(Run& run) const override;
  void begin(Run& run) const override;
};

struct Sequential : Scheduler {
  std::vector<Owned> schedulers;
  std::vector<double> milestones;

  void enter(std::size_t& count) override;
  void construct(Run& run) const override;
  void step(Run& run) const override;
  void begin(Run& run) const override;
};

/// a / b as Python has it, where dividing by 0 is an error. Fails with the name of the class.
double divided(double a, double b, const char* by);

// ---- the classes ---------------------------------------------------------------------------

using Function = std::function<double(double)>;

Owned lambda_lr(Function lambda);
Owned multiplicative_lr(Function lambda);
Owned step_lr(double step_size, double gamma);
Owned multistep_lr(std::vector<double> milestones, double gamma);
Owned constant_lr(double factor, double total_iters);
Owned linear_lr(double start_factor, double end_factor, double total_iters);
Owned exponential_lr(double gamma);
Owned polynomial_lr(double total_iters, double power);
Owned cosine_annealing_lr(double t_max, double eta_min);
Owned warm_restarts(double t_0, double t_mult, double eta_min);

struct CyclicArguments {
  double base_lr, max_lr;
  double step_size_up, step_size_down;
  Function scale;
  bool scale_cycles;  ///< whether scale is of the number of the cycle, and not of the update
  bool cycle_momentum;
  double base_momentum, max_momentum;
};
Owned cyclic_lr(const CyclicArguments& a);

struct OneCycleArguments {
  double max_lr, total_steps, pct_start;
  bool cosine, cycle_momentum;
  double base_momentum, max_momentum, div_factor, final_div_factor;
  bool three_phase;
};
Owned one_cycle_lr(const OneCycleArguments& a);

Owned swalr(double swa_lr, double anneal_epochs, bool cosine);

}  // namespace anneal::sched::peers::torch
