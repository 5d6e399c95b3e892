// A comment as a short text: the number for the office, the rest for people.
// The program reads it back (gis/publish/comment_text.py); the words are the same there.

// Where something is, as a person would say it: beside which building, on which side.
function placeInWords(box) {
  const middle = [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2];
  let best = null;
  plan.layers.forEach((layer) => {
    if (layer.role !== "footprint") return;
    for (const row of rowsOf(layer, shown.revision)) {
      const name = spokenName(layer, row);
      if (!layer.kind[row] || name === pick(layer.title)) continue;
      const house = boxOf(layer, row), away = gap(house, box), off = Math.hypot(middle[0] - (house[0] + house[2]) / 2, middle[1] - (house[1] + house[3]) / 2);
      if (!best || away < best.away || (away === best.away && off < best.off)) best = { name, away, off, house };
    }
  });
  if (!best) return "";
  const side = sideOf(best.house, middle);
  if (!side) return t("place_at", { name: best.name });
  return t(best.away < 5 ? "place_side" : "place_away", { name: best.name, side: t(`side_${side}`), n: Math.round(best.away) });
}

// One of eight directions from a building, by how far outside each of its walls a place lies.
function sideOf([west, south, east, north], [x, y]) {
  const dx = x > east ? x - east : x < west ? x - west : 0, dy = y > north ? y - north : y < south ? y - south : 0;
  if (!dx && !dy) return "";
  const across = Math.abs(dx) > Math.abs(dy) * 0.42 ? (dx > 0 ? "e" : "w") : "", along = Math.abs(dy) > Math.abs(dx) * 0.42 ? (dy > 0 ? "n" : "s") : "";
  return along + across;
}

const bare = (text) => String(text).replace(/\s+/g, " ").trim();

function commentText(number, about, place) {
  const colon = t("comment_colon"), row = (label, text) => (bare(text) ? [`${label}${colon}${bare(text)}`] : []);
  const [left, right] = t("comment_brackets").split("…");
  const head = bare(number.replace(/[【】[\]［］〖〗]/g, " "));
  return [`${left}${t("comment_head")} ${head}${right}`, ...row(t("comment_estate"), plan.title), ...row(t("comment_about"), about),
    ...row(t("comment_place"), place), `${t("comment_words")}${colon}`].join("\n");
}

// A button that opens a field with the text: write a sentence behind it, copy, paste into any chat.
function commentButton(number, about, box) {
  const room = el("div", { class: "comment" });
  const open = button(t("copy_comment"), { class: "act", "aria-expanded": "false" }, () => {
    open.setAttribute("aria-expanded", "true");
    open.hidden = true;
    const place = placeInWords(box);
    writeComment(room, number, about, place === about ? "" : place);
  });
  room.append(open);
  return room;
}

function writeComment(room, number, about, place) {
  const field = el("textarea", { rows: 6, "aria-label": t("comment_field"), spellcheck: "false" });
  const done = el("p", { class: "quiet" }, t("comment_hint"));
  field.value = commentText(number, about, place);
  room.append(field, button(t("copy"), { class: "act strong" }, async () => {
    const copied = await copyText(field);
    done.textContent = t(copied ? "copied" : "copy_by_hand");
    say(done.textContent);
  }), done);
  while (field.scrollHeight > field.clientHeight && field.rows < 16) field.rows += 1;
  field.focus({ preventScroll: true });
  field.setSelectionRange(field.value.length, field.value.length);
  room.scrollIntoView({ block: "nearest" });
}

// Browsers that keep the clipboard to themselves leave the text selected.
async function copyText(field) {
  try {
    await navigator.clipboard.writeText(field.value);
    return true;
  } catch {
    field.focus();
    field.select();
    try { return document.execCommand("copy"); } catch { return false; }
  }
}
