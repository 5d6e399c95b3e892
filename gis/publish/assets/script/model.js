// What the lists and the map ask the data: what is visible, what it is called, what it says.

const SPOTS = ["drainage-spot", "traffic-spot"];
const CLOSED = ["answered", "done", "not-adopted"];

let plan = null;

function value(layer, row, field) {
  const index = field.column[row];
  return index < 0 ? null : field.values[index];
}

const fieldOf = (layer, id) => layer.fields.find((field) => field.id === id);

function valueOf(layer, row, id) {
  const field = fieldOf(layer, id);
  return field ? value(layer, row, field) : null;
}

const shownIn = (layer, row, revision) => layer.first[row] <= revision && revision <= layer.last[row];

function rowsOf(layer, revision) {
  const rows = [];
  for (let i = 0; i < layer.count; i += 1) if (shownIn(layer, i, revision)) rows.push(i);
  return rows;
}

// Fills a template; nothing at all if none of its fields has a value.
function filled(layer, row, template) {
  let any = !template.some((part) => typeof part === "number");
  const text = template.map((part) => {
    if (typeof part === "string") return part;
    const found = part < 0 ? measured(layer, row, part) : value(layer, row, layer.fields[part]);
    if (found === null) return "";
    any = true;
    return pick(found);
  });
  return any ? text.join("").replace(/\s+/g, " ").trim() : "";
}

function measured(layer, row, what) {
  return number(what === -1 ? areaOf(layer, row) : lengthOf(layer, row));
}

const nameOf = (layer, row) => filled(layer, row, layer.name) || pick(layer.title);

// A bare number of a building reads better as what people call it.
function spokenName(layer, row) {
  const name = nameOf(layer, row);
  return layer.role === "footprint" && /^\d+[A-Za-z]?$/.test(name) ? t("building", { n: name }) : name;
}

function valueText(field, found) {
  if (found === null) return t("empty");
  if (field.type === "date") return date(found);
  const text = String(pick(found));
  const unit = english && /[^\x20-\x7e²³µ°]/.test(field.unit) ? "" : field.unit;
  return unit ? `${text} ${unit}` : text;
}

const comparisonOf = (revision) => plan.comparisons.find((one) => one.after === revision) || null;

const revisionName = (index) => {
  const revision = plan.revisions[index];
  return revision.working ? t("working_short") : revision.label;
};

// The numbered change that holds a version, if there is one.
function groupOf(place, row, revision) {
  const comparison = comparisonOf(revision);
  if (!comparison) return null;
  return comparison.groups.find((g) => g.changes.some((c) => c[1] === place && (c[3] === row || c[2] === row))) || null;
}

function spotsOf(revision) {
  const found = [];
  plan.layers.forEach((layer, place) => {
    if (!SPOTS.includes(layer.role)) return;
    for (const row of rowsOf(layer, revision)) {
      const code = String(valueOf(layer, row, "code") ?? "");
      found.push({ layer, place, row, code, closed: isClosed(layer, row) });
    }
  });
  const order = new Intl.Collator("zh", { numeric: true });
  return found.sort((a, b) => order.compare(a.code, b.code));
}

// Every object's number in the revision that is shown, counted as gis/publish/numbering.py counts: from north to
// south, then west to east. A feature of another revision (swipe, before) has the number of that one.
function numberOf(place, row) {
  const layer = plan.layers[place], revision = shownIn(layer, row, shown.revision) ? shown.revision : layer.last[row];
  return `${numberLabel(revision)}-${numbersOf(layer, revision).get(row)}`;
}

const numberLabel = (revision) => plan.revisions[revision].label || "working";

// A number as people read it: that of a draft begins with the draft's name.
const inWords = (number) => number.replace(/^working-(?=\d+$)/, `${t("working_short")}-`);

function numbersOf(layer, revision) {
  layer.counted = layer.counted || new Map();
  if (!layer.counted.has(revision)) {
    const { box } = layer, rows = rowsOf(layer, revision);
    rows.sort((a, b) => box[4 * b + 3] - box[4 * a + 3] || box[4 * a] - box[4 * b] || box[4 * a + 1] - box[4 * b + 1] || box[4 * a + 2] - box[4 * b + 2]);
    layer.counted.set(revision, new Map(rows.map((row, i) => [row, layer.numbers[revision] + i])));
  }
  return layer.counted.get(revision);
}

// The feature of a number in the revision that is shown, as [place, row].
function numbered(number) {
  for (let place = 0; place < plan.layers.length; place += 1) {
    const layer = plan.layers[place], start = layer.numbers[shown.revision];
    if (number < start || number >= start + layer.count) continue;
    for (const [row, found] of numbersOf(layer, shown.revision)) if (found === number) return [place, row];
  }
  return null;
}

// The rule that a spot is drawn with tells whether it is closed: hollow signs carry a tick.
function isClosed(layer, row) {
  const rule = layer.looks[layer.look[row]][0];
  return rule >= 0 && layer.style.rules[rule].parts.some((part) => part.tick);
}

function groupsAnswering(code, revision) {
  const comparison = comparisonOf(revision);
  return comparison && code ? comparison.groups.filter((group) => group.answers.includes(code)) : [];
}
