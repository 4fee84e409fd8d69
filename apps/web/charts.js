// What the scripts of all pages share: numbers beside axes, axes for uPlot, when to draw again.
const chartTools = (() => {
  "use strict";

  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

  const number = (value, digits) => {
    const small = value !== 0 && Math.abs(value) < 1e-3;
    return small || Math.abs(value) >= 1e5
      ? value.toExponential(digits - 1).replace(/\.?0+e/, "e").replace("e+", "e")
      : String(Number(value.toPrecision(digits)));
  };
  const whole = (value) => value.toLocaleString("en");

  // The numbers beside an axis, all with as many digits as tell them apart.
  const labels = (u, splits) => {
    const most = Math.max(...splits.map(Math.abs));
    if (most < 1e-3 || most >= 1e5) return splits.map((v) => (v === 0 ? "0" : number(v, 4)));
    const decimals = Math.max(0, -Math.floor(Math.log10(splits[1] - splits[0]) + 1e-9));
    return splits.map((v) => (v === 0 ? "0" : v.toFixed(decimals)));
  };

  // Of a logarithmic axis: powers of ten, few enough to read, or 1, 2, 5 within one or two.
  const logSplits = (u, axisIndex, min, max) => {
    const last = Math.ceil(Math.log10(max));
    const decades = last - Math.floor(Math.log10(min));
    const stride = Math.ceil(decades / 6);
    const first = Math.floor(Math.log10(min) / stride) * stride;
    const splits = [];
    for (let power = first; power <= last; power += stride) {
      for (const digit of decades <= 2 ? [1, 2, 5] : [1]) splits.push(digit * 10 ** power);
    }
    return splits.filter((v) => v >= min && v <= max);
  };

  // The point nearest to `index` at which a curve has a value.
  const nearest = (values, index) => {
    for (let d = 0; d < values.length; ++d) {
      if (values[index - d] != null) return index - d;
      if (values[index + d] != null) return index + d;
    }
    return index;
  };

  const steps125 = [];  // between the numbers on an axis
  for (let power = -15; power <= 15; ++power) {
    steps125.push(...[1, 2, 5].map((digit) => Number(`${digit}e${power}`)));
  }
  const wholeSteps = steps125.filter((step) => step >= 1);
  const axis = (more) => ({
    stroke: () => colour("--faint"),
    grid: { stroke: () => colour("--line"), width: 1 },
    ticks: { stroke: () => colour("--line"), width: 1, size: 4 },
    font: "12px system-ui, sans-serif",
    ...more,
  });
  const updatesAxis = () =>
    axis({ size: 30, space: 70, incrs: wholeSteps, values: (u, splits) => splits.map(whole) });
  // Linear or logarithmic, from the least value to the greatest with some room.
  const valueAxis = (log) =>
    axis(
      log
        ? {
            size: 58,
            splits: logSplits,
            filter: (u, splits) => splits,
            values: (u, splits) => splits.map((v) => number(v, 1)),
          }
        : { size: 58, incrs: steps125, values: labels },
    );
  const valueScale = (log) => ({
    distr: log ? 3 : 1,
    range: (u, min, max) => {
      if (min == null) return log ? [0.1, 1] : [0, 1];
      return log ? uPlot.rangeLog(min, max, 10, false) : uPlot.rangeNum(min, max, 0.1, true);
    },
  });
  // What charts over a run's updates have in common: those of one `key` are zoomed and read together.
  const overUpdates = (total, log, key) => ({
    scales: {
      x: {
        time: false,
        range: (u, min, max) => (min == null ? [0, total] : [min, max === min ? min + 1 : max]),
      },
      y: valueScale(log),
    },
    axes: [updatesAxis(), valueAxis(log)],
    cursor: {
      sync: { key },
      y: false,
      drag: { x: true, y: false },
      dataIdx: (u, series, index) => (series === 0 ? index : nearest(u.data[series], index)),
    },
  });
  const updates = { label: "update", value: (u, value) => (value == null ? "–" : whole(value)) };
  const positiveOrGap = (value) => (value != null && value <= 0 ? null : value);

  // Other colours and paper need every chart built again; another width needs `resize` only.
  const follow = (build, resize) => {
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", build);
    addEventListener("resize", resize);
    const printing = (now) => () => {
      document.documentElement.classList.toggle("printing", now);
      build();
    };
    addEventListener("beforeprint", printing(true));
    addEventListener("afterprint", printing(false));
  };

  return {
    colour, number, whole, logSplits, nearest, axis, updatesAxis, valueAxis, valueScale,
    overUpdates, updates, positiveOrGap, follow,
  };
})();
