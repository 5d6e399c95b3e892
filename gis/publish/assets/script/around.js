// What changes around a building: the numbered changes whose things lie within reach, nearest first.

const AROUND_M = 40;

// Four numbers an edge. A point is an edge of no length.
function edgesOf(layer, row) {
  const edges = [], { starts, xs, ys } = plan;
  for (let p = layer.path[row]; p < layer.path[row + 1]; p += 1) {
    const end = starts[p + 1], closed = layer.kind[row] === 3;
    if (end - starts[p] === 1) edges.push(xs[starts[p]], ys[starts[p]], xs[starts[p]], ys[starts[p]]);
    for (let v = starts[p] + 1; v < end; v += 1) edges.push(xs[v - 1], ys[v - 1], xs[v], ys[v]);
    if (closed) edges.push(xs[end - 1], ys[end - 1], xs[starts[p]], ys[starts[p]]);
  }
  return Float64Array.from(edges);
}

// How far apart the boxes of two edges are at least.
function edgesApart(a, i, b, j) {
  const dx = Math.max(Math.min(b[j], b[j + 2]) - Math.max(a[i], a[i + 2]), Math.min(a[i], a[i + 2]) - Math.max(b[j], b[j + 2]), 0);
  const dy = Math.max(Math.min(b[j + 1], b[j + 3]) - Math.max(a[i + 1], a[i + 3]), Math.min(a[i + 1], a[i + 3]) - Math.max(b[j + 1], b[j + 3]), 0);
  return Math.max(dx, dy);
}

// Metres between two shapes; 0 where they touch or one lies in the other. A road counts from its kerb.
function shapeGap(a, rowA, b, rowB) {
  const [ax, ay] = placeOf(a, rowA), [bx, by] = placeOf(b, rowB);
  if ((a.kind[rowA] === 3 && inside(a, rowA, bx, by)) || (b.kind[rowB] === 3 && inside(b, rowB, ax, ay))) return 0;
  const mine = edgesOf(a, rowA), others = edgesOf(b, rowB);
  let least = Infinity;
  for (let i = 0; i < mine.length; i += 4) {
    for (let j = 0; j < others.length; j += 4) {
      if (edgesApart(mine, i, others, j) >= least) continue;
      const [x1, y1, x2, y2] = mine.subarray(i, i + 4), [u1, v1, u2, v2] = others.subarray(j, j + 4);
      if (crossing(x1, y1, x2, y2, u1, v1, u2, v2)) return 0;
      least = Math.min(least, segmentDistance(x1, y1, u1, v1, u2, v2), segmentDistance(x2, y2, u1, v1, u2, v2), segmentDistance(u1, v1, x1, y1, x2, y2), segmentDistance(u2, v2, x1, y1, x2, y2));
    }
  }
  return Math.max(0, least - groundWidth(b, rowB) * 50) / 100;
}

const turn = (ax, ay, bx, by, cx, cy) => (bx - ax) * (cy - ay) - (by - ay) * (cx - ax);

function crossing(ax, ay, bx, by, cx, cy, dx, dy) {
  return turn(ax, ay, bx, by, cx, cy) > 0 !== turn(ax, ay, bx, by, dx, dy) > 0 && turn(cx, cy, dx, dy, ax, ay) > 0 !== turn(cx, cy, dx, dy, bx, by) > 0;
}

// [[metres, group]] in reach of a feature, nearest first. A change that is only counted is as near as its rough place.
function changesAround(layer, row) {
  layer.around = layer.around || new Map();
  const key = `${shown.revision} ${row}`;
  if (!layer.around.has(key)) layer.around.set(key, foundAround(layer, row));
  return layer.around.get(key);
}

function foundAround(layer, row) {
  const comparison = comparisonOf(shown.revision), box = boxOf(layer, row);
  if (!comparison || !layer.kind[row]) return [];
  const near = [];
  for (const group of comparison.groups) {
    if (gap(box, group.box) > AROUND_M) continue;
    let least = group.changes.length ? Infinity : gap(box, group.box);
    for (const [, place, before, after] of group.changes) {
      const other = plan.layers[place], there = after === null ? before : after;
      if (other.kind[there] && gap(box, boxOf(other, there)) - groundWidth(other, there) / 2 < Math.min(least, AROUND_M)) least = Math.min(least, shapeGap(layer, row, other, there));
    }
    if (least <= AROUND_M) near.push([least, group]);
  }
  return near.sort((a, b) => a[0] - b[0] || a[1].number - b[1].number);
}

function aroundBlock(layer, row) {
  if (!comparisonOf(shown.revision)) return null;
  const near = changesAround(layer, row);
  return el("div", { class: "near" }, el("h3", null, t("near_changes", { n: AROUND_M })),
    near.length ? el("ul", { class: "plain" }, near.map(([metres, group]) => el("li", null, button([
      numberMark(group),
      el("span", { class: "what" }, own(pick(group.title)),
        el("small", null, [distanceText(metres), ...group.reasons.map(pick), ...group.because].join(" · "))),
    ], { class: "inline" }, () => showGroup(group))))) : el("p", { class: "quiet" }, t("near_none", { n: AROUND_M })));
}

const distanceText = (metres) => (metres < 1 ? t("right_here") : t("distance", { n: Math.round(metres) }));
