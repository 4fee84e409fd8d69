// The chart of a range test. The page holds the numbers, and every text, already.
(() => {
  "use strict";

  const test = JSON.parse(document.getElementById("run-data").textContent);
  const { lr, mean, lowest, highest, marks } = test;
  const place = document.getElementById("chart");
  const narrow = () => innerWidth < 480;

  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const number = (value, digits) =>
    value < 1e-3
      ? value.toExponential(digits - 1).replace(/\.?0+e/, "e")
      : String(Number(value.toPrecision(digits)));

  // Powers of ten, or 1, 2, 5 where there are few of them.
  const logSplits = (u, axisIndex, min, max) => {
    const first = Math.floor(Math.log10(min));
    const last = Math.ceil(Math.log10(max));
    const splits = [];
    for (let power = first; power <= last; ++power) {
      for (const digit of last - first <= 2 ? [1, 2, 5] : [1]) splits.push(digit * 10 ** power);
    }
    return splits.filter((value) => value >= min && value <= max);
  };

  // Each suggestion: a dashed line with the rule's number, a bar from the least to the greatest of
  // the seeds, one below the other lest they meet.
  const drawMarks = (u) => {
    const { ctx, bbox } = u;
    const px = uPlot.pxRatio;
    const inside = (value) =>
      Math.max(bbox.left, Math.min(bbox.left + bbox.width, u.valToPos(value, "x", true)));
    ctx.save();
    ctx.beginPath();
    ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
    ctx.clip();
    ctx.strokeStyle = ctx.fillStyle = colour("--c1");
    ctx.font = `${12 * px}px system-ui, sans-serif`;
    ctx.textBaseline = "middle";
    marks.forEach(({ rule, lr: rate, low, high }, i) => {
      const x = u.valToPos(rate, "x", true);
      const y = bbox.top + (12 + 18 * i) * px;
      ctx.lineWidth = px;
      ctx.setLineDash([4 * px, 4 * px]);
      ctx.beginPath();
      ctx.moveTo(x, bbox.top);
      ctx.lineTo(x, bbox.top + bbox.height);
      ctx.stroke();
      ctx.setLineDash([]);
      ctx.lineWidth = 3 * px;
      ctx.beginPath();
      ctx.moveTo(inside(low), y);
      ctx.lineTo(inside(high), y);
      ctx.stroke();
      ctx.beginPath();
      ctx.arc(x, y, 4 * px, 0, 2 * Math.PI);
      ctx.fill();
      const label = narrow() ? String(i + 1) : `${i + 1} ${rule}`;
      const width = ctx.measureText(label).width;
      const right = Math.max(inside(high), x) + 8 * px;
      const fits = right + width < bbox.left + bbox.width;
      ctx.textAlign = fits ? "left" : "right";
      ctx.fillText(label, fits ? right : Math.min(inside(low), x) - 8 * px, y);
    });
    ctx.restore();
  };

  const value = (u, y) => (y == null ? "–" : number(y, 4));
  const series = (label, stroke, width) => ({
    label, width, value, stroke: () => colour(stroke), points: { show: lr.length < 2 },
  });
  const axis = (more) => ({
    stroke: () => colour("--faint"),
    grid: { stroke: () => colour("--line"), width: 1 },
    ticks: { stroke: () => colour("--line"), width: 1, size: 4 },
    font: "12px system-ui, sans-serif",
    ...more,
  });
  const height = () => (narrow() ? 300 : 380);

  let plot = null;
  const build = () => {
    if (plot) plot.destroy();
    plot = new uPlot(
      {
        width: place.clientWidth,
        height: height(),
        scales: {
          x: { time: false, distr: 3, range: (u, min, max) => [min, max === min ? 2 * min : max] },
          y: { range: (u, min, max) => [0, 1.05 * max] },
        },
        axes: [
          axis({
            size: 30,
            splits: logSplits,
            filter: (u, splits) => splits,
            values: (u, splits) => splits.map((v) => number(v, 1)),
          }),
          axis({ size: 50 }),
        ],
        series: [
          { label: "learning rate", value },
          series("highest seed", "--c0-faint", 1),
          series("lowest seed", "--c0-faint", 1),
          series("mean", "--c0", 2),
        ],
        bands: [{ series: [1, 2], fill: () => colour("--c0-faint") }],
        cursor: { y: false, drag: { x: true, y: false } },
        hooks: { draw: [drawMarks] },
      },
      [lr, highest, lowest, mean],
      place,
    );
  };

  // Arrow keys move the cursor, and say what is there.
  const readout = document.getElementById("readout");
  let at = 0;
  const page = Math.max(1, Math.round(lr.length / 20));
  const keys = {
    ArrowLeft: () => at - 1, ArrowRight: () => at + 1,
    PageUp: () => at - page, PageDown: () => at + page,
    Home: () => 0, End: () => lr.length - 1,
  };
  place.addEventListener("keydown", (event) => {
    if (!(event.key in keys)) return;
    event.preventDefault();
    at = Math.max(0, Math.min(lr.length - 1, keys[event.key]()));
    plot.setCursor({ left: plot.valToPos(lr[at], "x"), top: 1 });
    readout.textContent =
      `learning rate ${number(lr[at], 3)}, mean smoothed loss ${number(mean[at], 4)}`;
  });

  build();
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", build);
  addEventListener("resize", () => plot.setSize({ width: place.clientWidth, height: height() }));
  const printing = (now) => () => {
    document.documentElement.classList.toggle("printing", now);
    build();
  };
  addEventListener("beforeprint", printing(true));
  addEventListener("afterprint", printing(false));
})();
