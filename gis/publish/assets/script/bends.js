// Names that follow a line around its bends, letter by letter, as gis/render/courses.py sets them.

const SHARES = [0.5, 0.25, 0.75, 0.05, 0.95];
const SHARPEST = 0.56; // neighbouring letters are turned against each other by no more, radians
const LEAST_CHORD = 0.8; // what winds more carries no words
const MOST_STEPS = 500; // a line of more vertices is no street

// Places for a name, each the middle of the whole with its letters; the font is set already.
function bentPlaces(ctx, view, layer, row, text, height, lift) {
  const letters = [...text], widths = letters.map((letter) => ctx.measureText(letter).width);
  const width = total(widths), way = wayOf(view, layer, row), spare = way ? way.length - width - height : -1;
  if (spare < 0) return [];
  return SHARES.map((share) => bent(way, height / 2 + spare * share, letters, widths, width, height, lift)).filter(Boolean);
}

// The longest path of a line in pixels, with the distance of each of its points from the first.
function wayOf({ k, ox, oy }, layer, row) {
  let best = null;
  for (let p = layer.path[row]; p < layer.path[row + 1]; p += 1) {
    const start = plan.starts[p], end = plan.starts[p + 1], xs = [], ys = [], at = [];
    if (end - start > MOST_STEPS) continue;
    for (let v = start; v < end; v += 1) {
      const x = plan.xs[v] * k + ox, y = -plan.ys[v] * k + oy, i = xs.length;
      at.push(i ? at[i - 1] + Math.hypot(x - xs[i - 1], y - ys[i - 1]) : 0);
      xs.push(x);
      ys.push(y);
    }
    const length = at[at.length - 1];
    if (xs.length > 1 && (!best || length > best.length)) best = { xs, ys, at, length };
  }
  return best;
}

function placeAt({ xs, ys, at }, away) {
  let i = at.findIndex((one) => one >= away);
  i = i < 0 ? at.length - 1 : Math.max(1, i);
  const part = (away - at[i - 1]) / (at[i] - at[i - 1] || 1);
  return [xs[i - 1] + (xs[i] - xs[i - 1]) * part, ys[i - 1] + (ys[i] - ys[i - 1]) * part];
}

function bent(way, start, letters, widths, width, height, lift) {
  const [x1, y1] = placeAt(way, start), [x2, y2] = placeAt(way, start + width), run = Math.hypot(x2 - x1, y2 - y1);
  if (run < LEAST_CHORD * width) return null;
  const upright = Math.abs(x2 - x1) <= 0.03 * run, back = upright ? y2 > y1 : x2 < x1, from = back ? start + width : start, hand = back ? -1 : 1;
  const set = [];
  let gone = 0, last = null;
  for (let i = 0; i < letters.length; i += 1) {
    const middle = gone + widths[i] / 2, half = 0.75 * Math.max(widths[i], height);
    const [ax, ay] = placeAt(way, from + hand * (middle - half)), [bx, by] = placeAt(way, from + hand * (middle + half));
    const angle = Math.atan2(by - ay, bx - ax), [x, y] = placeAt(way, from + hand * middle);
    if (last !== null && Math.abs(Math.atan2(Math.sin(angle - last), Math.cos(angle - last))) > SHARPEST) return null;
    set.push([letters[i], x + lift * Math.sin(angle), y - lift * Math.cos(angle), angle]);
    gone += widths[i];
    last = angle;
  }
  return [(x1 + x2) / 2, (y1 + y2) / 2, 0, set];
}
