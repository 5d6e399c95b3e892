// The one canvas under Leaflet's panes, and what a click on it means.

const shown = { revision: 0, mode: "after", hidden: new Set(), clouds: true, group: null, picked: null, swipe: 0.5 };

// Signs and lines grow with the letters: large type and a wall screen enlarge the map's own words too.
let pxPerMm = 3.8;

function measureType() {
  pxPerMm = 3.8 * clamp(parseFloat(getComputedStyle(document.documentElement).fontSize) / 17, 1, 2.6);
}

function paintView(ctx, view, state) {
  const comparison = comparisonOf(state.revision);
  ctx.fillStyle = "#F4F2ED";
  ctx.globalAlpha = 1;
  ctx.fillRect(0, 0, view.w, view.h);
  if (pictureShown()) paintPicture(ctx, view);
  if (state.mode === "swipe" && comparison) {
    const edge = view.left + state.swipe * view.wide;
    clipped(ctx, 0, edge, view, () => paintPlan(ctx, view, comparison.before, state));
    clipped(ctx, edge, view.w, view, () => paintPlan(ctx, view, state.revision, state));
    divider(ctx, view, edge);
  } else {
    const revision = state.mode === "before" && comparison ? comparison.before : state.revision;
    const clouds = comparison && state.clouds && state.mode !== "before", changes = state.mode === "changes" && comparison;
    paintState(ctx, view, revision, state.hidden);
    if (changes) paintChanges(ctx, view, comparison, state.hidden);
    if (clouds) paintClouds(ctx, view, comparison, state.group);
    const numbers = clouds ? trianglePlaces(view, comparison).map((one) => signBox(view, one)) : [];
    paintLabels(ctx, changes ? { ...view, alpha: 0.55 } : view, revision, state.hidden, numbers);
    if (clouds) paintTriangles(ctx, view, comparison, state.group);
  }
  if (state.picked) outlineRow(ctx, view, plan.layers[state.picked[0]], state.picked[1], PICKED, []);
}

function paintPlan(ctx, view, revision, state) {
  paintState(ctx, view, revision, state.hidden);
  paintLabels(ctx, view, revision, state.hidden);
}

function clipped(ctx, from, to, view, draw) {
  ctx.save();
  ctx.beginPath();
  ctx.rect(from, 0, to - from, view.h);
  ctx.clip();
  draw();
  ctx.restore();
}

function divider(ctx, view, x) {
  ctx.globalAlpha = 1;
  ctx.fillStyle = "#FFFFFF";
  ctx.fillRect(x - 2.5, 0, 5, view.h);
  ctx.fillStyle = "#0B6E6E";
  ctx.fillRect(x - 1, 0, 2, view.h);
}

const FEW = 4; // changes that may stand beside one another as they are

function sizedView(k, ox, oy, w, h, dpr) {
  return { k, ox, oy, w, h, dpr, alpha: 1, reach: 30, left: 0, wide: w, most: FEW, ...paperSizes(k) };
}

// On a small screen that shows a whole site, lines are thinner and signs smaller than on paper; letters stay legible.
function paperSizes(px) {
  const k = (px * 3.8) / pxPerMm;
  const pen = clamp(0.55 + 24 * k, 0.62, 1);
  return { ppmm: pxPerMm * pen, signs: clamp(1.02 + k * 3, 1.02, 1.25), letters: (1.22 * clamp(0.76 + 12 * k, 0.84, 1)) / pen };
}

const pixelRatio = () => Math.min(2, window.devicePixelRatio || 1);

function sizedCanvas(canvas, wide, high) {
  const dpr = pixelRatio();
  if (canvas.width !== Math.round(wide * dpr) || canvas.height !== Math.round(high * dpr)) {
    canvas.width = Math.round(wide * dpr);
    canvas.height = Math.round(high * dpr);
    canvas.style.width = `${wide}px`;
    canvas.style.height = `${high}px`;
  }
  return canvas;
}

// Every picture covers its canvas, so nothing needs to shine through.
function paintOn(canvas, view) {
  const ctx = canvas.getContext("2d", { alpha: false });
  ctx.setTransform(view.dpr, 0, 0, view.dpr, 0, 0);
  paintView(ctx, view, shown);
}

const sameView = (a, b) => ["k", "ox", "oy", "w", "h", "dpr", "left", "wide", "ppmm"].every((name) => Math.abs(a[name] - b[name]) < 1e-9);

// Takes over the canvas of the first map; what is drawn there already is not drawn again.
function makePlanLayer(drawn) {
  return new (L.Renderer.extend({
    options: { padding: 0 },
    _initContainer() {
      this._container = drawn.canvas;
    },
    _destroyContainer() {
      this._container.remove();
      delete this._container;
    },
    _updatePaths() {},
    _update() {
      if (this._map._animatingZoom && this._bounds) return;
      L.Renderer.prototype._update.call(this);
      const size = this._bounds.getSize(), begin = !this.begun;
      L.DomUtil.setPosition(this._container, this._bounds.min);
      sizedCanvas(this._container, size.x, size.y);
      this.begun = true;
      if (!begin || !sameView(this.view(), drawn.view)) this.draw();
    },
    view() {
      const k = this._map.getZoomScale(this._map.getZoom(), 0) / 100, origin = this._map.getPixelOrigin(), { min } = this._bounds;
      const size = this._bounds.getSize(), view = sizedView(k, -origin.x - min.x, -origin.y - min.y, size.x, size.y, pixelRatio());
      view.left = this._map.containerPointToLayerPoint([0, 0]).x - min.x;
      view.wide = this._map.getSize().x;
      return view;
    },
    // The first map is no larger than the window; later there is some beyond its edges to pan into.
    widen() {
      this.options.padding = 0.25;
      this._update();
    },
    draw() {
      if (this._map && this._bounds) paintOn(this._container, this.view());
    },
  }))();
}

// The change number or the feature under a place in the map's pixels; pins and numbers first.
function hit(map, point) {
  const k = map.getZoomScale(map.getZoom(), 0) / 100, origin = map.latLngToContainerPoint([0, 0]);
  const view = { ...sizedView(k, origin.x, origin.y, map.getSize().x, map.getSize().y, 1) };
  const comparison = comparisonOf(shown.revision);
  if (comparison && shown.clouds && shown.mode !== "before" && shown.mode !== "swipe") {
    const near = trianglePlaces(view, comparison).find(({ x, y }) => Math.hypot(point.x - x, point.y - y) < Math.max(14, triangleSide(view) / 2));
    if (near) return near;
  }
  const x = (point.x - view.ox) / k, y = -(point.y - view.oy) / k, reach = 9 / k;
  for (let place = plan.layers.length - 1; place >= 0; place -= 1) {
    const layer = plan.layers[place];
    if (shown.hidden.has(place) || layer.role === "boundary") continue;
    const row = hitLayer(layer, hitRevision(view, point.x), view, point, x, y, reach);
    if (row >= 0) return { place, row };
  }
  return null;
}

function hitRevision(view, px) {
  const comparison = comparisonOf(shown.revision);
  if (!comparison) return shown.revision;
  const left = shown.mode === "swipe" && px < shown.swipe * view.w;
  return shown.mode === "before" || left ? comparison.before : shown.revision;
}

function hitLayer(layer, revision, view, point, x, y, reach) {
  for (let row = layer.count - 1; row >= 0; row -= 1) {
    if (!layer.kind[row] || !shownIn(layer, row, revision)) continue;
    if (onPin(layer, row, view, point)) return row;
    const i = 4 * row, ground = groundWidth(layer, row) * 50 + reach;
    if (x < layer.box[i] - ground || x > layer.box[i + 2] + ground || y < layer.box[i + 1] - ground || y > layer.box[i + 3] + ground) continue;
    if (layer.kind[row] === 3 ? inside(layer, row, x, y) : edgeDistance(layer, row, x, y) <= ground) return row;
  }
  return -1;
}

function onPin(layer, row, view, point) {
  const rule = layer.looks[layer.look[row]][0];
  const part = rule >= 0 && layer.style.rules[rule].parts.find((one) => one.t === "marker" && (layer.kind[row] === 1 || one.on_all));
  if (!part) return false;
  const [x, y] = placeOf(layer, row), size = markerSize(view, layer, row, part);
  const up = size * (PINS[part.shape] || 0), dx = point.x - x * view.k - view.ox, dy = point.y + y * view.k - view.oy + up;
  return Math.hypot(dx, dy) < Math.max(11, size * 0.5);
}

function groundWidth(layer, row) {
  const field = fieldOf(layer, "width_m") || fieldOf(layer, "crown_m");
  return field ? Number(value(layer, row, field)) || 0 : 0;
}
