// The numbered list of changes, each with its reason; quantities; revisions.

function changesTab() {
  const revision = plan.revisions[shown.revision], comparison = comparisonOf(shown.revision);
  fill($("pane-changes"), revisionBlock(revision),
    comparison ? changeList(comparison) : el("p", { class: "quiet" }, t("first_revision")),
    comparison && comparison.quantities.length ? quantityTable(comparison) : null,
    plan.revisions.length > 1 ? revisionList() : null);
}

function revisionBlock(revision) {
  return el("div", { class: "revision" },
    el("h2", null, el("span", { class: "chip" }, revisionName(shown.revision)), own(revision.title || (revision.working ? t("working") : ""))),
    revision.date ? el("p", { class: "quiet" }, date(revision.date)) : null,
    revision.note ? el("p", { class: "note" }, own(revision.note)) : null);
}

function changeList(comparison) {
  const names = { before: revisionName(comparison.before), after: revisionName(comparison.after), n: comparison.groups.length };
  if (!comparison.groups.length) return el("p", { class: "quiet" }, t("no_changes", names));
  return [
    el("h3", null, t("compared", names)),
    el("p", { class: "quiet" }, t("changes_hint")),
    el("ol", { class: "groups" }, comparison.groups.map((group) => groupItem(group, comparison))),
  ];
}

function groupItem(group, comparison) {
  const open = shown.group === group.number;
  return el("li", { value: group.number, class: open ? "open" : null, id: `group-${group.number}` },
    button([
      numberMark(group),
      el("span", { class: "what" },
        el("b", null, own(pick(group.title))),
        group.reasons.map((reason, i) => el("span", { class: "why" }, el("span", { class: "code" }, group.answers[i]), " ", own(pick(reason)))),
        group.because.map((reason) => el("span", { class: "why" }, own(reason))),
      ),
    ], { class: "group", "aria-expanded": String(open) }, () => showGroup(group)),
    open ? el("div", { class: "more" }, el("p", { class: "number" }, inWords(group.label)),
      el("ul", null, changeLines(group, comparison)),
      group.withheld ? el("p", { class: "quiet" }, t("withheld", { n: group.withheld })) : null,
      commentButton(inWords(group.label), pick(group.title), group.box)) : null);
}

// The triangle of the map; read aloud it is a number like that of any list.
const numberMark = (group) => [el("span", { class: "mark", "aria-hidden": "true" }, String(group.number)), el("span", { class: "unseen" }, `${group.number}. `)];

const groupLabel = (group) => `${group.number}. ${pick(group.title)}${group.answers.length ? ` (${t("answers", { codes: joined(group.answers) })})` : ""}`;

// Equal sentences are said once with a count: fourteen new bays are one line.
function changeLines(group, comparison) {
  const lines = new Map();
  for (const change of group.changes) {
    const text = changeSentence(change, comparison);
    lines.set(text, (lines.get(text) || 0) + 1);
  }
  return [...lines].map(([text, count]) => el("li", null, own(text), count > 1 ? ` × ${count}` : ""));
}

function changeSentence([kind, place, before, after, distance, area, length]) {
  const layer = plan.layers[place], row = after === null ? before : after;
  const parts = [t(kind, { n: number(distance, 1) })];
  if (kind === "reshaped" && Math.abs(area) >= 1) parts.push(t("area_change", { n: signed(area) }));
  else if (kind === "reshaped" && Math.abs(length) >= 0.5) parts.push(t("length_change", { n: signed(length) }));
  if (before !== null && after !== null) parts.push(...fieldChanges(layer, before, after));
  return `${titleOf(layer, row)}${english ? ": " : "："}${parts.join(english ? "; " : "；")}`;
}

// What it is by the legend, then what it is called, unless one says the other already.
function titleOf(layer, row) {
  const [rule] = layer.looks[layer.look[row]], noun = rule < 0 ? pick(layer.title) : pick(layer.style.rules[rule].title), name = nameOf(layer, row);
  return name.includes(noun) || noun.includes(name) || name === pick(layer.title) ? (name === pick(layer.title) ? noun : name) : `${noun} ${name}`;
}

function fieldChanges(layer, before, after) {
  return layer.fields.filter((f) => f.column[before] !== f.column[after] && !QUIET_CHANGES.includes(f.id))
    .map((f) => t("from_to", { field: pick(f.title), a: valueText(f, value(layer, before, f)), b: valueText(f, value(layer, after, f)) }));
}

function showGroup(group) {
  const again = shown.group === group.number && !$("panel").classList.contains("has-card");
  closePopup();
  $("panel").classList.remove("has-card");
  shown.picked = null;
  shown.group = again ? null : group.number;
  if (shown.mode === "before") shown.mode = "after";
  openTab("changes");
  changesTab();
  viewSwitch();
  if (!again) goTo(group.box);
  planLayer.draw();
  const item = $(`group-${group.number}`);
  item.querySelector("button").focus({ preventScroll: true });
  item.scrollIntoView({ block: "nearest", behavior: still() ? "auto" : "smooth" });
  say(t("shown", { what: groupLabel(group) }));
  writeFragment();
}

function quantityTable(comparison) {
  return [
    el("h3", null, t("quantities")),
    el("table", { class: "numbers" },
      el("thead", null, el("tr", null, ["quantity", "before", "after", "difference"].map((key) => el("th", { scope: "col" }, t(key))))),
      el("tbody", null, comparison.quantities.map(([title, unit, before, after, decimals]) => el("tr", { class: after === before ? "same" : null },
        el("th", { scope: "row" }, pick(title), pick(unit) ? el("small", null, ` ${pick(unit)}`) : null),
        el("td", null, number(before, decimals)), el("td", null, number(after, decimals)),
        el("td", { class: "delta" }, after === before ? "–" : signed(after - before, decimals)))))),
  ];
}

function revisionList() {
  return [
    el("h3", null, t("revisions")),
    el("ol", { class: "timeline" }, plan.revisions.map((revision, i) => el("li", { class: i === shown.revision ? "now" : null },
      button([
        el("span", { class: "chip" }, revisionName(i)),
        el("span", null, own(revision.title || (revision.working ? t("working") : "")), el("small", null, date(revision.date)),
          i === plan.revisions.length - 1 ? el("small", null, t("published_now")) : null),
      ], { "aria-pressed": String(i === shown.revision) }, () => showRevision(i))))),
  ];
}
