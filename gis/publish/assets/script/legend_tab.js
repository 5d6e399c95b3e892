// The legend, which is also the switch of every layer. Only what is on this revision's map is listed.

function legendTab() {
  const states = new Map(), groups = new Map();
  plan.layers.forEach((layer, place) => {
    const rows = rowsOf(layer, shown.revision);
    if (!rows.length) return;
    const heading = pick(layer.group);
    if (!groups.has(heading)) groups.set(heading, []);
    groups.get(heading).unshift(legendLayer(layer, place, rows, states));
  });
  fill($("pane-legend"), el("p", { class: "quiet" }, t("legend_hint")),
    comparisonOf(shown.revision) ? el("div", { class: "layer" }, toggle(t("clouds"), shown.clouds, (on) => { shown.clouds = on; planLayer.draw(); }), comparisonOf(shown.revision).groups.length > 4 ? el("p", { class: "quiet" }, t("together_hint")) : null) : null,
    pictureSwitch(),
    [...groups].reverse().map(([heading, layers]) => [el("h3", null, heading), layers]),
    comparisonOf(shown.revision) ? [el("h3", null, t("view_changes")), el("ul", { class: "plain keys" }, ["added", "removed", "moved", "changed"].map((kind) =>
      el("li", null, swatch(plan.layers[0], plan.marks[kind], 3), t(`mark_${kind}`))))] : null,
    states.size ? [el("h3", null, t("state_heading")), el("ul", { class: "plain keys" }, [...states.values()])] : null);
}

function legendLayer(layer, place, rows, states) {
  const used = new Map();
  for (const row of rows) {
    const [rule, ...overlays] = layer.looks[layer.look[row]];
    if (rule >= 0 && !used.has(rule)) used.set(rule, layer.kind[row]);
    for (const i of overlays) {
      const overlay = layer.style.overlays[i];
      if (!states.has(overlay.title[0])) states.set(overlay.title[0], legendKey(layer, overlay, layer.kind[row]));
    }
  }
  const keys = [...used].sort((a, b) => a[0] - b[0]).map(([rule, kind]) => legendKey(layer, layer.style.rules[rule], kind));
  return el("div", { class: "layer" },
    toggle([own(pick(layer.title)), " ", el("small", null, number(rows.length))], !shown.hidden.has(place), (on) => {
      if (on) shown.hidden.delete(place);
      else shown.hidden.add(place);
      planLayer.draw();
    }, t("show_layer", { layer: pick(layer.title) })),
    el("ul", { class: "plain keys" }, keys));
}

function toggle(label, on, change, spoken) {
  return el("label", { class: "toggle" }, el("input", { type: "checkbox", checked: on, "aria-label": spoken, onchange: (event) => change(event.target.checked) }), el("span", null, label));
}

function legendKey(layer, rule, kind) {
  const pin = rule.parts.find((part) => PINS[part.shape]);
  return el("li", null, pin ? swatch(layer, [pin], 1) : swatch(layer, rule.parts, kind), pick(rule.title));
}

// A swatch is painted by the map's own painter on a plan of one small feature.
function swatch(layer, parts, kind) {
  const canvas = el("canvas", { width: 92, height: 52, class: "swatch", "aria-hidden": "true" });
  const ctx = canvas.getContext("2d"), real = plan;
  ctx.scale(2, 2);
  const shapes = { 1: [[2300, -1300]], 2: [[300, -1300], [4300, -1300]], 3: [[500, -400], [4100, -400], [4100, -2200], [500, -2200]] };
  const points = shapes[kind] || shapes[3];
  const sample = { count: 1, kind: [kind], path: [0, 1], box: Int32Array.of(300, -2300, 4300, -300), opacity: 1, fields: layer.fields.map((_, i) => ({ column: [0], values: [sampleValue(parts, i)] })) };
  try {
    plan = { starts: [0, points.length], outer: [1], xs: points.map((p) => p[0]), ys: points.map((p) => p[1]) };
    const view = { ...sizedView(0.01, 0, 0, 46, 26, 2), signs: 1 };
    for (const part of parts) {
      if (PINS[part.shape]) view.oy = 10;
      paintPart(ctx, view, sample, 0, part);
    }
  } finally {
    plan = real;
  }
  return canvas;
}

function sampleValue(parts, i) {
  if (parts.some((part) => part.text_field === i)) return "";
  if (parts.some((part) => part.severity_field === i)) return 3;
  return parts.some((part) => part.size_field === i) ? 17 : 7;
}
