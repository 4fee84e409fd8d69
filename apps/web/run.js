// The charts of a run's page. The page holds the numbers, and every text, already.
(() => {
  "use strict";
  const { colour, number, whole, nearest, overUpdates, updates, positiveOrGap, follow } = chartTools;

  const run = JSON.parse(document.getElementById("run-data").textContent);
  const { steps, evaluations } = run;
  // One list of updates for all the charts; a curve has `undefined` where only others have points,
  // and null where it has a value that cannot be drawn.
  const [x, lr, loss, smooth, validationLoss, accuracy] = uPlot.join([
    [steps.x, steps.lr, steps.loss, steps.smooth],
    [evaluations.x, evaluations.loss, evaluations.accuracy],
  ]);

  // Numbers the schedule's stages, with a line where each begins.
  const drawStages = (u) => {
    const { ctx, bbox } = u;
    ctx.save();
    ctx.beginPath();
    ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
    ctx.clip();
    ctx.strokeStyle = ctx.fillStyle = colour("--faint");
    ctx.lineWidth = uPlot.pxRatio;
    ctx.setLineDash([2 * uPlot.pxRatio, 4 * uPlot.pxRatio]);
    ctx.font = `${11 * uPlot.pxRatio}px system-ui, sans-serif`;
    ctx.textAlign = "left";
    ctx.textBaseline = "top";
    run.stages.forEach(([begin, end], i) => {
      const left = u.valToPos(begin, "x", true);
      const width = u.valToPos(end, "x", true) - left;
      if (i > 0) {
        ctx.beginPath();
        ctx.moveTo(left, bbox.top);
        ctx.lineTo(left, bbox.top + bbox.height);
        ctx.stroke();
      }
      if (width < 16 * uPlot.pxRatio) return;  // no room for its number
      ctx.fillText(i + 1, left + 4 * uPlot.pxRatio, bbox.top + 2 * uPlot.pxRatio);
    });
    ctx.restore();
  };

  const curve = (label, stroke, more) => ({
    label,
    stroke: () => colour(stroke),
    width: 1.5,
    points: { show: false },
    value: (u, value) => (value == null ? "–" : number(value, 4)),
    ...more,
  });
  const evaluationCurve = (label, more) =>
    curve(label, "--c1", {
      dash: [6, 4],
      points: { show: true, size: 7, width: 1.5, fill: () => colour("--back") },
      ...more,
    });
  // One value alone makes no line: show it.
  const lonely = { show: x.length < 2, size: 7 };

  const logarithmic = document.getElementById("logarithmic");
  const charts = [
    { id: "chart-lr", values: [lr], series: [curve("learning rate", "--c0", { points: lonely })] },
    {
      id: "chart-loss",
      values: [loss, smooth, validationLoss],
      series: [
        curve("training, each minibatch", "--c0-faint", { width: 1, points: lonely }),
        curve("training, smoothed", "--c0", { width: 2 }),
        evaluationCurve("validation"),
      ],
      logarithmic: () => logarithmic.checked,
    },
    {
      id: "chart-accuracy",
      values: [accuracy],
      series: [
        evaluationCurve("validation accuracy", {
          value: (u, value) => (value == null ? "–" : value.toFixed(2) + " %"),
        }),
      ],
    },
  ];

  const positive = (values) => values.filter((value) => value > 0);
  const losses = [...positive(loss), ...positive(validationLoss)];
  const extreme = (pick) => losses.reduce((a, b) => pick(a, b), losses[0]);
  logarithmic.checked = losses.length > 0 && extreme(Math.max) > 1e3 * extreme(Math.min);

  const height = () => (innerWidth < 480 ? 200 : 240);

  const build = (chart) => {
    const place = document.getElementById(chart.id);
    if (chart.plot) chart.plot.destroy();
    const log = chart.logarithmic !== undefined && chart.logarithmic();
    const common = overUpdates(run.total_steps, log, "run");
    chart.plot = new uPlot(
      {
        ...common,
        width: place.clientWidth,
        height: height(),
        series: [updates, ...chart.series],
        cursor: {
          ...common.cursor,
          points: { fill: (u, series) => chart.series[series - 1].stroke() },
        },
        hooks: { drawClear: [drawStages] },
      },
      [x, ...chart.values.map((values) => (log ? values.map(positiveOrGap) : values))],
      place,
    );
  };
  const buildAll = () => charts.forEach(build);

  // Arrow keys move the cursor of every chart, and say what is there.
  const readout = document.getElementById("readout");
  let at = 0;
  const move = (to) => {
    at = Math.max(0, Math.min(x.length - 1, to));
    const { plot } = charts[0];
    plot.setCursor({ left: plot.valToPos(x[at], "x"), top: 1 });
    charts.slice(1).forEach(({ plot: other }) => {
      other.setCursor({ left: other.valToPos(x[at], "x"), top: 1 }, false);
    });
    const say = (name, values) => {
      const value = values[nearest(values, at)];
      return value == null ? "" : `, ${name} ${number(value, 4)}`;
    };
    readout.textContent =
      `update ${whole(x[at])}` + say("learning rate", lr) + say("smoothed loss", smooth) +
      say("validation loss", validationLoss) + say("validation accuracy in percent", accuracy);
  };
  const page = () => Math.max(1, Math.round(x.length / 20));
  const keys = {
    ArrowLeft: () => at - 1, ArrowRight: () => at + 1,
    PageUp: () => at - page(), PageDown: () => at + page(),
    Home: () => 0, End: () => x.length - 1,
  };
  charts.forEach(({ id }) => {
    document.getElementById(id).addEventListener("keydown", (event) => {
      if (!(event.key in keys) || x.length === 0) return;
      event.preventDefault();
      move(keys[event.key]());
    });
  });

  buildAll();
  logarithmic.addEventListener("change", () => build(charts[1]));
  follow(buildAll, () => {
    charts.forEach(({ id, plot }) => {
      plot.setSize({ width: document.getElementById(id).clientWidth, height: height() });
    });
  });
})();
