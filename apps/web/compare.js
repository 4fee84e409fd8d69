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
  const font = () => `${12 * uPlot.pxRatio}px system-ui, sans-serif`;

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
    for (const row of shown(group, chart)) {
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

  const inPlot = (u, draw) => {
    const { ctx, bbox } = u;
    ctx.save();
    ctx.beginPath();
    ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
    ctx.clip();
    draw(ctx);
    ctx.restore();
  };

  // From the least to the greatest of the seeds; for a few values alone, a bar at each.
  const drawBands = (group, chart) => (u) =>
    inPlot(u, (ctx) => {
      for (const row of shown(group, chart)) {
        if (!hasBand(group, chart, row)) continue;
        const at = u.data[0].map((x, i) => i).filter((i) => row.low[i] != null);
        const point = (i, values) => [u.valToPos(u.data[0][i], "x", true), u.valToPos(values[i], "y", true)];
        ctx.globalAlpha = alphaOf(group, row.series) * (chart.what.bars ? 0.5 : 0.16);
        ctx.fillStyle = ctx.strokeStyle = row.stroke;
        ctx.lineWidth = 3 * uPlot.pxRatio;
        ctx.beginPath();
        if (chart.what.bars) {
          at.forEach((i) => { ctx.moveTo(...point(i, row.low)); ctx.lineTo(...point(i, row.high)); });
          ctx.stroke();
        } else {
          at.forEach((i) => ctx.lineTo(...point(i, row.low)));
          at.reverse().forEach((i) => ctx.lineTo(...point(i, row.high)));
          ctx.fill();
        }
      }
    });

  // Names beside the ends of the curves, moved apart; none where there is no room for all.
  const line = 14;  // pixels
  const drawNames = (group, chart) => (u) => {
    const rows = shown(group, chart);
    const { ctx, bbox } = u;
    const px = uPlot.pxRatio;
    if (narrow() || rows.length * line * px > bbox.height + 2 * line * px) return;
    const ends = rows.flatMap((row) => {
      let i = row.drawn.length - 1;
      while (i >= 0 && (row.drawn[i] == null || u.data[0][i] > u.scales.x.max)) --i;
      if (i < 0) return [];
      const clamp = (v, low, size) => Math.max(low, Math.min(low + size, v));
      const y = clamp(u.valToPos(row.drawn[i], "y", true), bbox.top, bbox.height);
      return [{ row, x: u.valToPos(u.data[0][i], "x", true), y, label: y }];
    });
    ends.sort((a, b) => a.y - b.y);
    ends.forEach((end, k) => { if (k > 0) end.label = Math.max(end.label, ends[k - 1].label + line * px); });
    let floor = bbox.top + bbox.height;
    for (const end of [...ends].reverse()) {
      end.label = Math.min(end.label, floor);
      floor = end.label - line * px;
    }
    ctx.save();
    ctx.font = font();
    ctx.textBaseline = "middle";
    ctx.textAlign = "left";
    const left = bbox.left + bbox.width;
    for (const { row, x, y, label } of ends) {
      ctx.globalAlpha = alphaOf(group, row.series);
      ctx.strokeStyle = row.stroke;
      ctx.fillStyle = colour("--text");
      ctx.lineWidth = 1.5 * px;
      ctx.beginPath();
      ctx.moveTo(Math.max(x, left) + 3 * px, y);
      ctx.lineTo(left + 14 * px, label);
      ctx.lineTo(left + 20 * px, label);
      ctx.stroke();
      ctx.fillText(short(group.names[row.series]), left + 24 * px, label);
    }
    ctx.restore();
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
    u.ctx.font = font();
    return 30 + Math.max(...group.names.map((n) => u.ctx.measureText(short(n)).width)) / uPlot.pxRatio;
  };

  const build = (group, chart) => {
    if (chart.plot) chart.plot.destroy();
    const what = compareCharts[chart.kind](group.source, { log: chart.log?.checked ?? false });
    chart.what = what;
    const drawn = what.place ?? (what.log ? positiveOrGap : (v) => v);
    const put = (values) => values && values.map((v) => (v == null ? v : drawn(v)));
    what.rows.forEach((row, k) => {
      Object.assign(row, {
        at: k + 1, drawn: put(row.values), low: put(row.low), high: put(row.high),
        stroke: strokeOf(row.series),
      });
    });
    const range = what.yScale.range;
    const bands = drawBands(group, chart);
    const names = drawNames(group, chart);
    const over = (u) => {
      if (!what.over) return;
      what.over(u, shown(group, chart).map((row) => ({ ...row, alpha: alphaOf(group, row.series) })));
    };
    chart.plot = new uPlot(
      {
        width: chart.place.clientWidth,
        height: heightOf(what),
        padding: [what.top ?? null, (u) => nameRoom(group, u), null, null],
        legend: { show: false },
        scales: {
          x: what.xScale,
          y: { ...what.yScale, range: (u) => range(u, ...extent(group, chart, u)) },
        },
        axes: [what.xAxis(), what.yAxis],
        series: [
          {},
          ...what.rows.map(({ series, stroke }) => ({
            label: group.names[series],
            stroke,
            dash: dashOf(series),
            width: what.width ?? 1.75,
            show: !group.hidden.has(series),
            alpha: alphaOf(group, series),
            spanGaps: false,
            points: { show: what.points > 0, size: what.points ?? 5, fill: stroke },
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
          drawAxes: [bands],
          draw: [over, names],
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

  // Losses that fall by a large factor are easier to read on a logarithmic axis; bands of more than
  // a few would hide each other.
  for (const group of groups) {
    for (const chart of group.charts) {
      if (chart.log) chart.log.checked = chart.kind !== "rate";
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
