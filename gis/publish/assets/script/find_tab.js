// Find my building.

let index = [];

function findTab() {
  index = searchIndex(shown.revision);
  const input = el("input", { id: "query", type: "search", autocomplete: "off", enterkeyhint: "search", placeholder: t("find_example"), oninput: once(listFound), onkeydown: stepDown });
  fill($("pane-find"), el("label", { for: "query" }, t("find_label")), input,
    el("p", { id: "found-count", class: "quiet" }), el("ul", { id: "found", class: "plain rows" }));
  listFound();
}

function listFound() {
  const query = $("query").value.trim();
  const buildings = index.filter((one) => one.buildings);
  const found = query ? [...numberFound(query), ...searched(index, query, 20)] : buildings.slice(0, 400);
  const words = query ? (found.length ? t("find_count", { n: found.length }) : t("find_none", { q: query })) : t("find_all", { n: buildings.length });
  $("found-count").textContent = words;
  if (query) say(words);
  $("found").classList.toggle("grid", !query);
  fill($("found"), found.map((one) => el("li", null, foundButton(one, !query))));
}

// A number read off paper or the map: of a change or of any object.
function numberFound(query) {
  const key = query.normalize("NFKC").replace(/\s+/g, "").replace(/[‐–—−]/g, "-"), comparison = comparisonOf(shown.revision);
  const group = comparison && comparison.groups.find((one) => one.label.toLowerCase() === key.toLowerCase());
  if (group) return [{ group }];
  const object = objectNamed(key);
  return object ? [{ place: object[0], row: object[1] }] : [];
}

function foundButton(one, short) {
  if (one.group) return button([own(pick(one.group.title)), el("small", null, `${t("place_number")} ${one.group.label}`)], { class: "found" }, () => showGroup(one.group));
  const layer = plan.layers[one.place], households = valueOf(layer, one.row, "households");
  const near = !short && layer.role === "footprint" ? changesAround(layer, one.row).length : 0;
  const about = short ? null : el("small", null, [pick(layer.title), households ? t("households", { n: households }) : "", near ? t("near_count", { n: near }) : ""].filter(Boolean).join(" · "));
  return button([own(short ? one.name : spokenName(layer, one.row)), about], { class: "found" }, () => showFeature(one.place, one.row));
}

// From the field, Arrow Down and Enter go to the first answer.
function stepDown(event) {
  const first = $("found").querySelector("button");
  if (!first || (event.key !== "ArrowDown" && event.key !== "Enter")) return;
  event.preventDefault();
  listFound();
  const now = $("found").querySelector("button");
  if (event.key === "Enter") now.click();
  else now.focus();
}
