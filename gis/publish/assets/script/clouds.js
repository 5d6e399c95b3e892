// Numbered clouds around what changed, and what stands out when only changes are asked for.

const CHANGE = "#C2185B";
const PICKED = "#00A6D6";

// Of changes that are told together only a light trace shows: their clouds would lie over one another.
function paintClouds(ctx, view, comparison, active) {
  const mm = view.ppmm, together = new Set(trianglePlaces(view, comparison).flatMap((one) => one.groups || []));
  for (const group of comparison.groups) {
    if (!group.cloud.length || !inView(view, group)) continue;
    const picked = group.number === active;
    cloudPath(ctx, group.cloud, view, 6.5 * mm);
    ctx.lineJoin = "round";
    ctx.fillStyle = CHANGE;
    ctx.globalAlpha = picked ? 0.12 : 0.06;
    ctx.fill();
    if (!together.has(group)) {
      ctx.globalAlpha = 0.7;
      ctx.strokeStyle = "#FFFFFF";
      ctx.lineWidth = (picked ? 1.5 : 1.1) * mm;
      ctx.stroke();
    }
    ctx.globalAlpha = together.has(group) ? 0.55 : 1;
    ctx.strokeStyle = CHANGE;
    ctx.lineWidth = (picked ? 0.8 : together.has(group) ? 0.3 : 0.45) * mm;
    ctx.stroke();
  }
  ctx.globalAlpha = 1;
}

function inView(view, { box }) {
  const { k, ox, oy, w, h } = view, room = 40;
  return box[0] * k + ox < w + room && box[2] * k + ox > -room && -box[3] * k + oy < h + room && -box[1] * k + oy > -room;
}

function paintTriangles(ctx, view, comparison, active) {
  const places = trianglePlaces(view, comparison), last = places.find(({ group }) => group && group.number === active);
  for (const one of places) {
    if (one.groups) bundle(ctx, view, one);
    else if (one !== last) triangle(ctx, view, one, false);
  }
  if (last) triangle(ctx, view, last, true);
}

// Outward arcs of equal chord along a closed ring.
function cloudPath(ctx, ring, view, chord) {
  const points = [];
  for (let i = 0; i < ring.length; i += 2) points.push([ring[i] * view.k + view.ox, -ring[i + 1] * view.k + view.oy]);
  const side = turning(points) > 0 ? 0.4 : -0.4;
  const steps = resampled(points, chord);
  ctx.beginPath();
  steps.forEach(([x, y], i) => {
    if (!i) ctx.moveTo(x, y);
    const [nx, ny] = steps[(i + 1) % steps.length], dx = nx - x, dy = ny - y;
    ctx.bezierCurveTo(x + dx * 0.04 + dy * side, y + dy * 0.04 - dx * side, nx - dx * 0.04 + dy * side, ny - dy * 0.04 - dx * side, nx, ny);
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

const ASIDE = [[0, 0], [0, -1], [1, 0], [-1, 0], [0, 1], [1, -1], [-1, -1], [1, 1], [-1, 1], [0, -2], [2, 0], [-2, 0]];

const triangleSide = (view) => Math.max(17, 6.6 * view.ppmm * view.signs);

// Where the numbers stand, moved apart where they would cover one another, and off the pins where there is room.
// Where too many lie close together one sign counts them; looking nearer takes it apart.
function trianglePlaces(view, comparison) {
  const key = [view.k, view.ox, view.oy, view.w, view.h, view.ppmm, view.most, shown.group, ...shown.hidden].join();
  if (comparison.placed && comparison.placed.key === key) return comparison.placed.places;
  const side = triangleSide(view), placed = [], pins = pinBoxes(view, comparison.after);
  const { alone, bundles } = bundled(view, comparison.groups, side);
  for (const groups of bundles) {
    const x = mean(groups.map((one) => one.anchor[0])) * view.k + view.ox, y = -mean(groups.map((one) => one.anchor[1])) * view.k + view.oy;
    placed.push({ groups, x, y });
  }
  for (const group of alone) {
    const x = group.anchor[0] * view.k + view.ox, y = -group.anchor[1] * view.k + view.oy;
    const choices = ASIDE.map(([dx, dy]) => [x + dx * side * 1.05, y + dy * side * 0.95]);
    const apart = choices.filter(([a, b]) => !placed.some((p) => Math.abs(p.x - a) < side && Math.abs(p.y - b) < side * 0.9));
    const [a, b] = apart.slice(0, 4).find((place) => !pins.some((pin) => meet(pin, triangleBox(place, side)))) || apart[0] || choices[0];
    placed.push({ group, x: a, y: b });
  }
  comparison.placed = { key, places: placed };
  return placed;
}

const MANY = 60;

const mean = (list) => list.reduce((sum, value) => sum + value, 0) / list.length;

// Cells lie fast on the ground, so that nothing jumps while the map is moved. The open change always stands alone.
function bundled(view, groups, side) {
  const cells = new Map(), cell = (side * 4.2) / view.k, alone = [], bundles = [], most = groups.length > MANY ? view.most / 2 : view.most;
  for (const group of groups) {
    if (group.number === shown.group) alone.push(group);
    else if (inView(view, group)) {
      const key = group.anchor.map((c) => Math.floor(c / cell)).join();
      cells.set(key, [...(cells.get(key) || []), group]);
    }
  }
  for (const list of cells.values()) {
    if (list.length > most) bundles.push(list);
    else alone.push(...list);
  }
  return { alone: alone.sort((a, b) => a.number - b.number), bundles };
}

// How many changes lie here: a disc, as no single change has one.
function bundle(ctx, view, { groups, x, y }) {
  const text = String(groups.length), s = triangleSide(view), r = bundleRadius(view, groups);
  ctx.globalAlpha = 1;
  ctx.beginPath();
  ctx.arc(x, y, r + 1.5, 0, 7);
  ctx.fillStyle = "#FFFFFF";
  ctx.fill();
  for (const [radius, alpha] of [[r, 0.28], [r * 0.78, 1]]) {
    ctx.beginPath();
    ctx.arc(x, y, radius, 0, 7);
    ctx.globalAlpha = alpha;
    ctx.fillStyle = CHANGE;
    ctx.fill();
  }
  ctx.font = `700 ${s * (text.length > 2 ? 0.42 : 0.48)}px ${FONT}`;
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  ctx.fillStyle = "#FFFFFF";
  ctx.fillText(text, x, y + s * 0.03);
}

const bundleRadius = (view, groups) => triangleSide(view) * clamp(0.5 + Math.log10(groups.length) * 0.14, 0.6, 0.9);

// The box of a sign of either kind.
function signBox(view, { groups, x, y }) {
  if (!groups) return triangleBox([x, y], triangleSide(view));
  const r = bundleRadius(view, groups);
  return [x - r, y - r, x + r, y + r];
}

// Looking nearer at changes that are told together; where nearer is not possible the list tells them apart.
function openBundle(groups) {
  const boxes = groups.map((one) => one.box), far = map.getZoom() >= MOST_ZOOM - 0.5;
  if (far) showGroup(groups[0]);
  else goTo([0, 1, 2, 3].map((i) => Math[i < 2 ? "min" : "max"](...boxes.map((box) => box[i]))), 30);
  say(t("together", { n: groups.length, from: groups[0].number, to: groups[groups.length - 1].number }));
}

const triangleBox = ([x, y], side) => [x - side / 2, y - side * 0.55, x + side / 2, y + side * 0.35];

const meet = (a, b) => a[0] < b[2] && a[2] > b[0] && a[1] < b[3] && a[3] > b[1];

function triangle(ctx, view, { group, x, y }, active) {
  const text = String(group.number), s = triangleSide(view) * (active ? 1.25 : 1) * (text.length > 2 ? 1.22 : 1);
  ctx.save();
  ctx.globalAlpha = 1;
  ctx.translate(x, y);
  ctx.beginPath();
  polygon(ctx, [[0, -0.54], [0.5, 0.33], [-0.5, 0.33]], s);
  ctx.lineJoin = "round";
  ctx.strokeStyle = "#FFFFFF";
  ctx.lineWidth = 5;
  ctx.stroke();
  ctx.fillStyle = active ? CHANGE : "#FFFFFF";
  ctx.fill();
  ctx.strokeStyle = CHANGE;
  ctx.lineWidth = 2;
  ctx.stroke();
  ctx.font = `700 ${s * (text.length > 2 ? 0.33 : text.length > 1 ? 0.38 : 0.44)}px ${FONT}`;
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  ctx.fillStyle = active ? "#FFFFFF" : CHANGE;
  ctx.fillText(text, 0, s * 0.11);
  ctx.restore();
}

// Only changes: the plan recedes under a veil, and each change wears the colour and line of its kind.
function paintChanges(ctx, view, comparison, hidden) {
  ctx.globalAlpha = 0.66;
  ctx.fillStyle = "#F8F7F4";
  ctx.fillRect(0, 0, view.w, view.h);
  const changes = comparison.groups.flatMap((group) => group.changes).filter(([, place]) => !hidden.has(place));
  plan.layers.forEach((layer, place) => {
    const rows = changes.filter((c) => c[1] === place && c[3] !== null && c[0] !== "reshaped" && seen(layer, c[3], view)).map((c) => c[3]);
    if (rows.length) paintRows(ctx, view, layer, rows);
  });
  for (const [kind, place, before] of changes) {
    if (before !== null && kind === "moved") mark(ctx, view, place, before, "before");
  }
  for (const [kind, place, before, after] of changes) {
    const layer = plan.layers[place];
    if (kind === "reshaped" && layer.kind[after] === 3) markDifference(ctx, view, layer, before, after);
    else mark(ctx, view, place, after === null ? before : after, kind);
  }
  for (const [kind, place, before, after] of changes) {
    if (kind === "moved" && after !== null && before !== null) moveArrow(ctx, view, plan.layers[place], before, after);
  }
}

function mark(ctx, view, place, row, kind) {
  const layer = plan.layers[place];
  if (!seen(layer, row, view)) return;
  for (const part of plan.marks[kind]) paintPart(ctx, view, layer, row, part);
}

// Of a reshaped area only what it gained or lost is marked: both outlines filled together leave just that.
function markDifference(ctx, view, layer, before, after) {
  if (!seen(layer, after, view) && !seen(layer, before, view)) return;
  traced(ctx, layer, after, view, true);
  traced(ctx, layer, before, view, true, true);
  ctx.globalAlpha = 0.3;
  ctx.fillStyle = "#6A3D9A";
  ctx.fill("evenodd");
  ctx.globalAlpha = 0.9;
  ctx.fillStyle = hatch(ctx, view, { pattern: "diagonal", color: "#6A3D9A", spacing_mm: 1.5, width_mm: 0.2, angle_deg: 135 });
  ctx.fill("evenodd");
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
  ctx.strokeStyle = ctx.fillStyle = "#6A3D9A";
  ctx.globalAlpha = 1;
  ctx.lineWidth = 1.5;
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
