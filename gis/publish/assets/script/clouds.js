// Numbered clouds around what changed, and what stands out when only changes are asked for.

const CHANGE = "#C2185B";
const PICKED = "#00A6D6";

function paintClouds(ctx, view, comparison, active) {
  ctx.globalAlpha = 1;
  for (const group of comparison.groups) {
    cloudPath(ctx, view, group.cloud);
    ctx.fillStyle = CHANGE;
    ctx.globalAlpha = group.number === active ? 0.13 : 0.06;
    ctx.fill();
    ctx.globalAlpha = 1;
    ctx.strokeStyle = "#FFFFFF";
    ctx.lineWidth = (group.number === active ? 1.5 : 1.1) * view.ppmm;
    ctx.globalAlpha = 0.65;
    ctx.stroke();
    ctx.globalAlpha = 1;
    ctx.strokeStyle = CHANGE;
    ctx.lineWidth = (group.number === active ? 0.75 : 0.45) * view.ppmm;
    ctx.stroke();
  }
  const last = comparison.groups.find((group) => group.number === active);
  for (const group of comparison.groups) if (group !== last) triangle(ctx, view, group, false);
  if (last) triangle(ctx, view, last, true);
}

function cloudPath(ctx, view, ring) {
  const points = [];
  for (let i = 0; i < ring.length; i += 2) points.push([ring[i] * view.k + view.ox, -ring[i + 1] * view.k + view.oy]);
  const side = turning(points) > 0 ? 1 : -1;
  const steps = resampled(points, 5.5 * view.ppmm);
  ctx.beginPath();
  ctx.lineJoin = "round";
  steps.forEach(([x, y], i) => {
    if (!i) ctx.moveTo(x, y);
    const [nx, ny] = steps[(i + 1) % steps.length];
    const dx = (nx - x) * 0.58 * side, dy = (ny - y) * 0.58 * side;
    ctx.bezierCurveTo(x + dy, y - dx, nx + dy, ny - dx, nx, ny);
  });
  ctx.closePath();
}

function turning(points) {
  let sum = 0;
  points.forEach(([x, y], i) => {
    const [nx, ny] = points[(i + 1) % points.length];
    sum += x * ny - nx * y;
  });
  return sum;
}

function resampled(points, step) {
  const lengths = points.map(([x, y], i) => {
    const [nx, ny] = points[(i + 1) % points.length];
    return Math.hypot(nx - x, ny - y);
  });
  const total = lengths.reduce((a, b) => a + b, 0), count = Math.max(6, Math.round(total / step)), gap = total / count;
  const result = [];
  let next = 0, gone = 0;
  points.forEach(([x, y], i) => {
    const [nx, ny] = points[(i + 1) % points.length];
    for (; lengths[i] && next < gone + lengths[i] && result.length < count; next += gap) {
      const part = (next - gone) / lengths[i];
      result.push([x + (nx - x) * part, y + (ny - y) * part]);
    }
    gone += lengths[i];
  });
  return result;
}

function trianglePlace(view, group) {
  return [group.anchor[0] * view.k + view.ox + 4, -group.anchor[1] * view.k + view.oy - 8];
}

function triangle(ctx, view, group, active) {
  const [x, y] = trianglePlace(view, group), s = (active ? 8.2 : 6.6) * view.ppmm * view.signs;
  ctx.save();
  ctx.translate(x, y);
  ctx.beginPath();
  polygon(ctx, [[0, -0.56], [0.56, 0.42], [-0.56, 0.42]], s);
  ctx.lineJoin = "round";
  ctx.strokeStyle = "#FFFFFF";
  ctx.lineWidth = 5;
  ctx.stroke();
  ctx.fillStyle = active ? CHANGE : "#FFFFFF";
  ctx.fill();
  ctx.strokeStyle = CHANGE;
  ctx.lineWidth = 2;
  ctx.stroke();
  const text = String(group.number);
  ctx.font = `700 ${s * (text.length > 2 ? 0.32 : 0.42)}px ${FONT}`;
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  ctx.fillStyle = active ? "#FFFFFF" : CHANGE;
  ctx.fillText(text, 0, s * 0.14);
  ctx.restore();
}

// Only changes: the plan recedes under a veil; what is gone is dashed, what is there now is in full colour.
function paintChanges(ctx, view, comparison, hidden) {
  ctx.globalAlpha = 0.72;
  ctx.fillStyle = "#F7F6F3";
  ctx.fillRect(0, 0, view.w, view.h);
  for (const group of comparison.groups) {
    for (const [, place, before, after] of group.changes) {
      const layer = plan.layers[place];
      if (hidden.has(place) || after === null || !seen(layer, after, view)) continue;
      paintRows(ctx, view, layer, [after]);
      outlineRow(ctx, view, layer, after, CHANGE, before === null ? [] : [7, 3]);
    }
  }
  for (const group of comparison.groups) {
    for (const [kind, place, before, after] of group.changes) {
      const layer = plan.layers[place];
      if (hidden.has(place) || before === null || !seen(layer, before, view)) continue;
      if (kind === "removed" || kind === "reshaped" || kind === "moved") outlineRow(ctx, view, layer, before, "#3A3A3A", [3, 3]);
      if (kind === "moved" && after !== null) moveArrow(ctx, view, layer, before, after);
    }
  }
}

function outlineRow(ctx, view, layer, row, color, dash) {
  ctx.globalAlpha = 1;
  if (layer.kind[row] === 1) {
    const [x, y] = placeOf(layer, row);
    ctx.beginPath();
    ctx.arc(x * view.k + view.ox, -y * view.k + view.oy, 7, 0, 7);
  } else traced(ctx, layer, row, view, layer.kind[row] === 3);
  ctx.setLineDash([]);
  ctx.lineJoin = "round";
  ctx.strokeStyle = "rgba(255,255,255,.85)";
  ctx.lineWidth = 4;
  ctx.stroke();
  ctx.strokeStyle = color;
  ctx.lineWidth = 1.7;
  ctx.setLineDash(dash);
  ctx.stroke();
  ctx.setLineDash([]);
}

function moveArrow(ctx, view, layer, before, after) {
  const a = placeOf(layer, before), b = placeOf(layer, after);
  const ax = a[0] * view.k + view.ox, ay = -a[1] * view.k + view.oy, bx = b[0] * view.k + view.ox, by = -b[1] * view.k + view.oy;
  if (Math.hypot(bx - ax, by - ay) < 8) return;
  ctx.strokeStyle = ctx.fillStyle = CHANGE;
  ctx.lineWidth = 1.7;
  ctx.beginPath();
  ctx.moveTo(ax, ay);
  ctx.lineTo(bx, by);
  ctx.stroke();
  ctx.save();
  ctx.translate(bx, by);
  ctx.rotate(Math.atan2(by - ay, bx - ax));
  arrowSign(ctx, 9, false);
  ctx.restore();
}
