// What the charts of a comparison show: each a function from the numbers of a study to a
// description that compare.js draws:
//
//     x, rows: [{series, values, low, high, ...}]   `series` is a contestant's number
//     title(x), text(value)                          for the readout
//     place(value)                                   where on the axis y; the value itself if absent
//     xAxis, yAxis, xScale, yScale, over(u, shown)   as uPlot has them; `over` draws on top
const compareCharts = (() => {
  "use strict";
  const { number, whole, axis, logSplits, updatesAxis, valueAxis, valueScale, colour } = chartTools;

  const updates = {
    title: (x) => `update ${whole(x)}`,
    xAxis: updatesAxis,
    xScale: { time: false, range: (u, min, max) => [min ?? 0, max > min ? max : (min ?? 0) + 1] },
    link: "updates",
  };
  const logUnit = 1.15;  // room beside the first and the last of values on a logarithmic axis
  const byPeak = (x) => ({
    x,
    title: (peak) => `peak ${number(peak, 3)}`,
    xAxis: () =>
      axis({
        size: 30,
        splits: (u, i, min, max) =>
          x.length > 12 ? logSplits(u, i, min, max) : x.filter((v) => v >= min && v <= max),
        filter: (u, splits) => splits,
        values: (u, splits) => {
          const room = u.width / (u.width < 480 ? 48 : 36);
          const every = Math.ceil(splits.length / room);
          return splits.map((v, i) => (i % every ? "" : number(v, 3)));
        },
      }),
    xScale: {
      time: false,
      distr: 3,
      range: (u, min, max) => (min == null ? [0.1, 1] : [min / logUnit, max * logUnit]),
    },
    link: "peaks",
  });

  // The curves of several, on one list of updates: `undefined` where only others have points.
  const joined = (study, tables) => {
    const [x, ...columns] = uPlot.join(tables.map(({ x: own, ...rest }) => [own, ...Object.values(rest)]));
    let at = 0;
    const rows = tables.map((table, series) => {
      const row = { series };
      for (const key of Object.keys(table)) if (key !== "x") row[key] = columns[at++];
      return row;
    });
    return { x, rows };
  };
  const banded = (study, what) => {
    const { x, rows } = joined(study, study.series.map((one) => one[what]));
    return { x, rows: rows.map(({ mean, ...rest }) => ({ values: mean, ...rest })) };
  };

  const rate = (study, { log }) => ({
    ...updates,
    ...joined(study, study.series.map((one) => ({ x: one.rate.x, values: one.rate.y }))),
    text: (v) => number(v, 4),
    log, yAxis: valueAxis(log), yScale: valueScale(log),
  });

  const loss = (study, { log }) => ({
    ...updates,
    ...banded(study, "loss"),
    text: (v) => v.toFixed(4),
    log, yAxis: valueAxis(log), yScale: valueScale(log),
  });

  // Spread out, equal distances are equal ratios of the error: from 90 to 99 % is as far as from
  // 99 to 99.9.
  const accuracy = (study, { log: spread }) => {
    const marks = [0, 50, 80, 90, 95, 98, 99, 99.5, 99.8, 99.9];
    const place = (percent) => -Math.log10(Math.max(100 - percent, 0.02));
    const plain = valueAxis(false);
    return {
      ...updates,
      ...banded(study, "accuracy"),
      text: (v) => v.toFixed(2) + " %",
      place: spread ? place : undefined,
      yScale: valueScale(false),
      yAxis: spread
        ? {
            ...plain,
            splits: (u, i, min, max) => {
              const seen = marks.filter((v) => place(v) >= min && place(v) <= max);
              if (seen.length > 2) return seen.map(place);
              const step = (max - min) / 5;
              return [1, 2, 3, 4].map((k) => place(Number((100 - 10 ** -(min + k * step)).toPrecision(4))));
            },
            values: (u, splits) => splits.map((v) => String(Number((100 - 10 ** -v).toPrecision(4)))),
          }
        : plain,
    };
  };

  const peaksOf = (study) =>
    [...new Set(study.series.flatMap((one) => one.peaks))].sort((a, b) => a - b);

  // A cross at the upper edge where trials diverged, a ring at the best.
  const rings = (u, shown) => {
    const { ctx, bbox } = u;
    const px = uPlot.pxRatio;
    ctx.lineWidth = 2 * px;
    ctx.setLineDash([]);
    for (const row of shown) {
      ctx.strokeStyle = row.stroke;
      ctx.globalAlpha = row.alpha;
      const place = (i) => u.valToPos(u.data[0][i], "x", true);
      const best = row.best;
      if (u.data[row.at][best] != null) {
        ctx.beginPath();
        ctx.arc(place(best), u.valToPos(u.data[row.at][best], "y", true), 7 * px, 0, 2 * Math.PI);
        ctx.stroke();
      }
      for (const i of row.lost) {
        const [x, y, r] = [place(i) + (row.series - shown.length / 2) * 2 * px, bbox.top + 6 * px, 4 * px];
        ctx.beginPath();
        ctx.moveTo(x - r, y - r); ctx.lineTo(x + r, y + r);
        ctx.moveTo(x - r, y + r); ctx.lineTo(x + r, y - r);
        ctx.stroke();
      }
    }
    ctx.globalAlpha = 1;
  };

  // Of each contestant that was tuned, the loss at each peak of the union of their grids.
  const tuningRows = (study, x) =>
    study.series
      .map((one, series) => ({
        series,
        values: x.map((peak) => one.tuning[one.peaks.indexOf(peak)]),
        lost: x.flatMap((peak, i) => (one.tuning[one.peaks.indexOf(peak)] === null ? [i] : [])),
        best: x.indexOf(one.peaks[one.best]),
      }))
      .filter((row) => study.series[row.series].peaks.length > 0);

  const sensitivity = (study, { log }) => {
    const x = peaksOf(study);
    return {
      ...byPeak(x),
      rows: tuningRows(study, x),
      text: (v) => v.toFixed(4),
      points: 5,
      log, yAxis: valueAxis(log), yScale: valueScale(log),
      over: rings,
    };
  };

  // The names of those who are first, above the plot, aslant where they are wider than a column.
  const crown = (study, winners) => (u) => {
    const { ctx, bbox } = u;
    const px = uPlot.pxRatio;
    ctx.save();
    ctx.font = `600 ${12 * px}px system-ui, sans-serif`;
    ctx.fillStyle = colour("--text");
    const places = winners.map((winner, i) => u.valToPos(u.data[0][i], "x", true));
    const gap = Math.min(...places.slice(1).map((p, i) => p - places[i]));
    const wide = winners.some((w) => w && ctx.measureText(w).width > gap - 8 * px);
    winners.forEach((winner, i) => {
      if (!winner || places[i] < bbox.left || places[i] > bbox.left + bbox.width) return;
      ctx.save();
      ctx.translate(places[i], bbox.top - 6 * px);
      if (wide) ctx.rotate(-Math.PI / 5);
      ctx.textAlign = wide ? "left" : "center";
      ctx.fillText(winner, 0, 0);
      ctx.restore();
    });
    ctx.restore();
  };

  const flip = (study) => {
    const x = peaksOf(study);
    const losses = tuningRows(study, x);
    const rows = losses.map((row) => ({
      series: row.series,
      values: row.values.map((v, i) =>
        v == null ? v : 1 + losses.filter(({ values }) => values[i] != null && values[i] < v).length),
    }));
    const short = (name) => (name.length > 16 ? name.slice(0, 15) + "…" : name);
    const winners = x.map((peak, i) => {
      const first = rows.find(({ values }) => values[i] === 1);
      return first && short(study.series[first.series].name);
    });
    const bottom = rows.length + 0.5;
    return {
      ...byPeak(x),
      rows,
      text: (v) => `rank ${v}`,
      points: 9,
      width: 2.5,
      top: 64,
      height: Math.max(200, 100 + 22 * rows.length),
      yScale: { dir: -1, range: () => [0.5, bottom] },
      yAxis: axis({
        size: 34,
        splits: () => rows.map((row, i) => i + 1),
        values: (u, splits) => splits.map((v) => (rows.length > 12 && v % 5 && v > 1 ? "" : String(v))),
      }),
      over: crown(study, winners),
    };
  };

  // Of all studies at once: the final loss against the number of epochs.
  const budgets = (studies, { log }) => {
    const x = [...new Set(studies.map((study) => study.epochs))].sort((a, b) => a - b);
    const of = (series, key) =>
      x.map((epochs) => studies.find((s) => s.epochs === epochs).series[series].final[key]);
    return {
      ...byPeak(x),
      title: (epochs) => `${whole(epochs)} epoch${epochs === 1 ? "" : "s"}`,
      link: "budgets",
      rows: studies[0].series.map((one, series) => ({
        series, values: of(series, "mean"), low: of(series, "low"), high: of(series, "high"),
      })),
      text: (v) => v.toFixed(4),
      points: 6,
      bars: true,
      log, yAxis: valueAxis(log), yScale: valueScale(log),
    };
  };

  return { rate, loss, accuracy, sensitivity, flip, budgets };
})();
