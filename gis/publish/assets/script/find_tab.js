// Find my building.

let index = [];
let allBuildings = 0;

// All buildings stand in a list of their own, which a search only hides: a keystroke makes twenty answers, no more.
function findTab() {
  index = searchIndex(shown.revision);
  const buildings = index.filter((one) => one.buildings);
  allBuildings = buildings.length;
  const input = el("input", { id: "query", type: "search", autocomplete: "off", enterkeyhint: "search", placeholder: t("find_example"), oninput: listFound, onkeydown: stepDown });
  fill($("pane-find"), el("label", { for: "query" }, t("find_label")), input, el("p", { id: "found-count", class: "quiet" }),
    el("ul", { id: "found", class: "plain rows" }),
    el("ul", { id: "buildings", class: "plain grid" }, buildings.slice(0, MOST_BUILDINGS).map((one) => el("li", null, foundButton(one, true)))));
  listFound();
}

const MOST_BUILDINGS = 400;

function listFound() {
  const query = $("query").value.trim(), found = query ? [...numberFound(query), ...searched(index, query, 20)] : [];
  const all = t("find_all", { n: allBuildings });
  const words = query ? (found.length ? t("find_count", { n: found.length }) : t("find_none", { q: query })) : all;
  $("found-count").textContent = words;
  if (query) say(words);
  $("buildings").classList.toggle("off", query !== "");
  const lines = (part) => part.map((one) => el("li", null, foundButton(one, false)));
  fill($("found"), lines(found.slice(0, AT_ONCE)));
  const listed = $("found").firstChild;
  whenIdle(() => {
    if (!listed || $("found").firstChild !== listed) return;
    $("found").append(...lines(found.slice(AT_ONCE)));
    countAround(found);
  });
}

const AT_ONCE = 7; // answers in sight; the others follow when the keys rest

// How much changes around each answer takes a while to measure, so it is said once the answers stand.
function countAround(found) {
  const buttons = $("found").querySelectorAll("small");
  found.forEach(({ place, row, buildings }, i) => {
    const near = buildings ? changesAround(plan.layers[place], row).length : 0;
    if (near) buttons[i].append(` · ${t("near_count", { n: near })}`);
  });
}

// A number read off paper or the map: of a change or of any object.
function numberFound(query) {
  const key = query.normalize("NFKC").replace(/\s+/g, "").replace(/[‐–—−]/g, "-"), comparison = comparisonOf(shown.revision);
  const group = comparison && comparison.groups.find((one) => [one.label, inWords(one.label)].some((name) => name.toLowerCase() === key.toLowerCase()));
  if (group) return [{ group }];
  const object = objectNamed(key);
  return object ? [{ place: object[0], row: object[1], buildings: plan.layers[object[0]].role === "footprint" }] : [];
}

function foundButton(one, short) {
  if (one.group) return button([own(pick(one.group.title)), el("small", null, `${t("place_number")} ${inWords(one.group.label)}`)], { class: "found" }, () => showGroup(one.group));
  const layer = plan.layers[one.place], households = valueOf(layer, one.row, "households");
  const about = short ? null : el("small", null, [pick(layer.title), households ? t("households", { n: households }) : ""].filter(Boolean).join(" · "));
  return button([own(short ? one.name : spokenName(layer, one.row)), about], { class: "found" }, () => showFeature(one.place, one.row));
}

// From the field, Arrow Down and Enter go to the first answer.
function stepDown(event) {
  const first = $($("query").value.trim() ? "found" : "buildings").querySelector("button");
  if (!first || (event.key !== "ArrowDown" && event.key !== "Enter")) return;
  event.preventDefault();
  if (event.key === "Enter") first.click();
  else first.focus();
}
