// Problem spots with what became of them.

let problemFilter = "all";

function problemsTab() {
  const spots = spotsOf(shown.revision), closed = spots.filter((spot) => spot.closed).length;
  if (!spots.length) {
    fill($("pane-problems"), el("p", { class: "quiet" }, t("no_problems")), commentList());
    return;
  }
  const chosen = spots.filter((spot) => problemFilter === "all" || spot.closed === (problemFilter === "closed"));
  fill($("pane-problems"),
    el("h2", null, t("problems_count", { n: spots.length, closed, open: spots.length - closed })),
    el("div", { class: "choice", role: "group", "aria-label": t("filter") }, ["all", "open", "closed"].map((key) => button(t(`filter_${key}`), { "aria-pressed": String(problemFilter === key) }, () => {
      problemFilter = key;
      problemsTab();
      $("pane-problems").querySelector(`.choice button:nth-child(${["all", "open", "closed"].indexOf(key) + 1})`).focus();
    }))),
    el("ul", { class: "plain spots" }, chosen.map(spotItem)), commentList());
}

// What people said, in the office's words, and what they were told.
function commentList() {
  const comments = plan.layers.flatMap((layer, place) => (layer.role === "comment" ? rowsOf(layer, shown.revision).map((row) => ({ layer, place, row, closed: isClosed(layer, row) })) : []));
  if (!comments.length) return null;
  const order = new Intl.Collator("zh", { numeric: true }), code = ({ layer, row }) => String(valueOf(layer, row, "code") ?? "");
  comments.sort((a, b) => order.compare(code(a), code(b)));
  return [
    el("h3", null, t("comments")),
    el("p", { class: "quiet" }, t("comments_count", { n: comments.length, closed: comments.filter((one) => one.closed).length })),
    el("ul", { class: "plain spots" }, comments.map(commentItem)),
  ];
}

function commentItem({ layer, place, row }) {
  const says = (id) => String(pick(valueOf(layer, row, id)) ?? "");
  const what = [signOf(layer, row), el("span", { class: "what" }, el("b", null, el("span", { class: "code" }, says("code")), " ", own(says("gist"))),
    el("span", { class: "why" }, own([says("outcome"), says("about") ? t("about_codes", { codes: says("about") }) : ""].filter(Boolean).join(" · "))))];
  return el("li", null, layer.kind[row] ? button(what, { class: "group" }, () => showFeature(place, row)) : el("div", { class: "group" }, what),
    says("reply") ? el("p", { class: "answer" }, own(says("reply"))) : null);
}

function spotItem(spot) {
  const { layer, row } = spot, says = (id) => { const f = fieldOf(layer, id), v = f ? value(layer, row, f) : null; return v === null ? "" : String(pick(v)); };
  const groups = groupsAnswering(spot.code, shown.revision), severity = Number(valueOf(layer, row, "severity")) || 0;
  return el("li", { class: spot.closed ? "closed" : null },
    button([
      signOf(layer, row),
      el("span", { class: "what" }, el("b", null, el("span", { class: "code" }, spot.code), " ", own(says("title"))),
        el("span", { class: "why" }, [says("category"), says("status")].filter(Boolean).join(" · "), " ",
          severity ? el("span", { class: "dots", role: "img", "aria-label": t("severity", { n: severity }) }, "●".repeat(severity), el("span", null, "○".repeat(Math.max(0, 5 - severity)))) : null)),
    ], { class: "group" }, () => showFeature(spot.place, spot.row)),
    says("answer") ? el("p", { class: "answer" }, own(says("answer"))) : null,
    groups.length ? el("p", { class: "belongs" }, groups.map(groupButton)) : null);
}

function signOf(layer, row) {
  const canvas = el("canvas", { width: 60, height: 72, class: "sign", "aria-hidden": "true" });
  const part = layer.style.rules[Math.max(0, layer.looks[layer.look[row]][0])].parts.find((one) => one.t === "marker");
  if (part) {
    const ctx = canvas.getContext("2d");
    ctx.scale(2, 2);
    if (PINS[part.shape]) drawMarker(ctx, part, 15, 33, 28, "", 3.8, 0);
    else drawMarker(ctx, part, 15, 17, 18, "", 3.8, 0);
  }
  return canvas;
}
