// Drawing a state of the plan on a canvas, from the same style declarations as the program's own painter.
// A view says where: pixel = centimetre * k + ox, and -centimetre * k + oy; ppmm is pixels per paper millimetre.

function traced(ctx, layer, row, view, closed, more) {
  const { k, ox, oy } = view, { starts, xs, ys } = plan;
  if (!more) ctx.beginPath();
  for (let p = layer.path[row], last = layer.path[row + 1]; p < last; p += 1) {
    let v = starts[p];
    const end = starts[p + 1];
    ctx.moveTo(xs[v] * k + ox, -ys[v] * k + oy);
    for (v += 1; v < end; v += 1) ctx.lineTo(xs[v] * k + ox, -ys[v] * k + oy);
    if (closed) ctx.closePath();
  }
}

function seen(layer, row, view) {
  const { k, ox, oy, w, h, reach } = view, box = layer.box, i = 4 * row;
  return box[i] * k + ox < w + reach && box[i + 2] * k + ox > -reach && -box[i + 3] * k + oy < h + reach && -box[i + 1] * k + oy > -reach;
}

function visibleRows(layer, revision, view) {
  const rows = [];
  for (let i = 0; i < layer.count; i += 1) {
    if (layer.first[i] <= revision && revision <= layer.last[i] && layer.kind[i] && seen(layer, i, view)) rows.push(i);
  }
  return rows;
}

// Problem spots stay bright everywhere; everything else recedes outside the site.
function paintState(ctx, view, revision, hidden) {
  const paint = (layer, place) => {
    if (hidden.has(place)) return;
    const rows = visibleRows(layer, revision, view);
    if (rows.length) paintRows(ctx, view, layer, rows);
  };
  plan.layers.forEach((layer, place) => { if (!SPOTS.includes(layer.role)) paint(layer, place); });
  paintVeil(ctx, view, revision, hidden);
  plan.layers.forEach((layer, place) => { if (SPOTS.includes(layer.role)) paint(layer, place); });
}

function paintVeil(ctx, view, revision, hidden) {
  const place = plan.layers.findIndex((layer) => layer.role === "boundary"), layer = plan.layers[place];
  if (!layer || hidden.has(place)) return;
  for (const row of rowsOf(layer, revision)) {
    if (layer.kind[row] !== 3) continue;
    traced(ctx, layer, row, view, true);
    ctx.rect(-9, -9, view.w + 18, view.h + 18);
    ctx.globalAlpha = pictureShown() ? 0.3 : 0.6;
    ctx.fillStyle = "#F4F2ED";
    ctx.fill("evenodd");
    const [rule] = layer.looks[layer.look[row]];
    for (const part of rule < 0 ? [] : layer.style.rules[rule].parts) {
      if (part.t === "stroke") paintPart(ctx, view, layer, row, part);
    }
  }
}

// Part 0 of every feature lies under part 1 of any, and casings of overlays lie beside part 0,
// so that the edges of a road never cut the roads it meets.
function paintRows(ctx, view, layer, rows) {
  const rules = layer.looks.map(([rule]) => (rule < 0 ? [] : layer.style.rules[rule].parts));
  const overlays = layer.looks.map(([, ...over]) => over.flatMap((i) => layer.style.overlays[i].parts));
  const casings = overlays.map((parts) => parts.filter(isCasing)), rest = overlays.map((parts) => parts.filter((part) => !isCasing(part)));
  const paint = (parts, number) => {
    const inPass = parts.map((list) => list[number]), { look } = layer;
    for (const row of rows) {
      const part = inPass[look[row]];
      if (part) paintPart(ctx, view, layer, row, part);
    }
  };
  const paintAll = (parts, from) => {
    const passes = Math.max(0, ...parts.map((list) => list.length));
    for (let pass = from; pass < passes; pass += 1) paint(parts, pass);
  };
  paint(rules, 0);
  paintAll(casings, 0);
  paintAll(rules, 1);
  paintAll(rest, 0);
}

const isCasing = (part) => part.t === "stroke" && part.width_field >= 0 && part.width_mm !== 0;

function paintPart(ctx, view, layer, row, part) {
  ctx.globalAlpha = view.alpha * layer.opacity;
  const kind = layer.kind[row];
  if (part.t === "marker") {
    if (kind === 1 || part.on_all) paintMarker(ctx, view, layer, row, part);
  } else if (part.t === "fill" || part.t === "hatch") {
    if (kind === 3) paintArea(ctx, view, layer, row, part);
    else if (kind === 2 && part.width_field >= 0) paintBandHatch(ctx, view, layer, row, part);
  } else if (kind !== 1) {
    if (part.t === "stroke") paintStroke(ctx, view, layer, row, part);
    else if (view.k * 100 > 0.35) paintAlong(ctx, view, layer, row, part);
  }
}

const across = (layer, row, view) => (layer.box[4 * row + 2] - layer.box[4 * row] + layer.box[4 * row + 3] - layer.box[4 * row + 1]) * view.k;

// What is too small for an outline to tell anything.
const tiny = (layer, row, view) => across(layer, row, view) < 5.5;

function paintArea(ctx, view, layer, row, part) {
  const base = view.alpha * layer.opacity, small = tiny(layer, row, view);
  if (part.t === "fill" && layer.role === "boundary" && pictureShown()) return;
  if (part.t === "hatch") {
    if (small) return;
    traced(ctx, layer, row, view, true);
    ctx.fillStyle = hatch(ctx, view, part);
    ctx.fill("evenodd");
    return;
  }
  if (small) {
    ctx.fillStyle = part.color;
    const i = 4 * row, { box } = layer, { k } = view;
    ctx.fillRect(box[i] * k + view.ox, -box[i + 3] * k + view.oy, Math.max(1.2, (box[i + 2] - box[i]) * k), Math.max(1.2, (box[i + 3] - box[i + 1]) * k));
    return;
  }
  if (part.shadow && view.k * 100 > 0.5) {
    const off = 0.34 * view.ppmm;
    traced(ctx, layer, row, { ...view, ox: view.ox + off, oy: view.oy + off }, true);
    ctx.fillStyle = "rgba(74,66,56,.22)";
    ctx.fill("evenodd");
  }
  traced(ctx, layer, row, view, true);
  if (part.opacity !== undefined) ctx.globalAlpha = base * part.opacity;
  ctx.fillStyle = part.color;
  fillTraced(ctx, layer, row);
}

// Only what has holes or parts needs the dearer rule.
function fillTraced(ctx, layer, row) {
  if (layer.path[row + 1] - layer.path[row] > 1) ctx.fill("evenodd");
  else ctx.fill();
}

// A pattern over the band that a road covers.
function paintBandHatch(ctx, view, layer, row, part) {
  const ground = Number(value(layer, row, layer.fields[part.width_field])) || 0;
  if (!ground || tiny(layer, row, view)) return;
  traced(ctx, layer, row, view, false);
  ctx.lineCap = ctx.lineJoin = "round";
  ctx.lineWidth = ground * 100 * view.k;
  ctx.strokeStyle = hatch(ctx, view, part);
  ctx.stroke();
}

function paintStroke(ctx, view, layer, row, part) {
  const ground = part.width_m || (part.width_field >= 0 ? Number(value(layer, row, layer.fields[part.width_field])) || 0 : null);
  const edge = ((layer.kind[row] === 3 && part.outline_mm) || (part.width_mm ?? 0.25)) * view.ppmm;
  const rim = part.width_m && layer.kind[row] === 3 ? 0 : 2 * edge;
  const width = ground === null ? edge : ground * 100 * view.k + rim;
  if (!width || tiny(layer, row, view)) return;
  traced(ctx, layer, row, view, layer.kind[row] === 3);
  const round = part.round ?? true;
  ctx.lineCap = round && !part.dash ? "round" : "butt";
  ctx.lineJoin = "round";
  if (part.opacity !== undefined) ctx.globalAlpha = view.alpha * layer.opacity * part.opacity;
  ctx.lineWidth = Math.max(0.4, width);
  ctx.strokeStyle = part.color;
  if (part.dash && part.dash.length) {
    ctx.setLineDash(part.dash.map((mm) => mm * view.ppmm));
    ctx.stroke();
    ctx.setLineDash([]);
  } else ctx.stroke();
}

const hatches = new Map();

// Hatches are anchored to the ground, so that they stay put when the map moves.
function hatch(ctx, view, part) {
  const s = Math.max(3, part.spacing_mm === undefined ? 2 * view.ppmm : part.spacing_mm * view.ppmm) * 1.1;
  const key = [part.pattern, part.color, s, part.width_mm, view.dpr].join();
  if (!hatches.has(key)) hatches.set(key, hatchTile(ctx, view, part, s));
  const pattern = hatches.get(key);
  const turn = part.pattern === "diagonal" || part.pattern === "cross" ? -(part.angle_deg ?? 45) : 0;
  pattern.setTransform(new DOMMatrix().translate(view.ox, view.oy).rotate(turn).scale(1 / view.dpr));
  return pattern;
}

function hatchTile(ctx, view, part, s) {
  const size = Math.max(2, Math.round(s * view.dpr)), tile = document.createElement("canvas");
  const long = part.pattern === "wave" ? size * 3 : size;
  tile.width = long;
  tile.height = size;
  const c = tile.getContext("2d");
  c.strokeStyle = c.fillStyle = part.color;
  c.lineWidth = Math.max(0.7, (part.width_mm ?? 0.25) * view.ppmm) * view.dpr;
  c.beginPath();
  if (part.pattern === "dots") {
    c.arc(size / 2, size / 2, Math.max(0.8, (part.width_mm ?? 0.25) * view.ppmm * 0.6) * view.dpr, 0, 7);
    c.fill();
  } else if (part.pattern === "wave") {
    const m = size / 2, a = size * 0.3;
    c.moveTo(0, m);
    c.bezierCurveTo(long * 0.18, m - a * 2, long * 0.32, m - a * 2, long / 2, m);
    c.bezierCurveTo(long * 0.68, m + a * 2, long * 0.82, m + a * 2, long, m);
    c.stroke();
  } else {
    c.moveTo(0, size / 2);
    c.lineTo(size, size / 2);
    if (part.pattern === "cross") {
      c.moveTo(size / 2, 0);
      c.lineTo(size / 2, size);
    }
    c.stroke();
  }
  return ctx.createPattern(tile, "repeat");
}

// Arrow heads and crosses at equal steps along every path.
function paintAlong(ctx, view, layer, row, part) {
  const cross = part.t === "crosses";
  const spacing = (part.spacing_mm ?? (cross ? 5 : 18)) * view.ppmm, size = (part.size_mm ?? (cross ? 1.2 : 1.4)) * view.ppmm;
  ctx.strokeStyle = ctx.fillStyle = part.color;
  ctx.lineWidth = Math.max(0.8, (part.width_mm ?? 0.3) * view.ppmm);
  ctx.lineCap = "round";
  for (let p = layer.path[row]; p < layer.path[row + 1]; p += 1) {
    walk(p, layer.kind[row] === 3, view, spacing, (x, y, angle) => {
      ctx.save();
      ctx.translate(x, y);
      ctx.rotate(cross ? 0 : angle);
      cross ? crossSign(ctx, size) : arrowSign(ctx, size, part.chevron);
      ctx.restore();
    });
  }
}

function crossSign(ctx, s) {
  ctx.beginPath();
  SIGNS.cross(ctx, s);
  ctx.stroke();
}

function arrowSign(ctx, s, chevron) {
  ctx.beginPath();
  if (chevron) {
    ctx.moveTo(-s * 0.3, -s * 0.5);
    ctx.lineTo(s * 0.3, 0);
    ctx.lineTo(-s * 0.3, s * 0.5);
    ctx.stroke();
  } else {
    ctx.moveTo(s * 0.6, 0);
    ctx.lineTo(-s * 0.5, -s * 0.4);
    ctx.lineTo(-s * 0.5, s * 0.4);
    ctx.fill();
  }
}

function walk(path, closed, { k, ox, oy, w, h }, spacing, put) {
  const start = plan.starts[path], end = plan.starts[path + 1], count = end - start + (closed ? 1 : 0);
  const at = (i) => [plan.xs[start + (i % (end - start))] * k + ox, -plan.ys[start + (i % (end - start))] * k + oy];
  let total = 0;
  for (let i = 1; i < count; i += 1) total += Math.hypot(at(i)[0] - at(i - 1)[0], at(i)[1] - at(i - 1)[1]);
  const steps = Math.max(1, Math.round(total / spacing)), gap = total / steps;
  let next = gap / 2, gone = 0;
  for (let i = 1; i < count; i += 1) {
    const [ax, ay] = at(i - 1), [bx, by] = at(i), length = Math.hypot(bx - ax, by - ay);
    for (; length && next <= gone + length; next += gap) {
      const part = (next - gone) / length, x = ax + (bx - ax) * part, y = ay + (by - ay) * part;
      if (x > -20 && y > -20 && x < w + 20 && y < h + 20) put(x, y, Math.atan2(by - ay, bx - ax));
    }
    gone += length;
  }
}

function markerSize(view, layer, row, part) {
  if (part.size_field >= 0) {
    const ground = Number(value(layer, row, layer.fields[part.size_field]));
    if (ground) return Math.max(2, ground * 100 * view.k);
  }
  let size = (part.size_mm ?? 2) * view.ppmm * view.signs;
  if (part.severity_field >= 0) size *= SEVERITY_SIZE[clamp(severityOf(layer, row, part), 1, 5) - 1];
  return size;
}

const SEVERITY_SIZE = [0.84, 0.92, 1, 1.1, 1.22];
const severityOf = (layer, row, part) => Number(value(layer, row, layer.fields[part.severity_field])) || 3;

function paintMarker(ctx, view, layer, row, part) {
  const [x, y] = placeOf(layer, row);
  const text = part.text_field >= 0 ? pick(value(layer, row, layer.fields[part.text_field])) : null;
  const severity = part.severity_field >= 0 ? severityOf(layer, row, part) : 0;
  const size = markerSize(view, layer, row, part);
  drawMarker(ctx, part, x * view.k + view.ox, -y * view.k + view.oy, size, text === null ? "" : String(text), view.ppmm, severity);
}
