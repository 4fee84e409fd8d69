// The page of a comparison: draws the charts that compare_charts.js describes, and links those of
// a section: one legend, one highlight, one cursor and one zoom for all that share an axis.
(() => {
  "use strict";
  const { colour, nearest, positiveOrGap, follow } = chartTools;
  const { studies } = JSON.parse(document.getElementById("run-data").textContent);

  const dashes = [[], [9, 4], [2, 3], [11, 3, 2, 3]];
  const strokeOf = (series) => colour(`--s${series % 8}`);
  const dashOf = (series) => dashes[Math.floor(series / 8) % dashes.length];
  const short = (name) => (name.length > 18 ? name.slice(0, 17) + "…" : name);
  const narrow = () => innerWidth < 640;

  // A section with its legend and charts. `hidden` holds contestants, `lit` is one of them or -1.
  const makeGroup = (section, names, source, key) => {
    const group = { section, names, source, key, hidden: new Set(), lit: -1, charts: [] };
    for (const place of section.querySelectorAll(".chart")) {
      const box = (name) => place.closest("figure").querySelector(`[data-control="${name}"]`);
      const chart = { place, kind: place.dataset.chart, log: box("log"), bands: box("bands") };
      chart.tip = place.appendChild(document.createElement("div"));
      chart.tip.className = "tip";
      for (const control of [chart.log, chart.bands]) {
        if (control) control.addEventListener("change", () => build(group, chart));
      }
      group.charts.push(chart);
    }
    return group;
  };

  const shown = (group, chart) => chart.what.rows.filter(({ series }) => !group.hidden.has(series));
  const alphaOf = (group, series) => (group.lit < 0 || group.lit === series ? 1 : 0.15);
  const hasBand = (group, chart, row) =>
    row.low && (chart.what.bars || chart.bands?.checked || group.lit === row.series);

  // Least and greatest of what is shown between the ends of the axis x, and of the points next to
  // them, to which the curves lead.
  const extent = (group, chart, u) => {
    let [low, high] = [Infinity, -Infinity];
    const rows = shown(group, chart);
    const kept = rows.filter(({ series }) => !chart.what.ignores?.[series]);
    for (const row of kept.length ? kept : rows) {
      let [from, to] = u.series[0].idxs;
      while (from > 0 && row.drawn[from] == null) --from;
      while (to + 1 < row.drawn.length && row.drawn[to] == null) ++to;
      for (const values of hasBand(group, chart, row) ? [row.drawn, row.low, row.high] : [row.drawn]) {
        for (const value of values.slice(from, to + 1)) {
          if (value == null) continue;
          low = Math.min(low, value);
          high = Math.max(high, value);
        }
      }
    }
    return low > high ? [null, null] : [low, high];
  };

  // The values under the pointer, those nearest to it first where there are too many.
  const most = 12;
  const readOut = (group, chart) => {
    const { plot: u, tip, what } = chart;
    const { idx, left, top } = u.cursor;
    if (idx == null || left < 0) {
      tip.hidden = true;
      return;
    }
    let x = u.data[0][idx];
    const read = shown(group, chart).flatMap((row) => {
      const i = nearest(row.drawn, idx);
      if (row.drawn[i] == null) return [];
      x = u.data[0][i];
      return [{ row, value: row.values[i], y: u.valToPos(row.drawn[i], "y") }];
    });
    const away = ({ y }) => Math.abs(y - top);
    const near = [...read].sort((a, b) => away(a) - away(b)).slice(0, most);
    if (chart.pointed) light(group, near.length && away(near[0]) < 30 ? near[0].row.series : -1);
    near.sort((a, b) => a.y - b.y);
    tip.replaceChildren(document.createElement("b"));
    tip.firstChild.textContent = what.title(x);
    for (const { row, value } of near) {
      const item = tip.appendChild(document.createElement("div"));
      item.style.setProperty("--own", row.stroke);
      item.classList.toggle("lit", group.lit === row.series);
      item.append(short(group.names[row.series]), document.createElement("span"));
      item.lastChild.textContent = what.text(value);
    }
    tip.hidden = false;
    const origin = u.over.offsetLeft + left;
    const right = origin + tip.offsetWidth + 24 > chart.place.clientWidth;
    tip.style.left = `${Math.max(0, right ? origin - tip.offsetWidth - 16 : origin + 16)}px`;
  };

  const heightOf = (what) => what.height ?? (narrow() ? 230 : 300);
  const nameRoom = (group, u) => {
    if (narrow()) return 12;
    u.ctx.font = `${12 * uPlot.pxRatio}px system-ui, sans-serif`;
    return 44 + Math.max(...group.names.map((n) => u.ctx.measureText(short(n)).width)) / uPlot.pxRatio;
  };

  const build = (group, chart) => {
    if (chart.plot) chart.plot.destroy();
    const what = compareCharts[chart.kind](group.source, { log: chart.log?.checked ?? false });
    chart.what = what;
    const place = what.place ?? (what.log ? positiveOrGap : (v) => v);
    const put = (values) => values && values.map((v) => (v == null ? v : place(v)));
    const single = (values) => values.filter((v) => v != null).length === 1;
    what.rows.forEach((row, k) => {
      Object.assign(row, {
        at: k + 1, drawn: put(row.values), low: put(row.low), high: put(row.high),
        stroke: strokeOf(row.series),
      });
    });
    const range = what.yScale.range;
    const marked = () =>
      shown(group, chart).map((row) => ({
        ...row, alpha: alphaOf(group, row.series), name: short(group.names[row.series]),
        lit: group.lit === row.series,
      }));
    chart.plot = new uPlot(
      {
        width: chart.place.clientWidth,
        height: heightOf(what),
        padding: [what.top ?? null, (u) => Math.max(what.right ?? 0, nameRoom(group, u)), null, null],
        legend: { show: false },
        scales: {
          x: what.xScale,
          y: { ...what.yScale, range: (u) => range(u, ...extent(group, chart, u)) },
        },
        axes: [what.xAxis(), what.yAxis],
        series: [
          {},
          ...what.rows.map(({ series, stroke, drawn }) => ({
            label: group.names[series],
            stroke,
            dash: dashOf(series),
            width: what.width ?? 1.75,
            show: !group.hidden.has(series),
            alpha: alphaOf(group, series),
            spanGaps: false,
            // One value alone makes no line: show it.
            points: { show: what.points > 0 || single(drawn), size: what.points ?? 6, fill: stroke },
          })),
        ],
        cursor: {
          sync: { key: `${group.key} ${what.link}` },
          y: false,
          drag: { x: true, y: false },
          points: { size: 7, fill: (u, k) => what.rows[k - 1].stroke },
          dataIdx: (u, k, index) => (k === 0 ? index : nearest(u.data[k], index)),
        },
        hooks: {
          drawAxes: [
            (u) => compareMarks.bands(u, marked().filter((row) => hasBand(group, chart, row)), what.bars),
          ],
          draw: [
            (u) => {
              what.over?.(u, marked());
              if (!narrow()) compareMarks.names(u, marked());
            },
          ],
          setCursor: [() => { if (chart.pointed || chart.keyed) readOut(group, chart); }],
        },
      },
      [what.x, ...what.rows.map((row) => row.drawn)],
      chart.place,
    );
    chart.plot.over.addEventListener("mouseenter", () => { chart.pointed = true; });
    chart.plot.over.addEventListener("mouseleave", () => {
      chart.pointed = false;
      chart.tip.hidden = true;
      light(group, -1);
    });
  };

  const redraw = (group) => {
    for (const { plot, what } of group.charts) {
      what.rows.forEach(({ series, at }) => { plot.series[at].alpha = alphaOf(group, series); });
      plot.redraw(false);
    }
  };
  const light = (group, series) => {
    if (group.lit === series) return;
    group.lit = series;
    for (const element of group.section.querySelectorAll("[data-series]")) {
      element.classList.toggle("lit", Number(element.dataset.series) === series);
    }
    redraw(group);
  };

  const show = (group) => {
    for (const element of group.section.querySelectorAll("[data-series]")) {
      const off = group.hidden.has(Number(element.dataset.series));
      if (element.matches("button")) element.setAttribute("aria-pressed", String(!off));
      else element.classList.toggle("off", off);
    }
    group.section.querySelector(".all").hidden = group.hidden.size === 0;
    for (const { plot, what } of group.charts) {
      plot.batch(() => {
        for (const { series, at } of what.rows) {
          const on = !group.hidden.has(series);
          if (plot.series[at].show !== on) plot.setSeries(at, { show: on });
        }
      });
    }
  };
  const wireLegend = (group) => {
    for (const element of group.section.querySelectorAll("[data-series]")) {
      const series = Number(element.dataset.series);
      const on = () => { if (!group.hidden.has(series)) light(group, series); };
      for (const event of ["mouseenter", "focus"]) element.addEventListener(event, on);
      for (const event of ["mouseleave", "blur"]) element.addEventListener(event, () => light(group, -1));
      if (!element.matches("button")) continue;
      element.addEventListener("click", () => {
        if (!group.hidden.delete(series)) group.hidden.add(series);
        light(group, -1);
        show(group);
      });
      element.addEventListener("dblclick", () => {
        group.hidden = new Set(group.names.map((name, i) => i).filter((i) => i !== series));
        show(group);
      });
    }
    group.section.querySelector(".all").addEventListener("click", () => {
      group.hidden.clear();
      show(group);
    });
  };

  // Arrow keys move the cursor of every chart that shares the axis, and say what is there.
  const wireKeys = (group, chart) => {
    const steps = { ArrowLeft: -1, ArrowRight: 1, PageUp: -20, PageDown: 20, Home: -Infinity, End: Infinity };
    let at = 0;
    chart.tip.setAttribute("role", "status");
    chart.place.addEventListener("keydown", (event) => {
      if (!(event.key in steps)) return;
      event.preventDefault();
      const { x, link } = chart.what;
      at = Math.max(0, Math.min(x.length - 1, at + steps[event.key]));
      for (const other of group.charts) {
        if (other.what.link !== link) continue;
        other.keyed = other === chart;
        other.plot.setCursor({ left: other.plot.valToPos(x[at], "x"), top: 1 }, other === chart);
      }
    });
    chart.place.addEventListener("blur", () => {
      chart.keyed = false;
      chart.tip.hidden = true;
    });
  };

  const groups = studies.map((study, i) =>
    makeGroup(document.querySelector(`[data-study="${i}"]`), study.series.map((s) => s.name), study, i));
  const overview = document.querySelector(".budgets");
  if (overview) groups.unshift(makeGroup(overview, groups[0].names, studies, "budgets"));

  // Losses are easier to read on a logarithmic axis, rates where the peaks are far apart; bands of
  // more than a few would hide each other.
  const farApart = (study) => {
    const most = study.series
      .filter(({ final }) => final.mean !== null)
      .map(({ rate }) => Math.max(...rate.y));
    return Math.max(...most) > 6 * Math.min(...most);
  };
  for (const group of groups) {
    for (const chart of group.charts) {
      if (chart.log) chart.log.checked = chart.kind !== "rate" || farApart(group.source);
      if (chart.bands) chart.bands.checked = group.names.length <= 5;
    }
    group.charts.forEach((chart) => build(group, chart));
    wireLegend(group);
    group.charts.forEach((chart) => wireKeys(group, chart));
  }
  const everyChart = (act) => groups.forEach((group) => group.charts.forEach((chart) => act(group, chart)));
  follow(() => everyChart(build), () => everyChart((group, { plot, place, what }) => {
    plot.setSize({ width: place.clientWidth, height: heightOf(what) });
  }));
})();
