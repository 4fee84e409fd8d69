// What is drawn on the charts of a comparison besides their curves. `rows` are those of the curves
// that are shown, each with its `stroke`, `alpha` and `name`; `at` is its place among u.data,
// and the one under the pointer is `lit`.
const compareMarks = (() => {
  "use strict";
  const { colour } = chartTools;

  const font = (size) => `${size * uPlot.pxRatio}px system-ui, sans-serif`;

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
  const bands = (u, rows, asBars) =>
    inPlot(u, (ctx) => {
      for (const row of rows) {
        const at = u.data[0].map((x, i) => i).filter((i) => row.low[i] != null);
        const point = (i, values) => [u.valToPos(u.data[0][i], "x", true), u.valToPos(values[i], "y", true)];
        ctx.globalAlpha = row.alpha * (asBars ? 0.5 : 0.16);
        ctx.fillStyle = ctx.strokeStyle = row.stroke;
        ctx.lineWidth = 3 * uPlot.pxRatio;
        ctx.beginPath();
        if (asBars) {
          at.forEach((i) => { ctx.moveTo(...point(i, row.low)); ctx.lineTo(...point(i, row.high)); });
          ctx.stroke();
        } else {
          at.forEach((i) => ctx.lineTo(...point(i, row.low)));
          at.reverse().forEach((i) => ctx.lineTo(...point(i, row.high)));
          ctx.fill();
        }
      }
    });

  // Rising places at least `gap` apart between `low` and `high`, as near to those wanted as can be:
  // those that would overlap stand around the mean of where they want to be.
  const spread = (wanted, gap, low, high) => {
    const blocks = [];
    for (const y of wanted) {
      let block = { sum: y, count: 1 };
      const top = ({ sum, count }) => Math.max(low, Math.min(high - (count - 1) * gap, sum / count));
      while (blocks.length > 0 && blocks.at(-1).top + blocks.at(-1).count * gap > top(block)) {
        const above = blocks.pop();
        block = {
          sum: above.sum + block.sum - above.count * gap * block.count,
          count: above.count + block.count,
        };
      }
      blocks.push({ ...block, top: top(block) });
    }
    return blocks.flatMap(({ top, count }) => Array.from({ length: count }, (v, i) => top + i * gap));
  };

  // Names beside the ends of the curves, moved apart, a thin line from each to its curve unless that
  // has left the plot; where there is no room for all, that of the one that is highlighted.
  const line = 15;  // pixels
  const names = (u, rows) => {
    const { ctx, bbox } = u;
    const px = uPlot.pxRatio;
    const bottom = bbox.top + bbox.height;
    const crowded = (rows.length - 1) * line * px > bbox.height;
    const named = crowded ? rows.filter(({ lit }) => lit) : rows;
    const ends = named.flatMap((row) => {
      let i = row.drawn.length - 1;
      while (i >= 0 && (row.drawn[i] == null || u.data[0][i] > u.scales.x.max)) --i;
      if (i < 0) return [];
      const y = u.valToPos(row.drawn[i], "y", true);
      const seen = y >= bbox.top - 1 && y <= bottom + 1;
      return [{ row, seen, x: u.valToPos(u.data[0][i], "x", true), y }];
    });
    ends.sort((a, b) => a.y - b.y);
    const clamp = (y) => Math.max(bbox.top, Math.min(bottom, y));
    const labels = spread(ends.map(({ y }) => clamp(y)), line * px, bbox.top, bottom);
    ctx.save();
    ctx.font = font(12);
    ctx.textBaseline = "middle";
    ctx.textAlign = "left";
    ctx.setLineDash([]);
    ctx.lineJoin = "round";
    const left = bbox.left + bbox.width;
    ends.forEach(({ row, seen, x, y }, k) => {
      ctx.globalAlpha = row.alpha;
      ctx.strokeStyle = row.stroke;
      ctx.fillStyle = colour("--text");
      ctx.lineWidth = px;
      ctx.beginPath();
      if (seen) {
        ctx.moveTo(x + 3 * px, y);
        ctx.lineTo(left + 6 * px, y);
        ctx.lineTo(left + 26 * px, labels[k]);
        ctx.stroke();
      }
      ctx.lineWidth = 2.5 * px;
      ctx.beginPath();
      ctx.moveTo(left + 26 * px, labels[k]);
      ctx.lineTo(left + 34 * px, labels[k]);
      ctx.stroke();
      ctx.fillText(row.name, left + 38 * px, labels[k]);
    });
    ctx.restore();
  };

  // A cross at the upper edge where trials diverged, a ring at the best.
  const rings = (u, rows) => {
    const { ctx, bbox } = u;
    const px = uPlot.pxRatio;
    ctx.lineWidth = 2 * px;
    ctx.setLineDash([]);
    for (const row of rows) {
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
        const [x, y, r] = [place(i) + (row.series - rows.length / 2) * 2 * px, bbox.top + 6 * px, 4 * px];
        ctx.beginPath();
        ctx.moveTo(x - r, y - r); ctx.lineTo(x + r, y + r);
        ctx.moveTo(x - r, y + r); ctx.lineTo(x + r, y - r);
        ctx.stroke();
      }
    }
    ctx.globalAlpha = 1;
  };

  // The names of those who are first, above the plot, aslant where they are wider than a column.
  const aslant = (u, names) =>
    7.5 * Math.max(...names.map((n) => n?.length ?? 0)) + 8 > (u.width - 190) / names.length;
  const crown = (u, winners) => {
    const { ctx, bbox } = u;
    const px = uPlot.pxRatio;
    ctx.save();
    ctx.font = "600 " + font(12);
    ctx.fillStyle = colour("--text");
    const places = winners.map((winner, i) => u.valToPos(u.data[0][i], "x", true));
    const wide = aslant(u, winners);
    winners.forEach((winner, i) => {
      if (!winner || places[i] < bbox.left || places[i] > bbox.left + bbox.width) return;
      ctx.save();
      ctx.translate(places[i], bbox.top - 6 * px);
      if (wide) ctx.rotate(-Math.PI / 3.5);
      ctx.textAlign = wide ? "left" : "center";
      ctx.fillText(winner, 0, 0);
      ctx.restore();
    });
    ctx.restore();
  };

  return { bands, names, rings, crown, aslant };
})();
