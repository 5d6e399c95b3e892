// Words on the map: the most important first, none over another.

function paintLabels(ctx, view, revision, hidden, before) {
  const scale = (pxPerMm * 10) / view.k, taken = [...(before || [])], wanted = [];
  plan.layers.forEach((layer, place) => {
    if (hidden.has(place)) return;
    const labels = layer.style.labels.filter((label) => !label.max_scale || scale <= label.max_scale || isNumber(layer, label));
    const pins = hasPins(layer);
    if (!labels.length && !pins) return;
    for (const row of visibleRows(layer, revision, view)) {
      if (pins) taken.push(pinBox(view, layer, row));
      for (const label of labels) wanted.push({ layer, row, label, priority: label.priority || 0, small: label.max_scale && scale > label.max_scale });
    }
  });
  wanted.sort((a, b) => b.priority - a.priority);
  ctx.lineJoin = "round";
  for (const one of wanted.slice(0, 3000)) paintLabel(ctx, view, one, taken);
}

// A building's number is what a resident looks for: it stands at any scale where it fits into its building.
const isNumber = (layer, label) => layer.role === "footprint" && label.template.length === 1 && label.template[0] === layer.number;

function fitsInside(view, layer, row, width, height) {
  const i = 4 * row, { box } = layer;
  return (box[i + 2] - box[i]) * view.k > width * 1.12 && (box[i + 3] - box[i + 1]) * view.k > height * 0.78;
}

const hasPins = (layer) => layer.style.rules.some((rule) => rule.parts.some((part) => PINS[part.shape]));

function pinBox(view, layer, row) {
  const rule = layer.looks[layer.look[row]][0];
  const part = rule >= 0 && layer.style.rules[rule].parts.find((one) => one.t === "marker");
  const [x, y] = placeOf(layer, row), size = part ? markerSize(view, layer, row, part) : 10;
  const px = x * view.k + view.ox, py = -y * view.k + view.oy;
  return [px - size * 0.4, py - size, px + size * 0.4, py];
}

// The pins of a revision; so many that nothing could keep clear of them count as none.
function pinBoxes(view, revision) {
  const boxes = [];
  plan.layers.forEach((layer, place) => {
    if (shown.hidden.has(place) || !hasPins(layer) || layer.count > MOST_PINS) return;
    for (const row of rowsOf(layer, revision)) if (layer.kind[row]) boxes.push(pinBox(view, layer, row));
  });
  return boxes;
}

const MOST_PINS = 400;

// Places within the window come first: a word that its edge cuts off helps nobody.
function inSight(view, spot, width, height) {
  const box = turnedBox(spot, width, height), right = view.left + view.wide;
  return box[2] < view.left || box[0] > right || (box[0] >= view.left && box[2] <= right);
}

function paintLabel(ctx, view, { layer, row, label, small }, taken) {
  if ((label.hide_when || []).some(([field, hidden]) => value(layer, row, layer.fields[field]) !== null && pick(value(layer, row, layer.fields[field])) === pick(hidden))) return;
  const text = filled(layer, row, label.template);
  if (!text) return;
  const height = Math.max(8.5, (label.size_mm ?? 2.5) * view.ppmm * view.letters);
  ctx.font = `${label.bold ? 700 : 500} ${height}px ${FONT}`;
  const width = ctx.measureText(text).width, air = layer.role === "footprint" ? 0 : height * AIR;
  if (small && !fitsInside(view, layer, row, width, height)) return;
  if (setWhereFree(ctx, view, labelPlaces(view, layer, row, label, width, height), text, label, [width, height, air], taken)) return;
  if (layer.kind[row] !== 2 || (label.placement !== "above" && label.placement !== "along")) return;
  const lift = label.placement === "above" ? height * 0.75 : 0;
  setWhereFree(ctx, view, bentPlaces(ctx, view, layer, row, text, height, lift), text, label, [width, height, air], taken);
}

// Words stand at the first place that is free, in sight before cut off by the window; whether there was one.
function setWhereFree(ctx, view, spots, text, label, [width, height, air], taken) {
  const whole = spots.filter((spot) => inSight(view, spot, width, height));
  for (const spot of whole.length ? whole : spots) {
    const boxes = boxesOf(spot, width, height);
    if (boxes.some((box) => taken.some((other) => meet(other, [box[0] - air, box[1] - air, box[2] + air, box[3] + air])))) continue;
    taken.push(...boxes);
    drawLabel(ctx, view, spot, text, label, height);
    return true;
  }
  return false;
}

const AIR = 0.42; // of a word's height, kept free around it: words that crowd are read by nobody

function labelPlaces(view, layer, row, label, width, height) {
  const [cx, cy, segment] = placeOf(layer, row), { k, ox, oy } = view;
  const x = cx * k + ox, y = -cy * k + oy;
  const lift = label.placement === "above" ? height * 0.75 : 0, along = lift || label.placement === "along";
  if (along && layer.kind[row] === 2) return alongPlaces(view, layer, row, segment, width, lift);
  if (label.placement === "end" && layer.kind[row] === 2) return endPlaces(view, layer, row, width, height);
  if (label.placement === "upper-right") {
    const i = 4 * row, right = layer.box[i + 2] * k + ox, top = -layer.box[i + 3] * k + oy;
    const room = Math.min((layer.box[i + 2] - layer.box[i]) * k, (layer.box[i + 3] - layer.box[i + 1]) * k);
    return room > height * 1.5 ? [[right - width / 2 - 3, top + height / 2 + 3, 0]] : [];
  }
  if (label.placement === "right" || (along && layer.kind[row] === 1)) {
    const off = width / 2 + 2.6 * view.ppmm;
    return [[x + off, y, 0], [x - off, y, 0], [x, y + height * 1.5, 0], [x, y - height * 1.5, 0]];
  }
  if (label.placement === "below") return [[x, y + height * 0.75, 0], [x + width / 2 + 8, y - height * 0.2, 0]];
  return centrePlaces(view, layer, row, x, y, width, height);
}

function centrePlaces(view, layer, row, x, y, width, height) {
  const i = 4 * row, w = (layer.box[i + 2] - layer.box[i]) * view.k, h = (layer.box[i + 3] - layer.box[i + 1]) * view.k;
  if (layer.kind[row] === 1) return [[x, y - height, 0], [x, y + height, 0]];
  if (w + h < 0.55 * (width + height)) return [];
  const dx = Math.max(0, w / 2 - width * 0.7), dy = Math.max(0, h / 2 - height);
  return [[x, y, 0], [x - dx * 0.55, y, 0], [x + dx * 0.55, y, 0], [x, y - dy * 0.6, 0], [x, y + dy * 0.6, 0]];
}

function alongPlaces(view, layer, row, segment, width, lift) {
  if (!segment) return [];
  const { k, ox, oy } = view, { xs, ys } = plan;
  const ax = xs[segment - 1] * k + ox, ay = -ys[segment - 1] * k + oy, bx = xs[segment] * k + ox, by = -ys[segment] * k + oy;
  if (Math.hypot(bx - ax, by - ay) < width * 1.1) return [];
  let angle = Math.atan2(by - ay, bx - ax);
  if (angle > Math.PI / 2 || angle <= -Math.PI / 2) angle += Math.PI;
  const dx = lift * Math.sin(angle), dy = -lift * Math.cos(angle);
  return [0.5, 0.3, 0.7].map((part) => [ax + (bx - ax) * part + dx, ay + (by - ay) * part + dy, angle]);
}

// Beside the last point, on the side to which the line leads.
function endPlaces(view, layer, row, width, height) {
  const { k, ox, oy } = view, { xs, ys } = plan, last = plan.starts[layer.path[row + 1]] - 1;
  const x = xs[last] * k + ox, y = -ys[last] * k + oy, off = (width / 2 + 4) * (xs[last] < xs[last - 1] ? -1 : 1);
  return [[x + off, y, 0], [x, y - height, 0], [x, y + height, 0], [x - off, y, 0]];
}

function turnedBox([x, y, angle], width, height) {
  const c = Math.abs(Math.cos(angle)), s = Math.abs(Math.sin(angle));
  const w = (width * c + height * s) / 2 + 1, h = (width * s + height * c) / 2 + 1;
  return [x - w, y - h, x + w, y + h];
}

// What words cover: of those around a bend each letter, of others the whole.
function boxesOf(spot, width, height) {
  const [, , , letters] = spot;
  return letters ? letters.map(([, x, y, angle]) => turnedBox([x, y, angle], height, height)) : [turnedBox(spot, width, height)];
}

function drawLabel(ctx, view, [x, y, angle, letters], text, label, height) {
  if (letters) {
    for (const [letter, ...at] of letters) drawLabel(ctx, view, at, letter, { ...label, under: true }, height);
    for (const [letter, ...at] of letters) drawLabel(ctx, view, at, letter, { ...label, halo: false }, height);
    return;
  }
  ctx.save();
  ctx.globalAlpha = view.alpha;
  ctx.translate(x, y);
  ctx.rotate(angle);
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  if (label.halo ?? true) {
    ctx.strokeStyle = "rgba(255,255,255,.92)";
    ctx.lineWidth = Math.max(2.4, height * 0.26);
    ctx.strokeText(text, 0, height * 0.04);
  }
  ctx.fillStyle = label.color || "#3A3A3A";
  if (!label.under) ctx.fillText(text, 0, height * 0.04);
  ctx.restore();
}
