// Around the map: revision, language, text size, ways of looking, tabs, and the state in the address.

const TABS = ["changes", "find", "problems", "legend"];
let tab = "changes";

function header() {
  const latest = plan.revisions.length - 1, revision = plan.revisions[shown.revision];
  fill($("published"), el("label", { class: "chip pick" }, el("span", { class: "unseen" }, t("revision")),
    el("select", { id: "revision", onchange: (event) => showRevision(Number(event.target.value)) },
      plan.revisions.map((one, i) => el("option", { value: i, selected: i === shown.revision }, [revisionName(i), date(one.date)].filter(Boolean).join(" · "))).reverse())),
    el("span", { class: "about" }, own(revision.title)));
  fill($("tools"),
    button("A", { id: "text-size", class: "tool", "aria-label": t("text_larger"), title: t("text_larger") }, largerText),
    button(t("language"), { id: "language", class: "tool", lang: english ? "zh-CN" : "en" }, () => setEnglish(!english)));
  const old = shown.revision !== latest;
  $("older").hidden = !old;
  fill($("older"), old ? [t("older_shown"), " ", button(revisionName(latest), { class: "inline" }, () => showRevision(latest))] : null);
  newerMark();
  document.title = [plan.title, revisionName(shown.revision)].join(" · ");
}

// The static mark says it in both languages; here it is said in the one in force.
function newerMark() {
  const mark = $("newer");
  if (!mark) return;
  const [label, title, on] = plan.newer, [words, link] = [mark.querySelector("span"), mark.querySelector("a")];
  fill(words, own(t("superseded", { name: [label, title, date(on)].filter(Boolean).join(" · ") })));
  if (link) fill(link, t("open_newer"));
}

let size = 0;

function largerText() {
  size = (size + 1) % 3;
  document.documentElement.className = ["", "large", "larger"][size];
  document.documentElement.classList.add("live");
  refit();
  say(t("text_size"));
}

function setEnglish(on) {
  english = on;
  wordEverything();
  if (shown.picked) card();
  $("language").focus();
  writeFragment();
}

function wordEverything() {
  wordFixedParts();
  header();
  viewSwitch();
  wordLists();
  planLayer.draw();
}

function wordLists() {
  stale = new Set(TABS);
  buildTab(tab);
  if (document.documentElement.dataset.ready) buildTabs();
  mapButtons();
  pictureCredit();
  footer();
  $("sheet").setAttribute("aria-label", t("expand"));
}

function showRevision(i) {
  shown.revision = i;
  shown.group = null;
  shown.picked = null;
  closePopup();
  $("panel").classList.remove("has-card");
  if (!comparisonOf(i)) shown.mode = "after";
  wordEverything();
  say(t("shown", { what: [revisionName(i), date(plan.revisions[i].date)].filter(Boolean).join(" ") }));
  writeFragment();
}

function viewSwitch() {
  const modes = comparisonOf(shown.revision) ? ["before", "after", "changes", "swipe"] : [];
  const labels = { before: "view_before", after: "view_after", changes: "view_changes", swipe: "view_swipe" };
  $("views").hidden = !modes.length;
  $("views").setAttribute("role", "group");
  $("views").setAttribute("aria-label", t("view"));
  fill($("views"), modes.map((mode) => button(t(labels[mode]), { "aria-pressed": String(shown.mode === mode), "data-mode": mode }, () => setMode(mode))));
  $("swipe").hidden = shown.mode !== "swipe";
}

function setMode(mode) {
  shown.mode = mode;
  viewSwitch();
  planLayer.draw();
  $("views").querySelector(`[data-mode=${mode}]`).focus();
  say($("views").querySelector(`[data-mode=${mode}]`).textContent);
  writeFragment();
}

// Lists are made when they are looked at, or once everything else is there.
const MAKE = { changes: () => changesTab(), find: () => findTab(), problems: () => problemsTab(), legend: () => legendTab() };
let stale = new Set();

function buildTab(name) {
  if (stale.delete(name)) MAKE[name]();
}

function buildTabs() {
  for (const name of TABS) buildTab(name);
}

function openTab(name) {
  buildTab(name);
  showTab(name);
}

function showTab(name) {
  tab = name;
  for (const one of TABS) {
    $(`tab-${one}`).setAttribute("aria-selected", String(one === name));
    $(`tab-${one}`).tabIndex = one === name ? 0 : -1;
    $(`pane-${one}`).hidden = one !== name;
  }
}

function tabKeys(event) {
  const step = { ArrowRight: 1, ArrowLeft: -1, Home: -TABS.indexOf(tab), End: TABS.length - 1 - TABS.indexOf(tab) }[event.key];
  if (step === undefined) return;
  event.preventDefault();
  openTab(TABS[(TABS.indexOf(tab) + step + TABS.length) % TABS.length]);
  $(`tab-${tab}`).focus();
}

function mapButtons() {
  fill($("zoom"),
    button("+", { "aria-label": t("zoom_in"), title: t("zoom_in") }, () => map.zoomIn()),
    button("−", { "aria-label": t("zoom_out"), title: t("zoom_out") }, () => map.zoomOut()),
    button(wholeSign(), { "aria-label": t("whole"), title: t("whole") }, () => goTo(plan.extent, 0)));
  fill($("north"), el("span", { "aria-hidden": "true" }, "▲"), t("north"));
}

function wholeSign() {
  const canvas = el("canvas", { width: 72, height: 72, "aria-hidden": "true" }), c = canvas.getContext("2d");
  c.scale(4, 4);
  c.lineWidth = 1.6;
  c.strokeStyle = getComputedStyle(document.body).color;
  c.lineCap = "round";
  for (const [x, y] of [[1, 1], [-1, 1], [-1, -1], [1, -1]]) {
    c.beginPath();
    c.moveTo(9 - x * 2, 9 - y * 6);
    c.lineTo(9 - x * 6, 9 - y * 6);
    c.lineTo(9 - x * 6, 9 - y * 2);
    c.stroke();
  }
  return canvas;
}

function footer() {
  const { notice } = plan, rows = [];
  const period = notice.from && notice.until ? t("from_until", { from: date(notice.from), until: date(notice.until) }) : notice.until ? t("until", { date: date(notice.until) }) : "";
  for (const [key, text] of [["office", pick(notice.office)], ["period", period], ["comment", pick(notice.how)], ["contact", pick(notice.contact)], ["address", notice.address]]) {
    if (text) rows.push(el("dt", null, t(key)), el("dd", null, own(text)));
  }
  fill($("foot"), rows.length ? [el("h3", null, t("comment")), el("dl", null, rows)] : null, saveButtons(),
    el("details", null, el("summary", null, t("about")), el("p", null, t("about_text")), el("p", null, t("keys")),
      el("p", null, t("leaflet")), el("pre", null, $("leaflet-licence").content.textContent)));
}

const LEAST_ZOOM = -14; // the whole plan fits, be it a district
const MOST_ZOOM = 5.5;
const ZOOM_STEP = 1 / 16; // so fine that a site fills its window, and exact in binary

// How much of the map's window lies under the view switch: nothing on a phone, where it has a row of its own.
function overMap() {
  const views = $("views").getBoundingClientRect();
  return views.height ? Math.max(0, views.bottom - $("map").getBoundingClientRect().top) : 0;
}

// Zoom and centre, in metres, at which a box fits into the map's window, clear of the buttons over it.
function fitted(box, padding) {
  const { clientWidth: wide, clientHeight: high } = $("map"), room = padding === undefined ? 60 : padding + 12;
  const left = Math.min(room, wide / 6), right = Math.min(Math.max(room, beside() ? 12.2 * pxPerMm : narrow() ? 0 : 15 * pxPerMm), wide / 5);
  const top = Math.min(overMap() + Math.max(room, 14), high / 3), bottom = Math.min(narrow() ? Math.max(room, beside() ? 26 : 46) : room, high / 6);
  const [west, south, east, north] = box.map((c) => c / 100);
  const scale = Math.min((wide - left - right) / (east - west), (high - top - bottom) / (north - south));
  const zoom = clamp(Math.floor(Math.log2(scale) / ZOOM_STEP + 1e-6) * ZOOM_STEP, LEAST_ZOOM, padding === undefined ? 2.25 : MOST_ZOOM);
  return { zoom, centre: [(west + east) / 2 + (right - left) / 2 / 2 ** zoom, (south + north) / 2 + (top - bottom) / 2 / 2 ** zoom] };
}

// What the map was last brought to, as long as the reader has not moved it.
let aim = null;

function goTo(box, padding, atOnce) {
  const { zoom, centre: [x, y] } = fitted(box, padding);
  aim = { box, padding, zoom, x, y };
  map.setView([y, x], zoom, { animate: !atOnce && !still() });
}

// The window or its letters have another size: what filled it fills it again.
function refit() {
  measureType();
  map.invalidateSize();
  const { lat, lng } = map.getCenter();
  if (aim && map.getZoom() === aim.zoom && Math.hypot(lng - aim.x, lat - aim.y) * 2 ** aim.zoom < 3) goTo(aim.box, aim.padding, true);
  redraw();
}

// The address carries the revision, the way of looking, the language and what is picked; nothing of it is ever inserted.
function writeFragment() {
  const parts = [`r=${encodeURIComponent(plan.revisions[shown.revision].label || "draft")}`];
  if (shown.mode !== "after") parts.push(`v=${shown.mode}`);
  if (english) parts.push("l=en");
  const picked = pickedName();
  if (picked) parts.push(`f=${encodeURIComponent(picked)}`);
  try {
    history.replaceState(null, "", `#${parts.join("&")}`);
  } catch {
    // Some viewers forbid it for files; the page works without.
  }
}

function pickedName() {
  const comparison = comparisonOf(shown.revision);
  if (shown.group && comparison) return comparison.groups.find((g) => g.number === shown.group).label;
  if (!shown.picked) return "";
  const [place, row] = shown.picked;
  return numberOf(place, row);
}

function readFragment() {
  const asked = {};
  for (const pair of location.hash.slice(1).split("&")) {
    const found = /^([rfvl])=([^=]{1,80})$/.exec(pair);
    try { if (found) asked[found[1]] = decodeURIComponent(found[2]); } catch { continue; }
  }
  return asked;
}

function followFragment(asked) {
  const revision = plan.revisions.findIndex((one) => (one.label || "draft") === asked.r);
  if (revision >= 0) shown.revision = revision;
  if (comparisonOf(shown.revision) && ["before", "after", "changes", "swipe"].includes(asked.v)) shown.mode = asked.v;
}

function objectNamed(name) {
  const starts = [`${numberLabel(shown.revision)}-`, `${revisionName(shown.revision)}-`], begin = starts.find((one) => name.toLowerCase().startsWith(one.toLowerCase()));
  const digits = begin ? name.slice(begin.length) : name;
  return /^\d{4,7}$/.test(digits) ? numbered(Number(digits)) : null;
}

// A change's or an object's number (R3-17, R3-1704), a problem's code (T03), or a building's number.
function followFeature(name) {
  const comparison = comparisonOf(shown.revision);
  const group = comparison && comparison.groups.find((g) => g.label === name);
  if (group) return showGroup(group);
  const spot = spotsOf(shown.revision).find((one) => one.code === name);
  if (spot) return showFeature(spot.place, spot.row);
  const object = objectNamed(name);
  if (object) return showFeature(...object);
  buildTab("find");
  const building = searched(index, name, 1)[0];
  return building && building.keys.includes(searchKey(name)) ? showFeature(building.place, building.row) : null;
}
