// Measuring and hitting shapes; centimetres throughout.

function ringArea(start, end) {
  let sum = 0;
  for (let i = start, j = end - 1; i < end; j = i, i += 1) {
    sum += (plan.xs[j] - plan.xs[i]) * (plan.ys[j] + plan.ys[i]);
  }
  return Math.abs(sum) / 2;
}

function areaOf(layer, row) {
  if (layer.kind[row] !== 3) return 0;
  let area = 0;
  for (let p = layer.path[row]; p < layer.path[row + 1]; p += 1) {
    area += (plan.outer[p] ? 1 : -1) * ringArea(plan.starts[p], plan.starts[p + 1]);
  }
  return area / 1e4;
}

function lengthOf(layer, row) {
  let length = 0;
  for (let p = layer.path[row]; p < layer.path[row + 1]; p += 1) {
    for (let v = plan.starts[p] + 1; v < plan.starts[p + 1]; v += 1) {
      length += Math.hypot(plan.xs[v] - plan.xs[v - 1], plan.ys[v] - plan.ys[v - 1]);
    }
  }
  return length / 100;
}

function inside(layer, row, x, y) {
  let within = false;
  for (let p = layer.path[row]; p < layer.path[row + 1]; p += 1) {
    const start = plan.starts[p], end = plan.starts[p + 1];
    for (let i = start, j = end - 1; i < end; j = i, i += 1) {
      const a = plan.ys[i], b = plan.ys[j];
      if (a > y !== b > y && x < ((plan.xs[j] - plan.xs[i]) * (y - a)) / (b - a) + plan.xs[i]) within = !within;
    }
  }
  return within;
}

function segmentDistance(x, y, ax, ay, bx, by) {
  const dx = bx - ax, dy = by - ay;
  const along = dx || dy ? clamp(((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy), 0, 1) : 0;
  return Math.hypot(x - ax - along * dx, y - ay - along * dy);
}

function edgeDistance(layer, row, x, y) {
  let nearest = Infinity;
  for (let p = layer.path[row]; p < layer.path[row + 1]; p += 1) {
    const start = plan.starts[p], end = plan.starts[p + 1];
    if (end - start === 1) nearest = Math.min(nearest, Math.hypot(x - plan.xs[start], y - plan.ys[start]));
    for (let v = start + 1; v < end; v += 1) {
      const d = segmentDistance(x, y, plan.xs[v - 1], plan.ys[v - 1], plan.xs[v], plan.ys[v]);
      nearest = Math.min(nearest, d);
    }
    if (layer.kind[row] === 3) {
      const d = segmentDistance(x, y, plan.xs[end - 1], plan.ys[end - 1], plan.xs[start], plan.ys[start]);
      nearest = Math.min(nearest, d);
    }
  }
  return nearest;
}

// A place surely on the feature: the widest stretch inside at half height, or the middle of the line.
function placeOf(layer, row) {
  layer.places = layer.places || new Map();
  if (!layer.places.has(row)) layer.places.set(row, foundPlace(layer, row));
  return layer.places.get(row);
}

function foundPlace(layer, row) {
  const kind = layer.kind[row], first = plan.starts[layer.path[row]];
  if (kind === 1) return [plan.xs[first], plan.ys[first]];
  if (kind === 2) return middleOfLine(layer, row);
  const [west, south, east, north] = layer.box.subarray(4 * row, 4 * row + 4);
  for (const part of [0.5, 0.4, 0.6, 0.25, 0.75]) {
    const y = south + (north - south) * part + 0.3;
    const x = widestMiddle(layer, row, y);
    if (x !== null) return [x, y];
  }
  return [(west + east) / 2, (south + north) / 2];
}

function widestMiddle(layer, row, y) {
  const cuts = [];
  for (let p = layer.path[row]; p < layer.path[row + 1]; p += 1) {
    const start = plan.starts[p], end = plan.starts[p + 1];
    for (let i = start, j = end - 1; i < end; j = i, i += 1) {
      const a = plan.ys[i], b = plan.ys[j];
      if (a > y !== b > y) cuts.push(((plan.xs[j] - plan.xs[i]) * (y - a)) / (b - a) + plan.xs[i]);
    }
  }
  cuts.sort((a, b) => a - b);
  let best = null, width = 0;
  for (let i = 0; i + 1 < cuts.length; i += 2) {
    if (cuts[i + 1] - cuts[i] > width) {
      width = cuts[i + 1] - cuts[i];
      best = (cuts[i] + cuts[i + 1]) / 2;
    }
  }
  return best;
}

function middleOfLine(layer, row) {
  let longest = [0, 0, 0];
  for (let p = layer.path[row]; p < layer.path[row + 1]; p += 1) {
    for (let v = plan.starts[p] + 1; v < plan.starts[p + 1]; v += 1) {
      const length = Math.hypot(plan.xs[v] - plan.xs[v - 1], plan.ys[v] - plan.ys[v - 1]);
      if (length > longest[0]) longest = [length, v, p];
    }
  }
  const v = longest[1];
  if (!v) return [plan.xs[plan.starts[layer.path[row]]], plan.ys[plan.starts[layer.path[row]]]];
  return [(plan.xs[v] + plan.xs[v - 1]) / 2, (plan.ys[v] + plan.ys[v - 1]) / 2, v];
}

// Distance between two features' boxes in metres: near enough for "changes around my building".
function gap(a, b) {
  const dx = Math.max(0, a[0] - b[2], b[0] - a[2]), dy = Math.max(0, a[1] - b[3], b[1] - a[3]);
  return Math.hypot(dx, dy) / 100;
}

function boxOf(layer, row) {
  return Array.from(layer.box.subarray(4 * row, 4 * row + 4));
}
