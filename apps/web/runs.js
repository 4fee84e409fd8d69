// The charts of several runs on one page. It holds the numbers in #run-data, and every name already.
(() => {
  "use strict";
  const { colour, number, overUpdates, updates, positiveOrGap, follow } = chartTools;

  const runs = JSON.parse(document.getElementById("run-data").textContent);
  const names = runs.map((run, i) => document.querySelector(`[data-run="${i}"]`).textContent);
  // What diverged is drawn, but does not decide how far the axes reach, unless all did.
  const lost = runs.map((run, i) => document.querySelector(`[data-run="${i}"]`).dataset.lost === "true");
  const decides = (i) => !lost[i] || lost.every((one) => one);
  const dashes = [[], [9, 4], [2, 3], [11, 3, 2, 3]];
  const logarithmic = document.getElementById("logarithmic");
  const percent = (value) => value.toFixed(2) + " %";

  // Of each chart: where it is, and the points of a run.
  const charts = [
    { id: "chart-lr", points: ({ steps }) => [steps.x, steps.lr] },
    { id: "chart-loss", points: ({ steps }) => [steps.x, steps.smooth], log: () => logarithmic.checked },
    { id: "chart-validation", points: ({ evaluations: e }) => [e.x, e.loss], marked: true },
    { id: "chart-accuracy", points: ({ evaluations: e }) => [e.x, e.accuracy], marked: true, text: percent },
  ];

  const losses = runs
    .filter((run, i) => decides(i))
    .flatMap(({ steps }) => steps.smooth.filter((value) => value > 0));
  const extreme = (pick) => losses.reduce((a, b) => pick(a, b), losses[0]);
  logarithmic.checked = losses.length > 0 && extreme(Math.max) > 1e3 * extreme(Math.min);

  const height = () => (innerWidth < 480 ? 220 : 280);
  const longest = Math.max(...runs.map((run) => run.total_steps));

  const build = (chart) => {
    const place = document.getElementById(chart.id);
    const log = chart.log !== undefined && chart.log();
    const hidden = chart.plot ? chart.plot.series.slice(1).map(({ show }) => !show) : [];
    if (chart.plot) chart.plot.destroy();
    const [x, ...values] = uPlot.join(runs.map(chart.points));
    const text = chart.text ?? ((value) => number(value, 4));
    chart.plot = new uPlot(
      {
        ...overUpdates(longest, log, "runs"),
        width: place.clientWidth,
        height: height(),
        series: [
          updates,
          ...names.map((label, i) => ({
            label,
            show: !hidden[i],
            auto: decides(i),
            stroke: () => colour(`--s${i % 8}`),
            dash: dashes[Math.floor(i / 8) % dashes.length],
            width: 1.75,
            spanGaps: false,
            // One value alone makes no line: show it.
            points: {
              show: chart.marked || values[i].filter((value) => value != null).length === 1,
              size: 6,
              fill: () => colour(`--s${i % 8}`),
            },
            value: (u, value) => (value == null ? "–" : text(value)),
          })),
        ],
      },
      [x, ...values.map((one) => (log ? one.map(positiveOrGap) : one))],
      place,
    );
  };
  const buildAll = () => charts.forEach(build);

  buildAll();
  logarithmic.addEventListener("change", () => build(charts[1]));
  follow(buildAll, () => {
    charts.forEach(({ id, plot }) => {
      plot.setSize({ width: document.getElementById(id).clientWidth, height: height() });
    });
  });
})();
