// Taking the map along as a picture, and the changes as a table for a spreadsheet.

function keep(blob, ending) {
  const link = el("a", { href: URL.createObjectURL(blob), download: `${fileName()}.${ending}` });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
  say(t("saved"));
}

// Letters and digits of the title and the revision; no system stumbles over the rest then.
function fileName() {
  const words = `${plan.title} ${revisionName(shown.revision)}`.normalize("NFC").match(/[\p{L}\p{N}]+/gu) || ["planboard"];
  return words.join("-").slice(0, 60);
}

function savePicture() {
  const drawn = paperMap(), { width, dpr } = PAPERS[paperShape(paperBox())], head = 54, foot = plan.picture && picture.on ? 26 : 8;
  const canvas = el("canvas", { width: drawn.width, height: drawn.height + (head + foot) * dpr }), ctx = canvas.getContext("2d");
  ctx.fillStyle = "#FFFFFF";
  ctx.fillRect(0, 0, canvas.width, canvas.height);
  ctx.drawImage(drawn, 0, head * dpr);
  ctx.scale(dpr, dpr);
  ctx.fillStyle = "#1F2328";
  ctx.textBaseline = "middle";
  ctx.font = `700 20px ${FONT}`;
  ctx.fillText(plan.title, 14, head / 2, width * 0.5);
  ctx.textAlign = "right";
  ctx.font = `500 14px ${FONT}`;
  const revision = plan.revisions[shown.revision];
  ctx.fillText([revisionName(shown.revision), revision.title, date(revision.date)].filter(Boolean).join(" · "), width - 14, head / 2, width * 0.45);
  if (foot > 8) ctx.fillText(t("picture_of", { name: plan.picture.attribution }), width - 14, canvas.height / dpr - foot / 2, width - 28);
  canvas.toBlob((blob) => keep(blob, "png"), "image/png");
}

// A cell that a spreadsheet would take for a formula gets an apostrophe; quotes are doubled.
function cell(words) {
  const text = String(words ?? "").replace(/[\r\n\t]+/g, " ");
  return `"${(/^[\s]*[=+\-@]/.test(text) ? "'" : "") + text.replace(/"/g, '""')}"`;
}

function changesTable(comparison) {
  const head = [t("place_number"), t("tab_changes"), t("answers_head"), t("reason_head")];
  const rows = comparison.groups.map((group) => [inWords(group.label), pick(group.title), joined(group.answers), [...group.reasons.map(pick), ...group.because].join(" · ")]);
  return `\ufeff${[head, ...rows].map((row) => row.map(cell).join(",")).join("\r\n")}\r\n`;
}

function saveTable() {
  keep(new Blob([changesTable(comparisonOf(shown.revision))], { type: "text/csv;charset=utf-8" }), "csv");
}

function saveButtons() {
  const comparison = comparisonOf(shown.revision);
  return el("div", { class: "saves" }, ["a4", "a3"].map((size) => button(t(`print_${size}`), { class: "act" }, () => printOn(size))), button(t("save_picture"), { class: "act" }, savePicture),
    comparison && comparison.groups.length ? button(t("save_table"), { class: "act" }, saveTable) : null);
}
