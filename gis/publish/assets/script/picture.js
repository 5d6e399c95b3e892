// A picture below the plan. While it is shown the ground has no colour of its own and little veil.

const picture = { image: null, on: true };

const pictureShown = () => picture.image !== null && picture.on;

async function loadPicture() {
  if (!plan.picture) return;
  const { bytes, mime } = plan.picture;
  picture.image = await createImageBitmap(new Blob([bytes], { type: mime }));
  plan.picture.bytes = null;
  planLayer.draw();
}

function paintPicture(ctx, { k, ox, oy }) {
  const [west, south, east, north] = plan.picture.corners;
  ctx.globalAlpha = 1;
  ctx.imageSmoothingQuality = "high";
  ctx.drawImage(picture.image, west * k + ox, -north * k + oy, (east - west) * k, (north - south) * k);
}

function pictureSwitch() {
  if (!plan.picture) return null;
  return el("div", { class: "layer" }, toggle(t("picture"), picture.on, (on) => { picture.on = on; planLayer.draw(); }),
    el("p", { class: "quiet" }, t("picture_of", { name: plan.picture.attribution })));
}

// Whose picture it is stands on the map as long as it is there.
function pictureCredit() {
  fill($("credit"), plan.picture ? own(t("picture_of", { name: plan.picture.attribution })) : null);
  $("credit").hidden = !plan.picture;
}
