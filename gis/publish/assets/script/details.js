// What is public about one feature: a note at the place, or a card in the sheet on a phone.

const HIDDEN_FIELDS = ["answers"];
const QUIET_CHANGES = ["answers", "reason"];

function detailsOf(place, row) {
  const layer = plan.layers[place], group = groupOf(place, row, shown.revision);
  const rows = layer.fields.map((field) => [field, value(layer, row, field)]).filter(([f, v]) => v !== null && !HIDDEN_FIELDS.includes(f.id));
  const name = spokenName(layer, row);
  return [
    el("p", { class: "kind" }, own(pick(layer.title))),
    el("h2", { tabindex: "-1" }, own(name)),
    group ? el("p", { class: "belongs" }, groupButton(group)) : null,
    layer.role === "footprint" ? aroundBlock(layer, row) : null,
    el("dl", null, rows.map(([field, found]) => [
      el("dt", null, pick(field.title)), el("dd", null, own(valueText(field, found))),
    ]), el("dt", null, t("object_number")), el("dd", { class: "number" }, inWords(numberOf(place, row)))),
    photosOf(layer, row),
    SPOTS.includes(layer.role) ? answersTo(layer, row) : answerCodes(layer, row),
    commentButton(inWords(numberOf(place, row)), layer.role === "footprint" ? name : titleOf(layer, row), boxOf(layer, row)),
  ];
}

function photosOf(layer, row) {
  const found = layer.photos.find(([of]) => of === row);
  return found ? el("div", { class: "photos" }, found.slice(1).map((place) => photo(plan.photos[place], layer, row))) : null;
}

function photo(one, layer, row) {
  one.url = one.url || URL.createObjectURL(new Blob([one.bytes], { type: "image/jpeg" }));
  const words = one.caption || t("photo_of", { name: spokenName(layer, row) });
  return el("figure", null, el("img", { src: one.url, width: one.width, height: one.height, alt: words }), one.caption ? el("figcaption", null, own(one.caption)) : null);
}

function groupButton(group) {
  return button([el("span", { class: "mark" }, String(group.number)), `${t("place_number")} `, el("b", null, inWords(group.label))], { class: "inline" }, () => showGroup(group));
}

function answersTo(layer, row) {
  const groups = groupsAnswering(String(valueOf(layer, row, "code") ?? ""), shown.revision);
  return groups.length ? el("p", { class: "belongs" }, groups.map(groupButton)) : null;
}

function answerCodes(layer, row) {
  const codes = String(valueOf(layer, row, "answers") ?? "").split(/[,，、\s]+/).filter(Boolean);
  const spots = spotsOf(shown.revision).filter((spot) => codes.includes(spot.code));
  return spots.length ? el("ul", { class: "plain" }, spots.map((spot) => el("li", null, spotButton(spot)))) : null;
}

function spotButton(spot) {
  return button([el("b", null, spot.code), " ", own(String(pick(valueOf(spot.layer, spot.row, "title")) ?? ""))], { class: "inline" }, () => showFeature(spot.place, spot.row));
}

let popup = null;
let opener = null;

function showFeature(place, row, keepView) {
  const layer = plan.layers[place];
  if (!layer.kind[row]) return;
  opener = document.activeElement;
  shown.picked = [place, row];
  shown.group = null;
  if (shown.hidden.has(place)) {
    shown.hidden.delete(place);
    legendTab();
  }
  if (!keepView) goTo(boxOf(layer, row), undefined, true);
  card().querySelector("h2").focus({ preventScroll: true });
  planLayer.draw();
  say(t("shown", { what: spokenName(layer, row) }));
  writeFragment();
}

// What is told about the picked thing, in the language in force.
function card() {
  const [place, row] = shown.picked;
  const content = el("div", { class: "details", role: "group" }, button("×", { class: "close", "aria-label": t("close") }, closeDetails), detailsOf(place, row));
  closePopup();
  showCard(content);
  if (!narrow()) tag(plan.layers[place], row, place);
  return content;
}

// At the place only what it is called: the plan around it stays in sight, the rest is in the panel.
function tag(layer, row, place) {
  const [x, y] = placeOf(layer, row);
  const rule = layer.looks[layer.look[row]][0], pin = rule >= 0 && layer.style.rules[rule].parts.find((part) => PINS[part.shape]);
  popup = L.popup({ offset: [0, pin ? -markerSize(planLayer.view(), layer, row, pin) : 7], closeButton: false, autoPanPaddingTopLeft: [20, 70], autoPanPaddingBottomRight: [70, 20], className: "tag" });
  popup.setLatLng([y / 100, x / 100]).setContent(el("p", null, el("b", null, own(spokenName(layer, row))), el("small", null, inWords(numberOf(place, row))))).openOn(map);
}

function showCard(content) {
  fill($("card"), content);
  $("panel").classList.add("has-card");
  $("panel").classList.remove("tall");
}

function closePopup() {
  if (popup) popup.remove();
  popup = null;
}

function closeDetails() {
  if (!shown.picked) return;
  closePopup();
  $("panel").classList.remove("has-card");
  $("card").replaceChildren();
  shown.picked = null;
  planLayer.draw();
  // Lists are made anew in another language, and a link has no opener.
  const back = opener && opener !== document.body && document.contains(opener) ? opener : $(`tab-${tab}`);
  back.focus({ preventScroll: true });
  writeFragment();
}
