// On paper: the map redrawn for the sheet, its legend, the list of changes, how to comment.

const PAPER = { width: 1100, height: 660, dpr: 3 };

function paper() {
  const { width, height, dpr } = PAPER, bounds = map.getBounds(), comparison = comparisonOf(shown.revision);
  const canvas = el("canvas", { width: width * dpr, height: height * dpr });
  const ctx = canvas.getContext("2d");
  const west = bounds.getWest() * 100, east = bounds.getEast() * 100, south = bounds.getSouth() * 100, north = bounds.getNorth() * 100;
  const k = Math.min(width / (east - west), height / (north - south));
  ctx.scale(dpr, dpr);
  paintView(ctx, { ...sizedView(k, width / 2 - ((west + east) / 2) * k, height / 2 + ((south + north) / 2) * k, width, height, dpr), ppmm: 3.2 }, { ...shown, picked: null });
  paperScale(ctx, k, width, height);
  fill($("paper"),
    el("h1", null, own(plan.title)),
    plan.newer ? el("p", { class: "stale" }, $("newer").querySelector("span").textContent) : null,
    el("p", { class: "quiet" }, [revisionName(shown.revision), plan.revisions[shown.revision].title, date(plan.revisions[shown.revision].date)].filter(Boolean).join(" · ")),
    canvas,
    el("div", { class: "columns" },
      el("div", null, el("h2", null, t("tab_legend")), paperLegend()),
      comparison ? el("div", null, el("h2", null, t("tab_changes")), el("ol", null, comparison.groups.map((group) => el("li", { value: group.number },
        el("b", null, own(pick(group.title))), " ", el("small", null, group.label), " ",
        group.reasons.map((reason, i) => el("span", { class: "why" }, `${group.answers[i]} `, own(pick(reason)))), group.because.map((reason) => el("span", { class: "why" }, own(reason))))))) : null,
      comparison && comparison.quantities.length ? el("div", null, quantityTable(comparison)) : null));
  const notice = $("foot").querySelector("dl");
  if (plan.picture && picture.on) add($("paper"), [el("p", { class: "quiet" }, t("picture_of", { name: plan.picture.attribution }))]);
  if (notice) add($("paper"), [el("h2", null, t("comment")), notice.cloneNode(true)]);
}

function paperLegend() {
  const seen = new Map();
  for (const item of document.querySelectorAll("#pane-legend .keys li")) {
    if (seen.has(item.textContent)) continue;
    const copy = el("canvas", { width: 92, height: 52, class: "swatch" });
    copy.getContext("2d").drawImage(item.querySelector("canvas"), 0, 0);
    seen.set(item.textContent, el("li", null, copy, item.textContent));
  }
  return el("ul", { class: "plain keys" }, [...seen.values()]);
}

function paperScale(ctx, k, width, height) {
  const metres = [500, 200, 100, 50, 20, 10, 5].find((m) => m * 100 * k < 180) || 2, long = metres * 100 * k;
  const x = 16, y = height - 18;
  ctx.globalAlpha = 0.9;
  ctx.fillStyle = "#FFFFFF";
  ctx.fillRect(x - 8, y - 22, long + 70, 34);
  ctx.globalAlpha = 1;
  for (let i = 0; i < 4; i += 1) {
    ctx.fillStyle = i % 2 ? "#FFFFFF" : "#1F2328";
    ctx.fillRect(x + (long / 4) * i, y, long / 4, 5);
  }
  ctx.strokeStyle = ctx.fillStyle = "#1F2328";
  ctx.lineWidth = 0.8;
  ctx.strokeRect(x, y, long, 5);
  ctx.font = `500 11px ${FONT}`;
  ctx.textAlign = "left";
  ctx.textBaseline = "alphabetic";
  ctx.fillText("0", x - 2, y - 5);
  ctx.textAlign = "center";
  ctx.fillText(`${metres} m`, x + long, y - 5);
  ctx.textAlign = "left";
  ctx.fillText(`${t("north")} ▲`, x + long + 24, y + 4);
}
