// On paper: the map redrawn for the sheet, its legend, the list of changes, how to comment.

const PAPERS = { wide: { width: 860, height: 694, dpr: 3 }, tall: { width: 760, height: 800, dpr: 3 } };

let printSize = "a4";

const MOST_ON_PAPER = 120; // numbers that a sheet has room for: on paper nobody can look nearer

// What is in sight is printed; the whole site where all of it is.
function paperBox() {
  const bounds = map.getBounds(), seen = [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()].map((m) => m * 100);
  const [west, south, east, north] = plan.extent, spare = (east - west) * 0.02;
  const all = seen[0] <= west + spare && seen[1] <= south + spare && seen[2] >= east - spare && seen[3] >= north - spare;
  return all ? [west - spare, south - spare, east + spare, north + spare] : seen;
}

// A site higher than wide gets upright paper.
function paperShape([west, south, east, north]) {
  return north - south > (east - west) * 1.15 ? "tall" : "wide";
}

function paperMap() {
  const [west, south, east, north] = paperBox(), { width, height, dpr } = PAPERS[paperShape([west, south, east, north])];
  const canvas = el("canvas", { width: width * dpr, height: height * dpr }), ctx = canvas.getContext("2d");
  const k = Math.min(width / (east - west), height / (north - south)), kept = pxPerMm;
  ctx.scale(dpr, dpr);
  try {
    pxPerMm = 3.2;
    const view = sizedView(k, width / 2 - ((west + east) / 2) * k, height / 2 + ((south + north) / 2) * k, width, height, dpr), comparison = comparisonOf(shown.revision);
    if (comparison && comparison.groups.length <= MOST_ON_PAPER) view.most = Infinity;
    paintView(ctx, view, { ...shown, picked: null });
  } finally {
    pxPerMm = kept;
  }
  paperScale(ctx, k, width, height);
  return canvas;
}

function paper() {
  const comparison = comparisonOf(shown.revision), revision = plan.revisions[shown.revision];
  const notice = $("foot").querySelector("dl");
  const head = [revisionName(shown.revision), revision.title, date(revision.date)].filter(Boolean).join(" · ");
  $("paper").className = `${printSize} ${paperShape(paperBox())}`;
  document.documentElement.classList.toggle("a3", printSize === "a3");
  fill($("paper"),
    el("div", { class: "sheet" },
      el("header", null, el("h1", null, own(plan.title)),
        el("p", null, own(head)),
        plan.newer ? el("p", { class: "stale" }, $("newer").querySelector("span").textContent) : null),
      el("div", { class: "drawn" }, paperMap()),
      el("aside", null, el("h2", null, t("tab_legend")), paperLegend(),
        notice ? [el("h2", null, t("comment")), notice.cloneNode(true)] : null,
        plan.picture && picture.on ? el("p", { class: "quiet" }, t("picture_of", { name: plan.picture.attribution })) : null)),
    comparison ? el("div", { class: "columns" },
      el("h2", null, t("tab_changes"), " ", el("small", null, own(`${plan.title} · ${head}`))), el("ol", null, comparison.groups.map((group) => el("li", { value: group.number },
        el("b", null, own(pick(group.title))), " ", el("small", null, inWords(group.label)), " ",
        group.reasons.map((reason, i) => el("span", { class: "why" }, `${group.answers[i]} `, own(pick(reason)))), group.because.map((reason) => el("span", { class: "why" }, own(reason)))))),
      comparison.quantities.length ? quantityTable(comparison) : null) : null);
}

// Every sign once; the same word for two signs is told apart by its layer.
function paperLegend() {
  const found = [...document.querySelectorAll("#pane-legend .keys li")].map((item) => {
    const layer = item.closest(".layer"), canvas = item.querySelector("canvas");
    return { words: item.textContent, layer: layer ? layer.querySelector("bdi").textContent : "", canvas, look: canvas.toDataURL() };
  });
  const looks = new Map();
  for (const { words, look } of found) looks.set(words, (looks.get(words) || new Set()).add(look));
  const single = found.filter((one, i) => found.findIndex((other) => other.words === one.words && other.look === one.look) === i);
  return el("ul", { class: "plain keys" }, single.map(({ words, layer, canvas }) => {
    const copy = el("canvas", { width: 92, height: 52, class: "swatch" });
    copy.getContext("2d").drawImage(canvas, 0, 0);
    return el("li", null, copy, looks.get(words).size > 1 && layer ? `${layer}${english ? ": " : "："}${words}` : words);
  }));
}

function printOn(size) {
  printSize = size;
  window.print();
}

function printed() {
  printSize = "a4";
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
