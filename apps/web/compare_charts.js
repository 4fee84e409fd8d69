// What the charts of a comparison show: each a function from the numbers of a study to a
// description that compare.js draws:
//
//     x, rows: [{series, values, low, high, ...}]   `series` is a contestant's number
//     title(x), text(value)                          for the readout
//     ignores                                        for whom the axis y is not stretched
//     place(value)                                   where on the axis y; the value itself if absent
//     xAxis, yAxis, xScale, yScale, over(u, rows)    as uPlot has them; `over` draws on top
//     points, width, top, right, height, bars        looks: bars from low to high in place of a band
//     link                                           charts of one link share cursor and zoom
const compareCharts = (() => {
  "use strict";
  const { number, whole, axis, logSplits, updatesAxis, valueAxis, valueScale } = chartTools;

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

  // Curves of a study on one list of updates, the same for all its charts, so that they share an
  // axis: `undefined` where only others have points.
  const joined = (study, curveOf) => {
    const xs = study.series.flatMap(({ rate, loss }) => [...rate.x, ...loss.x]);
    const all = [...new Set(xs)].sort((a, b) => a - b);
    const rows = study.series.map((one, series) => {
      const { x, ...columns } = curveOf(one);
      const [, ...values] = uPlot.join([[all], [x, ...Object.values(columns)]]);
      const named = Object.keys(columns).map((key, k) => [key, values[k]]);
      return { series, ...Object.fromEntries(named) };
    });
    return { x: all, rows };
  };
  const banded = (curve) => ({ x: curve.x, values: curve.mean, low: curve.low, high: curve.high });

  // Round values, about five of them.
  const roundBetween = (low, high) => {
    const rough = (high - low) / 5;
    const power = 10 ** Math.floor(Math.log10(rough));
    const step = [1, 2, 5, 10].find((digit) => digit * power >= rough) * power;
    const first = Math.ceil(low / step);
    return Array.from({ length: Math.floor(high / step) - first + 1 }, (v, i) => (first + i) * step);
  };

  // Within three decades, more of the round values than logSplits() has.
  const closeSplits = (u, axisIndex, min, max) => {
    const decades = Math.log10(max / min);
    if (decades > 2.3) return logSplits(u, axisIndex, min, max);
    const digits = decades > 1.2 ? [1, 2, 5] : decades > 0.4 ? [1, 1.5, 2, 3, 5, 7] : null;
    if (!digits) return roundBetween(min, max);
    const splits = [];
    for (let power = Math.floor(Math.log10(min)); power <= Math.log10(max); ++power) {
      splits.push(...digits.map((digit) => Number(`${digit}e${power}`)));
    }
    return splits.filter((v) => v >= min && v <= max);
  };
  const axisOf = (log) =>
    log
      ? { ...valueAxis(true), splits: closeSplits, values: (u, splits) => splits.map((v) => number(v, 3)) }
      : valueAxis(false);
  // A logarithmic axis as long as its values, but no longer than three decades: of rates the
  // greatest matter, of losses the least.
  const scaleOf = (log, greatest = false) =>
    log
      ? {
          distr: 3,
          range: (u, min, max) => {
            if (min == null) return [0.1, 1];
            const low = greatest ? Math.max(min, max / 1e3) : min;
            const high = Math.min(max, low * 1e3);
            const room = Math.max(1.02, (high / low) ** 0.06);
            return [low / room, high * room];
          },
        }
      : valueScale(false);

  const diverged = (study) => study.series.map((one) => one.final.mean === null);
  const lossText = (v) => (v < 1000 ? v.toFixed(4) : number(v, 4));

  const rate = (study, { log }) => ({
    ...updates,
    ...joined(study, ({ rate: { x, y } }) => ({ x, values: y })),
    ignores: diverged(study),
    text: (v) => number(v, 4),
    log, yAxis: axisOf(log), yScale: scaleOf(log, true),
  });

  const loss = (study, { log }) => ({
    ...updates,
    ...joined(study, (one) => banded(one.loss)),
    ignores: diverged(study),
    text: lossText,
    log, yAxis: axisOf(log), yScale: scaleOf(log),
  });

  // Spread out, equal distances are equal ratios of the error: from 90 to 99 % is as far as from
  // 99 to 99.9.
  const accuracy = (study, { log: spread }) => {
    const marks = [0, 50, 80, 90, 95, 98, 99, 99.5, 99.8, 99.9];
    const place = (percent) => -Math.log10(Math.max(100 - percent, 0.02));
    const plain = valueAxis(false);
    return {
      ...updates,
      ...joined(study, (one) => banded(one.accuracy)),
      text: (v) => v.toFixed(2) + " %",
      place: spread ? place : undefined,
      yScale: valueScale(false),
      yAxis: spread
        ? {
            ...plain,
            splits: (u, i, min, max) => {
              const seen = marks.filter((v) => place(v) >= min && place(v) <= max);
              if (seen.length > 2) return seen.map(place);
              const [low, high] = [100 - 10 ** -min, 100 - 10 ** -max];
              return roundBetween(low, high).map(place);
            },
            values: (u, splits) => splits.map((v) => String(Number((100 - 10 ** -v).toPrecision(4)))),
          }
        : plain,
    };
  };

  const peaksOf = (study) =>
    [...new Set(study.series.flatMap((one) => one.peaks))].sort((a, b) => a - b);

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
      text: lossText,
      points: 5,
      log, yAxis: axisOf(log), yScale: scaleOf(log),
      over: compareMarks.rings,
    };
  };

  // The refined peaks are each schedule's own: ranks are of the common grid.
  const gridOf = (study) =>
    [...new Set(study.series.flatMap((one) => one.grid))].sort((a, b) => a - b);

  const flip = (study) => {
    const x = gridOf(study);
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
      top: (u) => (compareMarks.aslant(u, winners) ? 96 : 26),
      right: 56,  // for the last of them
      height: Math.max(200, 100 + 22 * rows.length),
      yScale: { dir: -1, range: () => [0.5, bottom] },
      yAxis: axis({
        size: 34,
        splits: () => rows.map((row, i) => i + 1),
        values: (u, splits) => splits.map((v) => (rows.length > 12 && v % 5 && v > 1 ? "" : String(v))),
      }),
      over: (u) => compareMarks.crown(u, winners),
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
      text: lossText,
      points: 6,
      bars: true,
      log, yAxis: axisOf(log), yScale: scaleOf(log),
    };
  };

  return { rate, loss, accuracy, sensitivity, flip, budgets };
})();
