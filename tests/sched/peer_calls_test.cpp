// Calls of other systems: which are taken, which are refused, and with what words.
#include <doctest/doctest.h>

#include <array>
#include <set>

#include "sched/parse.h"
#include "sched/peers/peers.h"

using namespace anneal::sched;

TEST_CASE("every schedule of every peer has an example that reads, and says what surprises") {
  for (const peers::Peer& peer : peers::all())
    for (const peers::Class& c : peer.classes) {
      const std::string call =
          std::string(peer.name) + "." + std::string(c.name) + "(" + std::string(c.example) + ")";
      CAPTURE(call);
      const auto translation = peers::translate(call, 1.0);
      REQUIRE(translation);
      CHECK(parse(translation->lr.text()).text() == translation->lr.text());
      CHECK(parse(call).text() == translation->lr.text());
      CHECK(parse("0.5 * " + call + " | constant@10").text().starts_with("0.5 * "));
      CHECK((c.note.empty() || c.note.ends_with('.')));
      translation->lr.stages(1000, 10);
    }
}

TEST_CASE("degenerate arguments that the systems take are taken") {
  // DeepSpeed warms up over two updates at least.
  CHECK(parse("deepspeed.WarmupLR(warmup_num_steps=0)").text() ==
        parse("deepspeed.WarmupLR(warmup_num_steps=2)").text());
  // Transformers asks whether the run is over before it divides by what the warmup has left.
  const Schedule over = parse("transformers.polynomial(4, 1, lr_end=0.01)");
  const std::array rates{0.0, 0.25, 0.5, 0.75, 0.01, 0.01};
  for (std::size_t step = 0; step < rates.size(); ++step)
    CHECK(over(Clock::at(static_cast<Step>(step), 6)) == rates[step]);
  // Julia's words for true and false.
  CHECK(parse("flux.CosAnneal(l0=0.1, l1=0.01, period=40, restart=false)").text() ==
        parse("flux.CosAnneal(l0=0.1, l1=0.01, period=40, restart=False)").text());
}

TEST_CASE("mistakes in a peer's call are named, with a caret under them") {
  const auto error_of = [](const char* text, double base = 1.0) -> std::string {
    try {
      parse(text, base);
    } catch (const std::invalid_argument& error) {
      return error.what();
    }
    return "none";
  };
  CHECK(error_of("torch.StepLR(step_sise=3)") ==
        "bad schedule: StepLR has no argument 'step_sise'; did you mean 'step_size'?\n"
        "  torch.StepLR(step_sise=3)\n"
        "               ^");
  CHECK(error_of("torch.StepLR()").starts_with("bad schedule: StepLR needs step_size"));
  CHECK(error_of("torch.StepLR(3.5)")
            .starts_with("bad schedule: step_size must be a whole number, at least 1\n"));
  CHECK(error_of("torch.StepLR(3, 0.1, -1, False, 5)")
            .starts_with("bad schedule: StepLR takes no more than 4 arguments"));
  CHECK(error_of("torch.StepLR(3, step_size=3)")
            .starts_with("bad schedule: 'step_size' is given twice"));
  CHECK(error_of("torch.StepLR(step_size=[3])")
            .starts_with("bad schedule: step_size must be a number"));
  CHECK(error_of("torch.Steplr(3)").find("did you mean 'StepLR'?") != std::string::npos);
  CHECK(error_of("torhc.StepLR(3)").find("did you mean torch.StepLR(...)?") != std::string::npos);
  CHECK(error_of("torch.StepLR(3").starts_with("bad schedule: expected ')'"));
  CHECK(error_of("torch.LambdaLR(lambda step: foo(step))")
            .starts_with("bad schedule: no function is called 'foo'\n"));
  CHECK(error_of("torch.CyclicLR(0.1, 0.2, mode='square')")
            .starts_with(
                "bad schedule: mode must be one of 'triangular', 'triangular2', 'exp_range'"));
  CHECK(error_of("torch.SequentialLR([torch.ReduceLROnPlateau(), torch.StepLR(3)], [5])")
            .starts_with("bad schedule: schedulers cannot hold ReduceLROnPlateau"));
  CHECK(error_of("optax.contrib.reduce_on_plateau(patience=0)").find("cut the rate at every") !=
        std::string::npos);
  CHECK(error_of("keras.CosineDecay(0.1, 100)", 0.0).find("that must be above 0") !=
        std::string::npos);
  CHECK(error_of("torch.LinearLR(total_iters=1/0)").starts_with("bad schedule: division by zero"));
  // What the systems refuse themselves, and what is not theirs.
  const auto refused = [&](const char* call, const char* why) {
    const std::string error = error_of(call);
    CAPTURE(call);
    CAPTURE(error);
    CHECK(error.find(why) != std::string::npos);
    CHECK(error.find("\n  " + std::string(call) + "\n") != std::string::npos);
    CHECK(error.ends_with("^"));
  };
  refused("deepspeed.WarmupLR(warmup_num_steps=-1)", "warmup_num_steps must be a whole number");
  refused("transformers.polynomial(5, 5)", "must not be as many as the warmup's");
  refused("deepspeed.WarmupLR(warmup_type='cosine')", "warmup_type must be one of 'log', 'linear'");
  refused("deepspeed.OneCycle(0.1, 0.2, cycle_first_step_size=0)", "cycle_first_step_size must be");
  refused("deepspeed.scheduler({'type': 'StepLR', 'params': {}})", "type must be one of");
  refused("deepspeed.scheduler({'kind': 'WarmupLR'})", "and no other");
  refused("megatron.OptimizerParamScheduler(0.0, 0.1, 0.2, 0, 9, 'linear')",
          "min_lr must not be above max_lr");
  refused("megatron.OptimizerParamScheduler(0.0, 0.1, 0.0, 9, 9, 'linear')",
          "lr_warmup_steps must be less than lr_decay_steps");
  refused("megatron.OptimizerParamScheduler(0.0, 0.1, 0.0, 0, 9, 'WSD')",
          "wsd_decay_steps must be given");
  refused("megatron.OptimizerParamScheduler(0.0, 0.1, 0.0, 0, 9, 'linear', 0.1, 0.2)",
          "weight decay");
  refused("composer.CosineAnnealingScheduler(t_max='10tok')", "'tok' is not translated");
  refused("composer.CosineAnnealingScheduler(t_max=10)", "t_max must be a time such as '0.1dur'");
  refused("composer.LinearScheduler(t_max='0ba')", "Composer divides by it");
  refused("composer.StepScheduler('1.5ep')", "step_size must be a whole number of epochs");
  refused("composer.CosineAnnealingWithWarmupScheduler('5ba', t_max='0.9dur')",
          "t_max must not end before the run does");
  refused("paddle.LinearWarmup(0.1, 0, 0.0, 0.1)", "warmup_steps must be a whole number");
  refused("paddle.LinearWarmup(0.1, 5, 0.1, 0.1)", "end_lr must be above start_lr");
  refused("paddle.LinearWarmup(paddle.ReduceOnPlateau(0.1), 5, 0.0, 0.1)", "without a loss");
  refused("paddle.StepDecay(0.1, 5, gamma=1.0)", "gamma must be below 1");
  refused("paddle.MultiStepDecay(0.1, [5, 5])", "milestones must be increasing");
  refused("paddle.OneCycleLR(0.1, 10, phase_pct=0.5, three_phase=True)", "must be below 0.5");
  refused("mmengine.LinearLR(start_factor=1.5)", "start_factor must be in [0, 1]");
  refused("mmengine.LinearLR(begin=5, end=5)", "end must be above begin");
  refused("mmengine.CosineAnnealingLR(10, 0.1, eta_min_ratio=0.1)", "cannot both be given");
  refused(
      "mmengine.param_scheduler([dict(type='LinearLR', end=5), "
      "dict(type='CosineAnnealingLR', T_max=9, eta_min=0.1)])",
      "no product");
  refused("ignite.LinearCyclicalScheduler('lr', 0.0, 0.1, 1)", "cycle_size must be a whole number");
  refused("ignite.LinearCyclicalScheduler('momentum', 0.0, 0.1, 9)", "param_name must be 'lr'");
  refused("ignite.LRScheduler(torch.LinearLR())", "cannot be LinearLR");
  refused("ignite.ConcatScheduler([ignite.PiecewiseLinear('lr', [(0, 1)])], [])",
          "schedulers must be two or more");
  refused("diffusers.get_scheduler('linear', num_warmup_steps=3)",
          "num_training_steps must be given for 'linear'");
  refused("diffusers.get_piecewise_constant_schedule('1:x,2')", "where a number >= 0 should be");
  refused("tfa.TriangularCyclicalLearningRate(0.1, 0.2, 0)", "step_size must be above 0");
  refused("mxnet.CosineScheduler(9, warmup_begin_lr=0.1)", "must not be above base_lr");
  refused("mxnet.FactorScheduler(5, factor=1.1)", "factor must be at most 1");
  refused("mxnet.MultiFactorScheduler([5, 5])", "step must be increasing");
  refused("flux.Sequence([0.1, 0.2], [5])", "step_sizes must be as many as the schedules");
  // Written as people have it in their files.
  CHECK(parse("torch.optim.lr_scheduler.StepLR(optimizer, step_size=30)").text() ==
        parse("torch.StepLR(30)").text());
  CHECK(parse("tf.keras.optimizers.schedules.CosineDecay(1.0, 100)").text() ==
        parse("keras.CosineDecay(1.0, 100)").text());
  CHECK(parse("transformers.get_linear_schedule_with_warmup(optimizer, 10, 100)").text() ==
        parse("transformers.linear(10, 100)").text());
  CHECK(parse("torch.LinearLR(start_factor=1/4, total_iters=2**3)").text() ==
        "over(8, linear:from=0.25,to=1)");
}
