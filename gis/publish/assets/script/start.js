// Reading the data, building the page once; a damaged file says so and leaves the still overview.

const { data, broken, rest } = window.planboard;
delete window.planboard;

let map = null;
let planLayer = null;

async function start() {
  const bytes = await data.catch(() => null);
  guarded(() => {
    plan = decode(bytes);
    begin();
  });
}

function guarded(work) {
  try {
    work();
  } catch {
    document.documentElement.classList.remove("live");
    $("app").hidden = true;
    $("still").hidden = false;
    broken();
  }
}

function begin() {
  words = plan.words;
  const asked = readFragment();
  const opens = asked.l || plan.language;
  english = opens ? opens === "en" : !/^zh\b/i.test(navigator.language || "zh");
  shown.revision = plan.revisions.length - 1;
  plan.layers.forEach((layer, place) => { if (!layer.visible) shown.hidden.add(place); });
  followFragment(asked);
  document.documentElement.classList.replace("opening", "live");
  document.documentElement.classList.add("live");
  $("still").hidden = true;
  $("app").hidden = false;
  wordFixedParts();
  header();
  viewSwitch();
  showTab("changes");
  firstMap();
  requestAnimationFrame(() => setTimeout(() => guarded(() => furnish(asked)), plan.vertices > LARGE ? 50 : 0));
}

const LARGE = 20000; // vertices: a search over so many is prepared when the reader has had a look

// The map is there; everything around it follows in the next breath.
function furnish(asked) {
  rest();
  makeMap();
  wordLists();
  listen();
  document.body.inert = false;
  if (asked.f) followFeature(asked.f);
  loadPicture();
  setTimeout(() => whenIdle(settle), plan.vertices > LARGE ? 250 : 0);
}

// The map and the first list are there; what is behind the other tabs follows, and what a search will ask for.
function settle(idle) {
  for (const work of unsettled()) {
    guarded(work);
    if (!idle || idle.timeRemaining() < 12) {
      whenIdle(settle);
      return;
    }
  }
  if ($("app").hidden) return;
  $("still").remove();
  planLayer.widen();
  document.documentElement.dataset.ready = "yes";
}

function* unsettled() {
  for (const name of TABS) if (stale.has(name)) yield () => buildTab(name);
  for (const layer of plan.layers) if (!layer.counted) yield () => numbersOf(layer, shown.revision);
  for (const layer of plan.layers) for (const field of layer.fields) if (!field.read) yield () => field.column;
}

function whenIdle(work) {
  if (window.requestIdleCallback) window.requestIdleCallback(work, { timeout: 1500 });
  else setTimeout(work, 200);
}

// The plan in sight at once, drawn by the map's own painter on the canvas that the map takes over.
function firstMap() {
  measureType();
  const { clientWidth: wide, clientHeight: high } = $("map"), { zoom, centre } = fitted(plan.extent, 0), scale = 2 ** zoom;
  const canvas = sizedCanvas(el("canvas", { "aria-hidden": "true" }), wide, high);
  const view = sizedView(scale / 100, -Math.round(centre[0] * scale - wide / 2), -Math.round(-centre[1] * scale - high / 2), wide, high, pixelRatio());
  $("map").append(canvas);
  paintOn(canvas, view);
  document.body.inert = true; // what the buttons do needs the library
  first = { canvas, view };
}

let first = null;

function makeMap() {
  const [west, south, east, north] = plan.extent.map((c) => c / 100), far = Math.max(east - west, north - south);
  map = L.map("map", {
    crs: L.CRS.Simple, zoomControl: false, attributionControl: false, zoomSnap: ZOOM_STEP, zoomDelta: 0.5, wheelPxPerZoomLevel: 110,
    minZoom: LEAST_ZOOM, maxZoom: MOST_ZOOM, zoomAnimation: !still(), fadeAnimation: !still(), maxBoundsViscosity: 0.6,
    maxBounds: [[south - far, west - far], [north + far, east + far]],
  });
  goTo(plan.extent, 0, true);
  planLayer = makePlanLayer(first);
  planLayer.addTo(map);
  L.control.scale({ imperial: false, maxWidth: 34 * pxPerMm }).addTo(map);
  $("stage").append(el("div", { id: "zoom" }), el("div", { id: "north" }), el("div", { id: "credit" }));
  map.on("click", (event) => {
    const found = hit(map, event.containerPoint);
    if (!found) closeDetails();
    else if (found.groups) openBundle(found.groups);
    else if (found.group) showGroup(found.group);
    else showFeature(found.place, found.row, true);
  });
  map.on("move", once(() => { if (shown.mode === "swipe") planLayer._update(); }));
}

function listen() {
  for (const name of TABS) $(`tab-${name}`).addEventListener("click", () => openTab(name));
  $("tabs").addEventListener("keydown", tabKeys);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && shown.picked) closeDetails();
  });
  $("swipe").querySelector("input").addEventListener("input", (event) => {
    shown.swipe = event.target.value / 100;
    redraw();
  });
  $("sheet").addEventListener("click", () => {
    const tall = $("panel").classList.toggle("tall");
    $("sheet").setAttribute("aria-expanded", String(tall));
    $("sheet").setAttribute("aria-label", t(tall ? "collapse" : "expand"));
  });
  window.addEventListener("resize", once(refit));
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", mapButtons);
  window.addEventListener("beforeprint", paper);
  window.addEventListener("afterprint", printed);
  window.addEventListener("hashchange", () => {
    const asked = readFragment();
    followFragment(asked);
    wordEverything();
    if (asked.f) followFeature(asked.f);
  });
}

const redraw = once(() => planLayer.draw());

start();
