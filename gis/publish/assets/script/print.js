// On paper: the map redrawn for the sheet, its legend, the list of changes, how to comment.

const PAPER = { width: 860, height: 694, dpr: 3 };

// What is in sight is printed; the whole site where all of it is.
function paperBox() {
  const bounds = map.getBounds(), seen = [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()].map((m) => m * 100);
  const [west, south, east, north] = plan.extent, spare = (east - west) * 0.02;
  const all = seen[0] <= west + spare && seen[1] <= south + spare && seen[2] >= east - spare && seen[3] >= north - spare;
  return all ? [west - spare, south - spare, east + spare, north + spare] : seen;
}

function paperMap() {
  const { width, height, dpr } = PAPER, [west, south, east, north] = paperBox();
  const canvas = el("canvas", { width: width * dpr, height: height * dpr }), ctx = canvas.getContext("2d");
  const k = Math.min(width / (east - west), height / (north - south)), kept = pxPerMm;
  ctx.scale(dpr, dpr);
  try {
    pxPerMm = 3.2;
    paintView(ctx, sizedView(k, width / 2 - ((west + east) / 2) * k, height / 2 + ((south + north) / 2) * k, width, height, dpr), { ...shown, picked: null });
  } finally {
    pxPerMm = kept;
  }
  paperScale(ctx, k, width, height);
  return canvas;
}

function paper() {
  const comparison = comparisonOf(shown.revision), revision = plan.revisions[shown.revision];
  const notice = $("foot").querySelector("dl");
  fill($("paper"),
    el("div", { class: "sheet" },
      el("header", null, el("h1", null, own(plan.title)),
        el("p", null, own([revisionName(shown.revision), revision.title, date(revision.date)].filter(Boolean).join(" · "))),
        plan.newer ? el("p", { class: "stale" }, $("newer").querySelector("span").textContent) : null),
      el("div", { class: "drawn" }, paperMap()),
      el("aside", null, el("h2", null, t("tab_legend")), paperLegend(),
        notice ? [el("h2", null, t("comment")), notice.cloneNode(true)] : null,
        plan.picture && picture.on ? el("p", { class: "quiet" }, t("picture_of", { name: plan.picture.attribution })) : null)),
    comparison ? el("div", { class: "columns" },
      el("h2", null, t("tab_changes")), el("ol", null, comparison.groups.map((group) => el("li", { value: group.number },
        el("b", null, own(pick(group.title))), " ", el("small", null, group.label), " ",
        group.reasons.map((reason, i) => el("span", { class: "why" }, `${group.answers[i]} `, own(pick(reason)))), group.because.map((reason) => el("span", { class: "why" }, own(reason)))))),
      comparison.quantities.length ? quantityTable(comparison) : null) : null);
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
